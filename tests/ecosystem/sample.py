"""Findings to be judged by eye: `python -m tests.ecosystem.sample [--count 50] [--seed 1] [--rule ID] [--per-rule N]`.

Checks Django and the packages of `packages.py` with the rules that are on by default and prints findings drawn at
random, each with the lines around it; `--per-rule` draws so many of every rule, `--rule` only of the rules named.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.workspace.discovery import python_files
from backend_team.workspace.files import read
from backend_team.workspace.scan import scan
from tests.ecosystem.packages import DJANGO, FIXED

if TYPE_CHECKING:
    from backend_team.findings import Finding

AROUND = 3  # lines shown before and after


def show(number: int, path: Path, finding: Finding, folder: Path) -> None:
    """Print one finding with the lines around it."""
    source = read(path)
    line = source.lines.line_of(finding.span.start)
    last = source.lines.line_of(finding.span.end)
    print(f"\n{number}. {path.relative_to(folder)}:{line + 1} [{finding.rule}] {finding.message}")
    for row in range(max(0, line - AROUND), min(len(source.lines.starts), min(last, line + 12) + AROUND + 1)):
        mark = ">" if line <= row <= last else " "
        print(f"  {mark} {row + 1:5d} {source.lines.line_text(row).rstrip()}")


def main() -> None:
    """Check, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-rule", type=int, default=0, metavar="N")
    parser.add_argument("--rule", action="append", default=[])
    options = parser.parse_args()
    settings = Settings(select=frozenset(options.rule)) if options.rule else Settings()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roots = [package.unpacked(folder) for package in (DJANGO, *FIXED)]
        files = [path for root in roots for path in python_files([root])]
        found: dict[str, list[tuple[Path, Finding]]] = defaultdict(list)
        for path, report in zip(files, scan(files, load_rules(), settings), strict=True):
            for finding in report.findings:
                found[finding.rule].append((path, finding))
        counts = Counter({rule: len(places) for rule, places in found.items()})
        print(f"{counts.total()} findings of {len(counts)} rules in {len(files)} files")
        for rule, count in counts.most_common():
            print(f"  {count:5d}  {rule}")
        if options.per_rule:
            chosen = [
                one
                for rule in sorted(found)
                for one in draw.sample(found[rule], min(options.per_rule, len(found[rule])))
            ]
        else:
            places = [one for rule in sorted(found) for one in found[rule]]
            chosen = draw.sample(places, min(options.count, len(places)))
        for number, (path, finding) in enumerate(chosen, 1):
            show(number, path, finding, folder)


if __name__ == "__main__":
    main()
