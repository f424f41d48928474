"""Rule files that are wrong say where and what to do."""

from __future__ import annotations

import os
import textwrap
from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.module import analyse
from backend_team.errors import RuleError
from backend_team.rules.load import load_rules
from backend_team.text import Source

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
id: print-call
title: No print
why: It is noise.
severity: hint
pattern: print($$X)
examples:
  - before: print(1)
"""


def write(folder: Path, text: str, name: str = "print-call") -> Path:
    path = folder / "own" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_own_rules_join_the_catalogue(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    rules = load_rules(extra=[tmp_path])
    assert rules.by_id["print-call"].category == "own"
    assert len(rules) == len(load_rules()) + 1
    assert rules.digest != load_rules().digest
    findings = analyse(Source("a.py", "print(1, end='')"), rules).findings
    assert [finding.rule for finding in findings] == ["print-call"]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [
        ("severity: hint", "severty: hint", 4, 1, 'did you mean "severity"?'),
        ("severity: hint", "severity: hnt", 4, 11, 'did you mean "hint"?'),
        ("severity: hint\n", "", 1, 1, '"severity" is missing'),
        ("pattern: print($$X)", "pattern: print(", 5, 10, "can't be parsed"),
        ("pattern: print($$X)", "pattern: $X", 5, 10, "more than one metavariable"),
        ("pattern: print($$X)", "pattern: a; b", 5, 10, "exactly one"),
        ("pattern: print($$X)", "pattern: print($$X, $$Y)", 5, 10, "only one $$"),
        ("pattern: print($$X)", "pattern: print($X)\nfix: log($Y)\nsafety: safe", 6, 6, "$Y is not in the pattern"),
        ("pattern: print($$X)", "pattern: print($X)\nfix: print($X)\nsafety: safe", 6, 6, "the same as the pattern"),
        ("pattern: print($$X)", "pattern: print($X)\nfix: log($X)", 1, 1, '"safety" belongs'),
        ("pattern: print($$X)", "pattern: print($X)\nwhere: [$X is dct]", 6, 9, 'did you mean "dict"?'),
        ("pattern: print($$X)", "pattern: print($X)\nwhere: [$Y is dict]", 6, 9, "$Y is not in the pattern"),
        ("pattern: print($$X)", "pattern: print($X)\nwhere: [$X is not dict]", 6, 9, "can't be shown"),
        ("pattern: print($$X)", "check: bare-excpt", 5, 8, 'did you mean "bare-except"?'),
        ("pattern: print($$X)", "why2: x", 5, 1, 'unknown key "why2"'),
        ("id: print-call", "id: other", 1, 5, "differs from the name of the file"),
        ("title: No print", "title: [No print", 3, 4, ""),
        ("title: No print", "title: &a [*a]", 2, 8, "a text expected"),
        pytest.param("title: No print", "title: " + "[" * 200_000, 2, 27, "nested too deeply", id="deep"),
        ("  - before: print(1)", "  - keep: a\n    before: b", 7, 5, "either"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, old: str, new: str, line: int, column: int, words: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path)
    place = caught.value.place
    assert place is not None
    assert (place.path, place.line, place.column) == (str(path), line, column), caught.value.render()
    assert words in caught.value.render()


def test_a_rule_is_there_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path / "b", GOOD)
    with pytest.raises(RuleError, match="already in"):
        load_rules(tmp_path)


def test_a_pattern_too_deep_for_the_parser_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, textwrap.dedent(GOOD).replace("pattern: print($$X)", f'pattern: "{"-" * 20_000}x"'))
    with pytest.raises(RuleError, match="nested too deeply"):
        load_rules(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_no_rule(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "print-call.yaml")
    with pytest.raises(RuleError, match="it is no file"):
        load_rules(tmp_path)


def test_nothing_is_executed(tmp_path: Path) -> None:
    write(tmp_path, GOOD + '\ntags: !!python/object/apply:os.system ["true"]\n')
    with pytest.raises(RuleError):
        load_rules(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "code", "matches"),
    [
        ("$X + $X", "a.b + a.b", True),
        ("$X + $X", "a.b + a.c", False),
        ("f($X, $$Y)", "f(1, 2, 3, k=4)", True),
        ("f($X, $$Y)", "f()", False),
        ("f($$X, 1)", "f(0, 1)", True),
        ("f($$X, 1)", "f(0, 2)", False),
        ("f(k=$X)", "f(k=1)", True),
        ("f(k=$X)", "f(k=1, l=2)", False),
        ("f($X)", "f(*x)", False),
        ("$X.$NAME = $X.$NAME", "a.b = a.b", True),
        ("$X.$NAME = $X.$NAME", "a.b = a.c", False),
        ("if $X: $$BODY", "if a:\n    b\n    c", True),
        ("if $X: $$BODY", "if a: b\nelse: c", False),
        ("with open($X) as $Y: $$BODY", "with open(a) as f:\n    f", True),
        ("def $F(): return $X", "def f():\n    return 1", True),
        ("'a'", "x = 'a'", True),
        ("1", "x = True", False),
        ("1", "x = 1.0", False),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, code: str, matches: bool) -> None:
    text = textwrap.dedent(GOOD).replace("pattern: print($$X)", f"pattern: {pattern!r}".replace("\\'", "''"))
    write(tmp_path, text.replace('pattern: "', 'pattern: "'))
    assert bool(analyse(Source("a.py", code), load_rules(tmp_path)).findings) == matches
