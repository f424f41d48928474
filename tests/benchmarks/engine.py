"""Measure the engine on a file: `python tests/benchmarks/engine.py FILE [--lines 2600]`.

Prints what a full analysis costs and what an edit costs (letter in a function, new line, half-typed statement and its
completion), medians over places spread over the file. A file shorter than asked is repeated.
"""

from __future__ import annotations

import argparse
import ast
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.analysis import engine
from backend_team.analysis.module import Module, analyse
from backend_team.rules.load import load_rules
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 9
PLACES = 40


def milliseconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--lines", type=int, default=0)
    options = parser.parse_args()
    text = options.file.read_text(encoding="utf-8")
    while text.count("\n") < options.lines:
        text += text
    started = time.perf_counter()
    rules = load_rules()
    loaded = (time.perf_counter() - started) * 1000
    source = Source("module.py", text)
    analyse(source, rules)
    print(f"{options.file.name}: {text.count(chr(10))} lines, {len(rules)} rules (loaded in {loaded:.0f} ms)")
    parse = statistics.median(milliseconds(lambda: ast.parse(text)) for _ in range(REPEATS))
    full = statistics.median(milliseconds(lambda: analyse(source, rules)) for _ in range(REPEATS))
    print(f"full analysis {full:.1f} ms, of which ast.parse {parse:.1f} ms")
    module = Module(source, rules)
    print(f"{len(module.blocks)} blocks, {len(module.report.findings)} findings")

    places = [number * len(text) // (PLACES + 1) for number in range(1, PLACES + 1)]
    for name, inserted in (("letter", "q"), ("new line", "\n"), ("half-typed statement", "\nif x ==("), ("undo", None)):
        times = []
        for place in places:
            for known in engine._engines.values():  # what was seen before is not to be measured
                known._memo.clear()
            at = text.find("\n", place)
            edit = Edit(Span(at, at), "if y ==(" if inserted is None else inserted)
            back = Edit(Span(at, at + len(edit.text)), "")
            changed = source.edited([edit])
            forth = milliseconds(lambda changed=changed, edit=edit: module.edit(changed, [edit]))
            for known in engine._engines.values():
                known._memo.clear()
            home = milliseconds(lambda back=back: module.edit(source, [back]))
            times.append(home if inserted is None else forth)
        times.sort()
        print(f"{name:>21}: median {statistics.median(times):.2f} ms, p95 {times[int(PLACES * 0.95)]:.2f} ms")


if __name__ == "__main__":
    main()
