"""An hour's work in the language server: `python -m tests.benchmarks.lsp_replay [--edits 20000] [--seed 1]`.

Random edits with undo, saves, renames, changes by other tools and switches of branches. Prints whether the findings at
the end are those of a new server, how the memory of the server's process grew, and what was logged.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.protocol.replay import Player, workspace


def main() -> None:
    """Replay and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copies", type=int, default=10, help="of ten modules of the standard library")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "shop"
        workspace(folder, options.copies)
        player = Player(folder, Path(name) / "state", options.seed)
        try:
            begun = time.perf_counter()
            player.client.ready()
            memory: list[int] = []
            player.play(options.edits, lambda _: memory.append(player.memory()))
            player.mend()
            player.settle()
            seconds = time.perf_counter() - begun
            shown, wanted = player.shown(), player.from_scratch()
            code = player.client.finish()
            early, middle, late = max(memory[5:15]), max(memory[45:55]), max(memory[-10:])
            others = ", ".join(f"{number} {what}" for what, number in sorted(player.done.items()))
            print(f"{options.edits:,} edits, {others}; {seconds:.0f} s; {len(shown)} files with findings")
            print(f"same findings as from scratch: {'yes' if shown == wanted else 'NO'}")
            for uri in sorted(shown.keys() | wanted.keys()):
                _tell(Path(uri).name, json.loads(shown.get(uri, "[]")), json.loads(wanted.get(uri, "[]")))
            print(
                f"memory: {early / 1024:.1f} MiB after a tenth, {middle / 1024:.1f} after a half,"
                f" {late / 1024:.1f} at the end,"
                f" {(late / early - 1) * 100:+.1f} % (at most 10 %)"
            )
            print(f"ended with {code}; log: {player.client.log.decode() or 'empty'}")
        finally:
            player.client.close()


def _tell(name: str, shown: list[Any], wanted: list[Any]) -> None:
    """Print what one of two lists of diagnostics has and the other has not."""
    for sign, some, others in (("+", shown, wanted), ("-", wanted, shown)):
        for item in [item for item in some if item not in others][:5]:
            print(f"  {sign} {name}:{item['range']['start']['line'] + 1} {item.get('code')} {item['message']}")


if __name__ == "__main__":
    main()
