"""Rules that look at all blocks together: an edit anywhere changes what they find, and nothing stale is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.module import Module, analyse
from backend_team.rules.load import load_rules
from backend_team.rules.model import RuleSet
from backend_team.settings import Settings
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from backend_team.findings import Finding

NAMES = ("redefined-unused-name", "repeated-import", "undefined-export", "unsorted-imports")
RULES = RuleSet({name: load_rules().by_id[name] for name in NAMES}, "whole module")
SETTINGS = Settings(select=frozenset(NAMES))


def shown(findings: tuple[Finding, ...], text: str) -> list[tuple[str, str]]:
    """The rules with what they mark."""
    return [(finding.rule, text[finding.span.start : finding.span.end]) for finding in findings]


def found(text: str, path: str = "shop/pay.py") -> list[tuple[str, str]]:
    return shown(analyse(Source(path, text), RULES, SETTINGS).findings, text)


@pytest.mark.parametrize(
    ("before", "old", "new", "first", "second"),
    [
        # A use between two definitions comes and goes.
        (
            "def f():\n    return 1\n\nx = 1\n\ndef f():\n    return 2\n",
            "x = 1",
            "x = f",
            [("redefined-unused-name", "f")],
            [],
        ),
        # The second definition gets another name.
        (
            "class A:\n    def f(self):\n        return 1\n\n    def f(self):\n        return 2\n",
            "def f(self):\n        return 2",
            "def g(self):\n        return 2",
            [("redefined-unused-name", "f")],
            [],
        ),
        # A decorator may have kept the first.
        (
            "def f():\n    return 1\n\n\ndef f():\n    return 2\n",
            "def f():\n    return 1",
            "@kept\ndef f():\n    return 1",
            [("redefined-unused-name", "f")],
            [],
        ),
        # Another binding of the name between two imports.
        (
            "import json\n\nx = json\n\nimport json\n",
            "x = json",
            "json = x",
            [("repeated-import", "json")],
            [],
        ),
        ('__all__ = ["f"]\n\n\ndef g():\n    pass\n', "def g", "def f", [("undefined-export", '"f"')], []),
        ('__all__ = ["f"]\n\n\ndef f():\n    pass\n', "def f", "def g", [], [("undefined-export", '"f"')]),
        (
            "import os\nimport sys\n",
            "import os\nimport sys",
            "import sys\nimport os",
            [],
            [("unsorted-imports", "import sys")],
        ),
        ("# isort: off\nx = 1\nimport sys\nimport os\n", "off", "on", [], [("unsorted-imports", "import sys")]),
    ],
)
def test_an_edit_elsewhere_counts(
    before: str, old: str, new: str, first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    module = Module(Source("shop/pay.py", before), RULES, SETTINGS)
    assert shown(module.report.findings, before) == first
    start = before.index(old)
    edit = Edit(Span(start, start + len(old)), new)
    source = module.source.edited([edit])
    module.edit(source, [edit])
    assert shown(module.report.findings, source.text) == second == found(source.text)
    back = Edit(Span(start, start + len(new)), old)
    module.edit(source.edited([back]), [back])
    assert shown(module.report.findings, before) == first


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    return 1\n\n\ndef f():  # noqa: F811\n    return 2\n",
        "def f():\n    return 1\n\n\ndef f():  # backend-team: ignore[redefined-unused-name]\n    return 2\n",
        "import sys  # noqa: I001\nimport os\n",
    ],
)
def test_suppressed(text: str) -> None:
    assert found(text) == []


def test_names_of_a_package_may_be_its_modules() -> None:
    text = '__all__ = ["orders"]\n'
    assert found(text, "shop/__init__.py") == []
    assert found(text) == [("undefined-export", '"orders"')]


def test_text_that_does_not_parse_is_left_alone() -> None:
    text = '__all__ = ["f"]\n\n\ndef f(:\n    pass\n'
    assert found(text) == []
