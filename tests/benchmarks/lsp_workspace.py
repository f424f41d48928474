"""The language server on a whole workspace: `python -m tests.benchmarks.lsp_workspace FOLDER`.

The folder is Django's wheel, unpacked. Seconds from `initialized` until every closed file is reported, with nothing
kept and with the results of the run before; what a keystroke takes meanwhile and afterwards; memory of the process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.benchmarks.lsp_latency import SLOWING, letters, servers
from tests.protocol.client import CAPABILITIES, Client

PAUSE = 0.02  # seconds between two edits


def state_of(folder: str) -> dict[str, str]:
    """The environment of a server that keeps its results there."""
    return {"BACKEND_TEAM_STATE_DIR": folder}


def memory(client: Client) -> int:
    """The most memory the server's process had at a time (VmHWM, MiB); its workers are others."""
    status = Path(f"/proc/{client.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def wait(client: Client) -> tuple[float, dict[str, Any]]:
    """Seconds until the first look is over, and the status then."""
    begun = time.perf_counter()
    client.patience = 120
    found = client.wait(is_ready)
    return time.perf_counter() - begun, found["params"]


def looked_at(folder: Path, state: str) -> Client:
    """A server on the folder; prints how long its first look took."""
    client = Client(folder, state_of(state), servers()["ours"])
    client.initialize(capabilities=CAPABILITIES)
    seconds, status = wait(client)
    print(f"  {seconds:6.2f} s, {status['findings']:,} findings in {status['files']:,} files, {memory(client)} MiB")
    return client


def typed(client: Client, name: str, text: str, most: int, *, scanning: bool) -> list[float]:
    """Milliseconds of keystrokes in a document, so many pairs, or until the first look is over."""
    times = []
    for pair in letters(text, most):
        for edit in pair:
            begun = time.perf_counter()
            client.change(client.uri(name), edit)
            times.append((time.perf_counter() - begun) * 1e3)
            time.sleep(PAUSE)
        if scanning and any(is_ready(message) for message in client.unread):
            break
    return times


def is_ready(message: dict[str, Any]) -> bool:
    """Whether it says that the first look is over."""
    return message.get("method") == "backendTeam/status" and message["params"]["state"] == "ready"


def main(folder: Path) -> None:
    """Measure and print."""
    for name in SLOWING:
        os.environ.pop(name, None)
    django = folder / "django"
    options = django / "contrib" / "admin" / "options.py"
    name = str(options.relative_to(django))
    number = len(list(django.rglob("*.py")))
    print(f"\nWorkspace: {number:,} closed files; {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as state:
        print("cold (at most 6 s, at most 250 MiB)")
        looked_at(django, state).close()
        print("warm (at most 1.5 s)")
        looked_at(django, state).close()
    with tempfile.TemporaryDirectory() as state, closing(Client(django, state_of(state), servers()["ours"])) as client:
        text = options.read_text(encoding="utf-8")
        client.initialize(capabilities=CAPABILITIES)
        client.open(name, text)
        time.sleep(1)  # by then the scan has begun
        during = typed(client, name, text, 120, scanning=True)
        wait(client)
        time.sleep(1)
        after = typed(client, name, text, 60, scanning=False)
        print("keystrokes in options.py, 2,600 lines; medians in milliseconds")
        first, second = statistics.median(during), statistics.median(after)
        print(f"  during the scan {first:.1f} ({len(during)}), afterwards {second:.1f} ({len(after)})")
        print(f"  {first / second:.2f} times (at most 2); {memory(client)} MiB", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="Django's wheel, unpacked")
    main(parser.parse_args().folder)
