"""Findings that name a second place: what is marked there, also after edits, from the cache, and in SARIF."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.module import Module, analyse
from backend_team.rules.load import load_rules
from backend_team.text import Edit, Source, Span
from backend_team.workspace.results import packed, unpacked

if TYPE_CHECKING:
    from backend_team.findings import ModuleReport

RULES = load_rules()
TWICE = "def load():\n    return 1\n\n\nlimit = 3\n\n\ndef load():\n    return 2\n"


def related(report: ModuleReport, text: str, rule: str) -> list[tuple[str, int]]:
    """What is marked elsewhere, each with its line."""
    (found,) = [one for one in report.findings if one.rule == rule]
    return [(text[span.start : span.end], text.count("\n", 0, span.start) + 1) for _, span in found.related]


@pytest.mark.parametrize(
    ("rule", "text", "marked"),
    [
        ("redefined-unused-name", TWICE, [("load", 1)]),
        ("redefined-unused-name", "from shop import load\n\n\ndef load():\n    return 2\n", [("load", 1)]),
        ("duplicate-dict-key", 'prices = {\n    "a": 1,\n    "b": 2,\n    "a": 3,\n}\n', [('"a"', 2)]),
        ("duplicate-set-item", "known = {\n    1,\n    2,\n    1,\n}\n", [("1", 2)]),
        (
            "repeated-condition",
            "def f(a):\n    if a > 1:\n        return 1\n    elif a > 1:\n        return 2\n    return 3\n",
            [("a > 1", 2)],
        ),
        (
            "same-branches",
            "def f(a):\n    if a:\n        print(1)\n    else:\n        print(1)\n",
            [("print(1)", 3), ("print(1)", 5)],
        ),
        (
            "repeated-branch",
            "def f(a, b):\n    if a:\n        print(1)\n    elif b:\n        print(1)\n    else:\n        print(2)\n",
            [("print(1)", 3)],
        ),
        (
            "repeated-handler",
            "try:\n    run()\nexcept KeyError:\n    print(1)\nexcept IndexError:\n    print(1)\n",
            [("KeyError", 3)],
        ),
        (
            "unreachable-handler",
            "try:\n    run()\nexcept LookupError:\n    print(1)\nexcept KeyError:\n    print(2)\n",
            [("LookupError", 3)],
        ),
        (
            "covered-exception",
            "try:\n    run()\nexcept (OSError, FileNotFoundError):\n    print(1)\n",
            [("OSError", 3)],
        ),
    ],
)
def test_the_other_place_is_named(rule: str, text: str, marked: list[tuple[str, int]]) -> None:
    below = f"import_count = 0  # é\n\n\n{text}"
    report = analyse(Source("a.py", text), RULES)
    assert related(report, text, rule) == marked
    assert related(analyse(Source("a.py", below), RULES), below, rule) == [(what, line + 3) for what, line in marked]
    assert unpacked("a.py", packed(report)) == report
    assert pickle.loads(pickle.dumps(report)) == report


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("limit = 3", "limit = 3\nother = 4"),
        ("return 1", "return 1 + 1"),
        ("return 2", "return 2 + 2"),
        ("def load():\n    return 1", "# above\n\ndef load():\n    return 1"),
    ],
)
def test_the_other_place_moves_with_an_edit(old: str, new: str) -> None:
    module = Module(Source("a.py", TWICE), RULES)
    related(module.report, TWICE, "redefined-unused-name")
    start = TWICE.index(old)
    text = TWICE.replace(old, new, 1)
    module.edit(Source("a.py", text, 2), [Edit(Span(start, start + len(old)), new)])
    assert [what for what, _ in related(module.report, text, "redefined-unused-name")] == ["load"]


def test_what_an_edit_touches_is_no_longer_named() -> None:
    text = 'prices = {\n    "a": 1,\n    "a": 3,\n}\n'
    module = Module(Source("a.py", text), RULES)
    start = text.index('"a"')
    module.edit(Source("a.py", text.replace('"a"', "(", 1), 2), [Edit(Span(start, start + 3), "(")])
    (found,) = [one for one in module.report.findings if one.rule == "duplicate-dict-key"]
    assert found.related == ()
