"""Keystroke to diagnostics, ours beside `ruff server`: `python -m tests.benchmarks.lsp_latency FILE`.

Both get the same edits in turn. Prints a table in milliseconds. Ruff checks the rule families whose work ours does
and more, in a folder of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.protocol.client import CAPABILITIES, Client, insertion

FAMILIES = ["E", "F", "W", "I", "UP", "B", "SIM", "RET", "C4", "C90", "PIE", "PERF", "FURB", "RUF"]


def servers() -> dict[str, list[str]]:
    """What is measured: name and command."""
    ruff = Path(sys.executable).with_name("ruff")
    return {"ours": [sys.executable, "-m", "backend_team.lsp"], "ruff": [str(ruff), "server"]}


def edits(text: str, count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs over the whole file: a half-typed statement put in and taken away again."""
    spots = [number for number, line in enumerate(text.splitlines()) if line.startswith("    ") and "=" in line]
    step = max(1, len(spots) // count)
    return [(insertion(line, 4, "new = ("), insertion(line, 4, "", removed=7)) for line in spots[::step][:count]]


def measure(path: Path, count: int, pause: float) -> dict[str, tuple[int, float, list[float]]]:
    """Per server: diagnostics and milliseconds at the opening, milliseconds of each edit."""
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ruff.toml").write_text(f"lint.select = {FAMILIES}\n")
        (folder / path.name).write_text(text, encoding="utf-8")
        clients = {name: Client(folder, command=command) for name, command in servers().items()}
        try:
            found: dict[str, tuple[int, float, list[float]]] = {}
            for name, client in clients.items():
                client.initialize(capabilities=CAPABILITIES)
                begun = time.perf_counter()
                items = client.open(path.name, text)
                found[name] = len(items), (time.perf_counter() - begun) * 1e3, []
            for pair in edits(text, count):
                for edit in pair:
                    for name, client in clients.items():
                        begun = time.perf_counter()
                        client.change(client.uri(path.name), edit)
                        found[name][2].append((time.perf_counter() - begun) * 1e3)
                        time.sleep(pause)
            return found
        finally:
            for client in clients.values():
                client.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a Python file, for example Django's contrib/admin/options.py")
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two edits")
    options = parser.parse_args()
    found = measure(options.file, options.edits, options.pause)
    print(f"{options.file.name}, {len(options.file.read_text(encoding='utf-8').splitlines())} lines; milliseconds")
    print("server  diagnostics    open    median     p95     max")
    for name, (number, opened, times) in found.items():
        times.sort()
        middle, late = statistics.median(times), times[int(len(times) * 0.95) - 1]
        print(f"{name:<8}{number:>11}{opened:>8.1f}{middle:>10.1f}{late:>8.1f}{times[-1]:>8.1f}")


if __name__ == "__main__":
    main()
