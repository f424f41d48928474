"""Suppressions: what each comment silences, where, and which of ours say something in vain."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.comments import comments
from backend_team.analysis.module import Module, analyse
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from backend_team.findings import Finding

RULES = load_rules()
RUN = frozenset({"comparison-to-none", "negated-membership", "unused-import", "bare-except"})
SETTINGS = Settings(select=RUN)
JUDGED = Settings(select=RUN | {"unused-suppression"})


def found(text: str, settings: Settings = SETTINGS) -> list[Finding]:
    report = analyse(Source("shop.py", textwrap.dedent(text)), RULES, settings)
    assert not report.problems
    return list(report.findings)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        # Above a statement: the whole of it, decorators and body included.
        ("# backend-team: ignore[comparison-to-none] why\n@a\ndef f(x):\n    return x == None\ny = f == None\n", [5]),
        ("# backend-team: ignore[comparison-to-none] why\n# more\nif x == None:\n    y = z == None\n", []),
        (("def f(x):\n    # backend-team: ignore[comparison-to-none]\n    if x == None:\n        return x == None\n"
          "    return x == None\n"), [5]),
        ("# backend-team: ignore[comparison-to-none] no statement below\n\nx = y == None\n", [3]),
        ("try:\n    x()\n# backend-team: ignore[bare-except]\nexcept:\n    y = x == None\n", [5]),
        # Above a line within a statement: that line.
        ("x = [\n    # backend-team: ignore[negated-membership]\n    not y in a,\n    not z in a,\n]\n", [4]),
        # Above a class, or the first member of one.
        (("# backend-team: ignore[comparison-to-none]\nclass A:\n    x = y == None\n\n    def f(self):\n"
          "        return self == None\n\nz = y == None\n"), [8]),
        ("class A:\n    # backend-team: ignore[comparison-to-none]\n    x = y == None\n    z = y == None\n", [4]),
        # Behind code: the line alone, of a `def`, too.
        ("def f(x=y == None):  # backend-team: ignore[comparison-to-none]\n    return x == None\n", [2]),
        # The file, from the head.
        ("#!/bin/sh\n# backend-team: ignore-file[comparison-to-none] why\n'''Doc.'''\nx = y == None\n", []),
        ("# backend-team: ignore-file\nimport os\nx = y == None\n", []),
        ("import os\n# backend-team: ignore-file\nx = y == None\n", [1, 3]),
        ("# backend-team: ignore-file[bare-except]\nx = y == None\n", [2]),
        ("import os\n# ruff: noqa\nx = y == None\n", []),
        ("import os\n# ruff: noqa: F401\nx = y == None\n", [3]),
        ("import os\n# flake8: noqa: E711\nx = y == None\n", [1]),
        ("import os\nx = y == None\n# pylint: skip-file\n", []),
        # Those of pylint, by name or code, for a line, a block, what follows.
        ("import os  # pylint: disable=unused-import\n", []),
        ("import os  # pylint: disable=W0611,W0612\n", []),
        ("import os  # pylint: disable=unused-variable\n", [1]),
        ("import sys\n# pylint: disable=unused-import\nimport os\n", [1]),
        ("# pylint: disable-next=unused-import\nimport os\nimport sys\n", [3]),
        ("import os  # pylint: disable=all\n", []),
        ("def f(x):  # pylint: disable=bare-except\n    try:\n        x()\n    except:\n        pass\n", []),
        ("def f(x):\n    try:\n        x()\n    # pylint: disable=bare-except\n    except:\n        pass\n", []),
        (("def f(x):\n    # pylint: disable=bare-except\n    try:\n        x()\n    except:\n        pass\n"
          "def g(x):\n    try:\n        x()\n    except:\n        pass\n"), [10]),
        (("class A:\n    # pylint: disable=bare-except\n    def g(x):\n        try:\n            x()\n        except:\n"
          "            pass\ntry:\n    x()\nexcept:\n    pass\n"), [10]),
        # Those of type checkers don't speak about these rules.
        ("import os  # type: ignore\nx = y == None  # pyright: ignore[reportFoo]\n", [1, 2]),
        # In a string there is no comment.
        ("x = not y in a, '# noqa'\n", [1]),
        ("x = not y in a, '''\n# backend-team: ignore-file\n'''\n", [1]),
        ("x = ('a'  # noqa\n     'b', not y in a)  # noqa: E713\n", []),
    ],
)  # fmt: skip
def test_what_is_silenced(text: str, marked: list[int]) -> None:
    lines = Source("shop.py", text).lines
    assert [lines.line_of(each.span.start) + 1 for each in found(text)] == marked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = y == None  # backend-team: ignore[comparison-to-none]\n", []),
        ("x = y  # backend-team: ignore[comparison-to-none]\n", ["`comparison-to-none` finds nothing here"]),
        ("x = y  # backend-team: ignore[E711]\n", ["`E711` finds nothing here"]),
        ("import os  # backend-team: ignore[unused-import]\n", []),
        ("import os  # backend-team: ignore[unused-import]\nos.x()\n", ["`unused-import` finds nothing here"]),
        ("x = y  # backend-team: ignore[comparision-to-none]\n",
         ["there is no rule `comparision-to-none`; did you mean `comparison-to-none`?"]),
        ("x = y  # backend-team: ignore\n",
         ["this suppression has no effect: it names no rule; write the ids in brackets"]),
        ("# backend-team: ignore-file[comparison-to-none]\nx = y\n", ["`comparison-to-none` finds nothing here"]),
        ("# backend-team: ignore-file[comparison-to-none]\nx = y == None\n", []),
        ("# backend-team: ignore[comparison-to-none]\nclass A:\n    x = y == None\n", []),
        ("# backend-team: ignore[comparison-to-none]\nclass A:\n    x = y\n",
         ["`comparison-to-none` finds nothing here"]),
        ("class A:\n    # backend-team: ignore[comparison-to-none]\n    x = y\n",
         ["`comparison-to-none` finds nothing here"]),
        # Rules that don't run here may find something elsewhere; comments of other tools are theirs.
        ("x = y  # backend-team: ignore[too-complex]\n", []),
        ("x = y  # noqa: E711\n", []),
        ("# ruff: noqa: E711\nx = y  # pylint: disable=all\n", []),
        # A comment about it is heard.
        ("x = y  # backend-team: ignore[comparison-to-none, unused-suppression]\n", []),
        ("x = y  # backend-team: ignore[comparison-to-none]  # noqa: RUF100\n", []),
        ("x = '# backend-team: ignore[comparison-to-none]'\n", []),
    ],
)  # fmt: skip
def test_what_is_said_of_suppressions(text: str, said: list[str]) -> None:
    assert [each.message for each in found(text, JUDGED) if each.rule == "unused-suppression"] == said


def test_a_block_that_does_not_parse_is_not_judged() -> None:
    text = "# backend-team: ignore-file[bare-except]\nx = y == None  # backend-team: ignore[comparison-to-none]\n"
    module = Module(Source("shop.py", text), RULES, JUDGED)
    assert [each.message for each in module.report.findings] == ["`bare-except` finds nothing here"]
    edit = Edit(Span(text.index("None"), text.index("None") + 4), "(")
    module.edit(module.source.edited([edit]), [edit])
    assert module.report.findings == ()
    assert len(module.report.problems) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = '#' # a\n", ["# a"]),
        ("x = '''\n# a\n'''  # b\n# c", ["# b", "# c"]),
        ('x = \'it\\\'s\' # a\r\ny = """\\"""#""" # b\r# c\r', ["# a", "# b", "# c"]),
        ("x = 'open # a\ny # b", ["# b"]),
        ("x = ''' # a", []),
        ("x = rb'\\' # a' # b", ["# b"]),
        ("'" * 6 + " # a", ["# a"]),
    ],
)
def test_comments(text: str, expected: list[str]) -> None:
    assert [each.text for each in comments(text)] == expected
