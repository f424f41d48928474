"""Measure the engine: `python -m tests.benchmarks.engine FILE [--lines 200 2600 …] [--cold FOLDER] [--rules FOLDER]`.

The file (Django's `contrib/admin/options.py`, say) is repeated with its definitions renamed, or cut, to texts of each
size. For each the full analysis and edits are timed, at places spread over the text: a letter in a statement, a new
line, a half-typed statement, and its completion. Every edit is timed twice: the engine alone (source, blocks, names),
and with its findings listed at their places. `--shape small` makes the text of many small functions instead.

`--cold` analyses a folder as a first scan does, `--rules` tells what each rule costs there. All in processor time, for
others may use the machine.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import re
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend_team.analysis import engine
from backend_team.analysis.blocks import Unparsable
from backend_team.analysis.module import Module, analyse
from backend_team.analysis.table import compile_table
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT, Settings
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from backend_team.analysis.table import Entry, NodeCheck, NodeRule
    from backend_team.findings import ModuleReport
    from backend_team.rules.model import RuleSet
    from backend_team.rules.pattern import Pattern

SIZES = (200, 1_000, 2_600, 12_000, 25_000, 50_000)
PLACES = 40
REPEATS = 5
SMALL = '''def step_{0}(rows, limit={0}):
    """Add up rows up to the limit."""
    return sum(row.size for row in rows if row.name != "{0}" and row.size <= limit)


'''
_DEFINITION = re.compile(r"^((?:def|class) +\w+|[A-Z_]+(?= =))", re.MULTILINE)


def milliseconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.process_time()
    action()
    return (time.process_time() - start) * 1000


def repeated(text: str, lines: int) -> str:
    """The text cut at a statement or repeated, its definitions renamed, to a number of lines."""
    starts = [0, *(found.start() for found in re.finditer(r"^(?=\S)", text, re.MULTILINE))]
    if text.count("\n") > lines:
        return text[: max(start for start in starts if text.count("\n", 0, start) <= lines)]
    parts = [text]
    count = each = text.count("\n")
    while count + each <= lines * 1.05:
        parts.append(_DEFINITION.sub(rf"\1_{len(parts)}", text))
        count += each
    return "".join(parts)


def small_functions(lines: int) -> str:
    """A text of many small functions."""
    return "".join(SMALL.format(number) for number in range(lines // SMALL.count("\n")))


def forget() -> None:
    """Drop what the engines remember: what was seen before is not to be measured."""
    for known in engine._engines.values():
        known._memo.clear()


def edits(text: str) -> Iterator[tuple[str, Edit]]:
    """Places spread over the text, at the end of a line within a statement, each with what is typed there."""
    for number in range(1, PLACES + 1):
        place = number * len(text) // (PLACES + 1)
        found = re.compile(r"^( +)\S[^\n#]*[\w)](?=\n)", re.MULTILINE).search(text, place)
        if found is not None:
            at = found.end()
            yield "letter", Edit(Span(at - 1, at - 1), "q")
            yield "new line", Edit(Span(at, at), "\n")
            yield "half-typed statement", Edit(Span(at, at), f"\n{found[1]}if x ==(")


def measure(text: str, rules: RuleSet) -> dict[str, list[tuple[float, float]]]:
    """By kind of edit: milliseconds of the engine alone, and with the findings."""
    source = Source("module.py", text)
    module = Module(source, rules)
    assert module.report.findings is not None
    assert source.lines.starts  # an editor needs them
    times: dict[str, list[tuple[float, float]]] = {}
    for name, edit in edits(text):
        back = Edit(Span(edit.span.start, edit.span.start + len(edit.text)), "")
        for kind, edit_ in ((name, edit), ("undo", back)):
            forget()
            start = time.process_time()
            module.edit(module.source.edited([edit_]), [edit_])
            alone = time.process_time()
            assert module.report.findings is not None
            listed = time.process_time()
            times.setdefault(kind, []).append(((alone - start) * 1000, (listed - start) * 1000))
    return times


def curve(sizes: Iterable[int], text_of: Callable[[int], str], rules: RuleSet) -> None:
    """Print what full analyses and edits cost at each size."""
    print(f"{'lines':>7} {'blocks':>6} {'found':>6} {'parse':>7} {'full':>7}   edit: median / p95 alone, with findings")
    for size in sizes:
        text = text_of(size)
        source = Source("module.py", text)
        parse = statistics.median(milliseconds(lambda text=text: ast.parse(text)) for _ in range(REPEATS))
        full = statistics.median(milliseconds(lambda source=source: analyse(source, rules)) for _ in range(REPEATS))
        module = Module(source, rules)
        counts = f"{len(source.lines) - 1:>7} {len(module.blocks):>6} {len(module.report.findings):>6}"
        print(f"{counts} {parse:>7.1f} {full:>7.1f}")
        for kind, times in measure(text, rules).items():
            shown = []
            for which in zip(*times, strict=True):
                ordered = sorted(which)
                shown.append(f"{statistics.median(ordered):6.2f} / {ordered[int(len(ordered) * 0.95)]:6.2f} ms")
            print(f"{kind:>43}   {'    '.join(shown)}")


def sources(folder: Path) -> list[Source]:
    """The Python files of a folder."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        try:
            found.append(Source(str(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def cold(folder: Path, rules: RuleSet, settings: Settings = DEFAULT) -> None:
    """Print what a first analysis of a folder costs, in processor time."""
    files = sources(folder)
    lines = sum(source.text.count("\n") for source in files)

    def seconds(action: Callable[[Source], object]) -> float:
        start = time.process_time()
        for source in files:
            action(source)
        return time.process_time() - start

    def report(source: Source) -> ModuleReport:
        forget()
        return analyse(source, rules, settings)

    def parse(source: Source) -> ast.AST | None:
        try:
            return ast.parse(source.text)
        except SyntaxError:
            return None

    whole = [seconds(report) for _ in range(REPEATS)]
    parsing = [seconds(parse) for _ in range(REPEATS)]
    print(f"{folder.name}: {len(files)} files, {lines} lines, {len(rules)} rules, medians of {REPEATS}")
    print(f"ast.parse {statistics.median(parsing):.2f} s, analysis {statistics.median(whole):.2f} s of processor time")


def by_rule(folder: Path, rules: RuleSet) -> None:
    """Print what each rule costs, the time of the clock taken away, and what is left for everything else."""
    table = engine.Engine(compile_table(rules, DEFAULT)).table
    spent: Counter[str] = Counter()
    calls: Counter[str] = Counter()

    def timed(name: str, action: Callable[..., Any], listed: bool = True) -> Callable[..., Any]:
        def run(*arguments: object) -> object:
            begin = time.process_time_ns()
            found = action(*arguments)
            answer = [*found] if listed else found
            spent[name] += time.process_time_ns() - begin
            calls[name] += 1
            return answer

        return run

    def rule(entry: Entry, check: NodeCheck | None, pattern: Pattern | None) -> NodeRule:
        if pattern is None:
            assert check is not None
            return entry, timed(entry.rule.id, check), None
        pattern.compile()
        slow = copy.copy(pattern)
        slow._match = timed(f"{entry.rule.id} (pattern)", pattern._match, listed=False)
        return entry, None, slow

    for choice in (*table.nodes.values(), *table.calls.values()):
        choice._rules = [rule(*each) for each in choice._rules]
        choice._pairs = {pair: [rule(*each) for each in found] for pair, found in choice._pairs.items()}
    for kind, scoped in table.scopes.items():
        table.scopes[kind] = [(entry, timed(f"{entry.rule.id} (scope)", check)) for entry, check in scoped]
    for named in (table.attributes, table.methods, *table.keyed.values()):
        named |= {name: [rule(*each) for each in found] for name, found in named.items()}
    table.texts = [(entry, timed(f"{entry.rule.id} (text)", check), signs) for entry, check, signs in table.texts]
    bare = timed("", tuple)
    for _ in range(2000):
        bare()
    clock = spent.pop("") / calls.pop("")
    walker = engine.Engine(table)
    files = sources(folder)
    start = time.process_time()
    for source in files:
        with contextlib.suppress(Unparsable):
            walker.whole(source.text)
    total = time.process_time() - start
    for name, count in calls.items():
        spent[name] -= round(count * clock)
    for name, nanoseconds in spent.most_common(50):
        each = nanoseconds / 1000 / calls[name]
        print(f"{name:>45} {nanoseconds / 1e6:8.1f} ms {calls[name]:>8} calls {each:8.2f} µs each")
    asked = sum(calls.values()) * clock / 1e9
    rest = total - asked - sum(spent.values()) / 1e9
    print(f"rules {sum(spent.values()) / 1e9:.2f} s in {sum(calls.values())} calls, parse and bare walk {rest:.2f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--lines", type=int, nargs="+", default=SIZES)
    parser.add_argument("--shape", choices=("file", "small"), default="file")
    parser.add_argument("--cold", type=Path)
    parser.add_argument("--rules", type=Path)
    options = parser.parse_args()
    start = time.perf_counter()
    rules = load_rules()
    print(f"{len(rules)} rules, loaded in {(time.perf_counter() - start) * 1000:.0f} ms")
    if options.cold is not None:
        cold(options.cold, rules)
    if options.rules is not None:
        by_rule(options.rules, rules)
    if options.shape == "small":
        curve(options.lines, small_functions, rules)
    elif options.file is not None:
        text = options.file.read_text(encoding="utf-8")
        curve(options.lines, lambda lines: repeated(text, lines), rules)


if __name__ == "__main__":
    main()
