"""`backend-team rules test`: the examples of rule files are tests; here they run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from backend_team.cli.excerpts import counted, shown
from backend_team.cli.rules import own_folder
from backend_team.errors import FileError, RuleError
from backend_team.fixes.examples import complaints
from backend_team.rules.load import load_rule, load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backend_team.rules.model import Rule


def test(named: Sequence[Path]) -> int:
    """Run the examples of rule files, or of all rules; 1 when one is not as it says, 2 when a file is no rule."""
    tested, broken = _rules(named)
    wrong = 0
    for rule in tested:
        for example, complaint in complaints(rule):
            wrong += 1
            print(f"{shown(str(rule.path))}:{example.line + 1}: {complaint}")
    examples = sum(len(rule.examples) for rule in tested)
    print(f"{counted(examples, 'example')} of {counted(len(tested), 'rule')}, {wrong} wrong")
    return 2 if broken else int(wrong > 0)


def _rules(named: Sequence[Path]) -> tuple[list[Rule], bool]:
    """The rules of files and folders, and whether one of them could not be read."""
    if not named:
        own = own_folder()
        return [*load_rules(extra=[own] if own.is_dir() else [])], False
    files: list[Path] = []
    for path in named:
        found = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not found:
            raise FileError(f"{path} holds no rules", hint="a rule is a file <category>/<id>.yaml")
        files += found
    rules, broken = [], False
    for file in files:
        try:
            rules.append(load_rule(file))
        except RuleError as error:
            print(f"error: {error.render()}", file=sys.stderr)
            broken = True
    return rules, broken
