"""The language server for a person who types, beside `ruff server`: `python -m tests.benchmarks.lsp_latency FILE`.

Start, opening, keystrokes in the file and in one of 12,000 lines made of it, code actions. Both servers get the same
edits in turn, so that a busy machine is busy for both; milliseconds, medians. Ruff checks the rule families whose work
ours does and more.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion

FAMILIES = ["E", "F", "W", "I", "UP", "B", "SIM", "RET", "C4", "C90", "PIE", "PERF", "FURB", "RUF"]
SLOWING = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")  # what people run is compiled once
STARTS = 7
LONG = 12_000  # lines


def servers() -> dict[str, list[str]]:
    """What is measured: name and command."""
    ruff = Path(sys.executable).with_name("ruff")
    return {"ours": [sys.executable, "-m", "backend_team.lsp"], "ruff": [str(ruff), "server"]}


def longer(text: str, lines: int) -> str:
    """The text, then its functions and classes again and again under other names, until it has so many lines."""
    parts = [text]
    rest = text[re.search(r"^(?:class|def) ", text, flags=re.MULTILINE).start() :]  # type: ignore[union-attr]
    while sum(part.count("\n") for part in parts) < lines:
        names = rf"\1 \2_{len(parts)}"
        parts.append(re.sub(r"^(class|def) (\w+)", names, rest, flags=re.MULTILINE))
    return "\n\n".join(parts)


def half_typed(text: str, count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs over the whole file: a half-typed statement put in and taken away again."""
    spots = [number for number, line in enumerate(text.splitlines()) if line.startswith("    ") and "=" in line]
    step = max(1, len(spots) // count)
    return [(insertion(line, 4, "new = ("), insertion(line, 4, "", removed=7)) for line in spots[::step][:count]]


def letters(text: str, count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs over the whole file: a letter at the end of a name, taken away again."""
    rows = text.splitlines()
    spots = [(number, found.end()) for number, row in enumerate(rows) if (found := re.match(r" {8}\w+(?= = )", row))]
    step = max(1, len(spots) // count)
    return [(insertion(*spot, "x"), insertion(*spot, "", removed=1)) for spot in spots[::step][:count]]


@dataclass
class Seen:
    """What a server did: diagnostics and milliseconds at the opening, milliseconds of each edit by its kind."""

    diagnostics: int = 0
    opened: float = 0.0
    edits: dict[str, list[float]] = field(default_factory=dict)


def workspace(folder: Path, name: str, text: str) -> None:
    """A folder in which both servers do their work."""
    (folder / "ruff.toml").write_text(f"lint.select = {json.dumps(FAMILIES)}\n")
    (folder / "backend-team.toml").write_text('stand-down = "never"\n')  # both do all of the work
    (folder / name).write_text(text, encoding="utf-8")


def typed(name: str, text: str, count: int, pause: float) -> dict[str, Seen]:
    """Open a document in each server and type in it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workspace(folder, name, text)
        clients = {server: Client(folder, command=command) for server, command in servers().items()}
        try:
            found = {server: Seen() for server in clients}
            for server, client in clients.items():
                client.initialize(capabilities=CAPABILITIES)
                begun = time.perf_counter()
                found[server].diagnostics = len(client.open(name, text))
                found[server].opened = (time.perf_counter() - begun) * 1e3
            time.sleep(2)  # until what begins with the start is over
            for kind, pairs in (("letter", letters(text, count)), ("half-typed", half_typed(text, count))):
                for edit in (edit for pair in pairs for edit in pair):
                    for server, client in clients.items():
                        begun = time.perf_counter()
                        client.change(client.uri(name), edit)
                        found[server].edits.setdefault(kind, []).append((time.perf_counter() - begun) * 1e3)
                        time.sleep(pause)
            return found
        finally:
            for client in clients.values():
                client.close()


def show(name: str, text: str, count: int, pause: float, limit: str) -> None:
    """Print how both servers do with a text."""
    found = typed(name, text, count, pause)
    print(f"\n{name}, {len(text.splitlines()):,} lines")
    print("  server  diagnostics   kind         median     p95     max")
    for server, seen in found.items():
        for kind, times in seen.edits.items():
            median, late = statistics.median(times), sorted(times)[int(len(times) * 0.95) - 1]
            print(
                f"  {server:<8}{seen.diagnostics:>11}   {kind:<11}{median:>8.1f}{late:>8.1f}{max(times):>8.1f}"
                f"   p95 / median {late / median:.1f} (ours at most 2)"
            )
    for kind in found["ours"].edits:
        ours, theirs = (statistics.median(found[server].edits[kind]) for server in ("ours", "ruff"))
        print(f"  {kind}: {ours / theirs:.2f} x ruff ({limit})", flush=True)


def starts(name: str, text: str) -> None:
    """Print how long a start and the opening of the first document take, and what comes after it."""
    taken: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workspace(folder, name, text)
        for number in range(STARTS + 1):
            for server, command in servers().items():
                begun = time.perf_counter()
                with closing(Client(folder, command=command)) as client:
                    client.initialize(capabilities=CAPABILITIES)
                    answered = time.perf_counter()
                    client.open(name, text)
                    opened = time.perf_counter()
                    if number:  # the first one compiles
                        times = taken.setdefault(server, {})
                        times.setdefault("initialize", []).append((answered - begun) * 1e3)
                        times.setdefault("open", []).append((opened - answered) * 1e3)
    print(f"\nStart and first document, {name}; medians of {STARTS}")
    for server, times in taken.items():
        for what, values in times.items():
            limit = {"initialize": "at most 800", "open": "at most 150"}[what] if server == "ours" else ""
            print(f"  {server:<8}{what:<12}{statistics.median(values):>8.1f}   {limit}", flush=True)


def actions(name: str, text: str, count: int) -> None:
    """Print how long the list of code actions takes, and the edit of one."""
    listed: list[float] = []
    resolved: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workspace(folder, name, text)
        with closing(Client(folder, command=servers()["ours"])) as client:
            client.initialize(capabilities=CAPABILITIES)
            items = client.open(name, text)
            time.sleep(2)
            uri = client.uri(name)
            for item in items[: count + 1]:
                place_of = item["range"]["start"]
                begun = time.perf_counter()
                found = client.actions(uri, place_of["line"], place_of["character"])
                listed.append((time.perf_counter() - begun) * 1e3)
                fixes = [action for action in found if action.get("kind") == "quickfix" and "data" in action]
                if fixes:
                    begun = time.perf_counter()
                    with suppress(Refused):  # a fix that is withheld takes as long
                        client.request("codeAction/resolve", fixes[0])
                    resolved.append((time.perf_counter() - begun) * 1e3)
    print(f"\nCode actions, {name}; {len(listed)} lists, {len(resolved)} edits; the first edit starts a worker process")
    for what, values, limit in (("list", listed, 20), ("resolve", resolved[1:], 60)):
        late = sorted(values)[int(len(values) * 0.95) - 1]
        print(f"  {what:<8} median {statistics.median(values):6.1f}   p95 {late:6.1f}   (at most {limit})")
    print(f"  resolve, the first: {resolved[0]:.0f}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a Python file, for example Django's contrib/admin/options.py")
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two edits")
    options = parser.parse_args()
    for name in SLOWING:
        os.environ.pop(name, None)
    text = options.file.read_text(encoding="utf-8")
    name = options.file.name
    starts(name, text)
    show(name, text, options.edits, options.pause, "at most 0.8")
    show(f"long_{name}", longer(text, LONG), options.edits, options.pause, "at most 0.5")
    actions(name, text, 30)


if __name__ == "__main__":
    main()
