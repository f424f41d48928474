"""Whatever the text: never an exception, never a hang, and the trouble is said."""

from __future__ import annotations

import json
import shlex
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.analysis.module import Module, analyse
from backend_team.analysis.newer import newer_syntax
from backend_team.rules.load import load_rules
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from backend_team.findings import ModuleReport

RULES = load_rules()
LONGEST = 20.0  # seconds of processor time; the worst takes two
PYTHON_2 = """\
import os, sys
print "total", total
print >>sys.stderr, "oh"
exec code in namespace
raise ValueError, "no"
try:
    open(name)
except (IOError, OSError), error:
    pass
number = 0777 + 10L
text = ur"a" + `number`
if number <> 1:
    pass

def add((a, b), c):
    return a == None
"""


def report_of(text: str) -> ModuleReport:
    """The report, made in bounded time, its places within the text."""
    start = time.process_time()
    module = Module(Source("a.py", text), RULES)
    report = module.report
    assert time.process_time() - start < LONGEST
    assert "".join(block.text for block in module.blocks) == text
    for finding in report.findings:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
    for problem in report.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert problem.kind == "syntax"
        assert problem.message
    return report


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * 100_000, "too many nested parentheses"),
        ("(" * 100_000 + ")" * 100_000, "too many nested parentheses"),
        ("x = " + "1 + " * 250_000 + "1\n", "too deeply nested"),
        ("x = " + "-" * 20_000 + "1\n", "too deeply nested"),
        ("x = a" + ".b" * 20_000 + "\n", "too deeply nested"),
        ("if a == 0:\n    pass\n" + "elif a == 1:\n    pass\n" * 3000, "too deeply nested"),
        ("x = '" + "a" * 1_000_000 + "\n", "unterminated string literal"),
        ("x = 1\x00\ny = 2\n", "a null byte"),
        ("\x00" * 10_000, "a null byte"),
        ("x = '\ud800'\n", "a lone surrogate"),
        ("class A:\n    x = '\udfff'\n", "a lone surrogate"),
        ("'''\n" * 5_001, "unterminated triple-quoted string literal"),
        ("x = (\n" * 5_000, "'(' was never closed"),
        ("def f(:\n    pass\n" * 3_000, "invalid syntax"),
        ("\\\n" * 50_000, "unexpected EOF"),
        ("if x:\n\ty\n        z\n" * 1_000, "inconsistent use of tabs"),
        (PYTHON_2, "Missing parentheses in call to 'print'"),
        ("\r".join(PYTHON_2.split("\n")), "Missing parentheses in call to 'print'"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_can_not_be_parsed(text: str, message: str) -> None:
    assert any(message in problem.message for problem in report_of(text).problems)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" * 100_000,
        "\ufeff",
        "\x0c\n\x0c",
        "# " + "a " * 500_000,
        "x = '" + "a" * 1_000_000 + "'\n",
        "f(" + "a, " * 100_000 + ")\n",
        "x = " + "[" * 90 + "]" * 90 + "\n",
        "if a == 0:\n    pass\n" + "".join(f"elif a == {number}:\n    pass\n" for number in range(300)),
        "".join(" " * depth + "if x:\n" for depth in range(90)) + " " * 90 + "y()\n",
        "".join(" " * depth + f"def f{depth}():\n" for depth in range(90)) + " " * 90 + "y()\n",
        "if x:\n    a()\n" * 2_000,
        "x = 1;" * 2_000 + "\n",
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_only_unusual(text: str) -> None:
    assert report_of(text).problems == ()


@pytest.mark.parametrize(
    "file", [json.decoder.__file__, textwrap.__file__, shlex.__file__], ids=lambda file: Path(file).name
)
def test_a_file_that_ends_anywhere(file: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    step = max(1, len(text) // 60)
    whole = len(report_of(text).findings)
    for end in range(0, len(text), step):
        assert len(report_of(text[:end]).findings) <= whole + 10


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_file_with_something_anywhere(data: st.DataObject) -> None:
    text = Path(shlex.__file__).read_text(encoding="utf-8")
    at = data.draw(st.integers(0, len(text)))
    wrong = data.draw(
        st.sampled_from(["(", ")", "'", '"""', "\x00", "\ud800", ":", "\\", "\t", "\r", "é", "if", "@", "$"])
    )
    report_of(text[:at] + wrong + text[at:])


def test_typing_beside_what_does_not_parse() -> None:
    module = Module(Source("a.py", PYTHON_2), RULES)
    for place, letter in enumerate("x = not y in z\n"):
        edit = Edit(Span(place, place), letter)
        module.edit(module.source.edited([edit]), [edit])
    assert "negated-membership" in {finding.rule for finding in module.report.findings}


NEWER = [
    ("type X = int\n", (3, 12), "a type alias"),
    ("type Pair[A, B] = tuple[A, B]\n", (3, 12), "a type alias"),
    ("def first[T](rows: list[T]) -> T: ...\n", (3, 12), "type parameters"),
    ("async def first[T](rows: list[T]) -> T: ...\n", (3, 12), "type parameters"),
    ("class Box[T]:\n    x = 1\n", (3, 12), "type parameters"),
    ("class Box:\n    def get[T](self) -> T: ...\n", (3, 12), "type parameters"),
    ("class Box[T = int]:\n    x = 1\n", (3, 13), "a default of a type parameter"),
    ("x = f'{row['name']}'\n", (3, 12), "quotes within an f-string"),
    ('x = f"{"a"}"\n', (3, 12), "quotes within an f-string"),
    ('print(f"total: {names["first"]!r:>{width}}")\n', (3, 12), "quotes within an f-string"),
    ("x = f'{\"\\n\".join(rows)}'\n", (3, 12), "a backslash within an f-string"),
    ("x = f'{\n    row\n}'\n", (3, 12), None),
    ("x = f'{row\n}'\n", (3, 12), "a line end within an f-string"),
    ("x = t'{row}'\n", (3, 14), "a t-string"),
    ('x = rt"{row}"\n', (3, 14), "a t-string"),
    ("try:\n    x()\nexcept KeyError, errors.ValueError:\n    pass\n", (3, 14), "exceptions without parentheses"),
    ("lazy import json\n", (3, 15), "a lazy import"),
]


@pytest.mark.parametrize(("text", "version", "what"), NEWER)
def test_newer_syntax_is_said_to_be_newer(text: str, version: tuple[int, int], what: str | None) -> None:
    if sys.version_info[:2] >= version:
        pytest.skip("the Python that runs this knows it")
    messages = [problem.message for problem in report_of(text).problems]
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert len(messages) >= 1
    if what is not None:
        wanted = f"{version[0]}.{version[1]}"
        assert messages[0] == f"{what} needs Python {wanted} or newer; this runs on Python {running}"


@pytest.mark.parametrize(
    "line",
    [
        "type X int",
        "x = f'{a'",
        "x = f'{a}",
        "def f(x",
        "except IOError, error:",
        "class A(B[T]",
        "text'a'",
        "x = 'it's'",
        "print f'{a}', 'b'",
        "lazy = import",
    ],
)
def test_a_mistake_is_no_newer_syntax(line: str) -> None:
    assert newer_syntax("invalid syntax", line + "\n", (3, 11)) is None
    assert newer_syntax("invalid syntax", "type X = int\n", (3, 14)) is None


def test_the_rest_of_the_file_is_analysed() -> None:
    report = analyse(Source("a.py", "x = not y in z\n\ndef f(:\n    pass\n\ny = not z in x\n"), RULES)
    assert [finding.rule for finding in report.findings] == ["negated-membership"] * 2
