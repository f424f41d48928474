"""Suppressing a finding: the comment silences it and changes nothing else, or it is withheld."""

from __future__ import annotations

import ast

import pytest

from backend_team.analysis.module import analyse
from backend_team.findings import Withheld
from backend_team.fixes.suppress import FILE_MARK, MARK, PLACE, suppress, suppress_in_file
from backend_team.rules.load import load_rules
from backend_team.text import Source, apply

RULES = load_rules()
NONE, PLAIN, TYPE = "comparison-to-none", "f-string-without-placeholder", "type-comparison"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (NONE, "a = b == None\n", f"a = b == None  {MARK}[{NONE}]\n"),
        (NONE, "a = b == None", f"a = b == None  {MARK}[{NONE}]"),
        (NONE, "a = b == None  \r\nc()\r\n", f"a = b == None  {MARK}[{NONE}]\r\nc()\r\n"),
        (NONE, "a = b == None  # 😀\n", f"a = b == None  # 😀  {MARK}[{NONE}]\n"),
        (TYPE, "f(\n    type(a) == int,\n)\n", f"f(\n    type(a) == int,  {MARK}[{TYPE}]\n)\n"),
        (TYPE, f"a = type(a) == int  {MARK}[{NONE}] why\n", f"a = type(a) == int  {MARK}[{NONE}, {TYPE}] why\n"),
        (TYPE, f'a = "{MARK}[a]", type(b) == int\n', f'a = "{MARK}[a]", type(b) == int  {MARK}[{TYPE}]\n'),
        (PLAIN, 'a = f"""\nb\n"""\n', f'a = f"""\nb\n"""  {MARK}[{PLAIN}]\n'),
        (NONE, "a = (b ==\\\n    None)\n", f"a = (b ==\\\n    None)  {MARK}[{NONE}]\n"),
        (NONE, 'a = b == None\nc = """', f'a = b == None  {MARK}[{NONE}]\nc = """'),
        (NONE, "a = b == None and \\\n    c\n", None),
        (TYPE, 'a = """\n""" + str(type(b) == int) + """\n"""\n', None),
    ],
)
def test_silences_or_is_withheld(rule: str, before: str, after: str | None) -> None:
    source = Source("a.py", before)
    finding = next(one for one in analyse(source, RULES).findings if one.rule == rule)
    found = suppress(source, finding)
    if after is None:
        assert isinstance(found, Withheld)
        assert "no comment can stand" in found.reason
        return
    assert not isinstance(found, Withheld)
    text = apply(before, found)
    assert text == after
    assert rule not in {one.rule for one in analyse(Source("a.py", text), RULES).findings}
    if not before.endswith('"""'):
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(before))


@pytest.mark.parametrize(
    ("before", "reason", "after"),
    [
        ("a = b == None\n", "a column", f"a = b == None  {MARK}[{NONE}] a column\n"),
        ("a = b == None\n", " a\n# column ", f"a = b == None  {MARK}[{NONE}] a column\n"),
        (f"a = b == None  {MARK}[{TYPE}]\n", "a column", f"a = b == None  {MARK}[{TYPE}, {NONE}] a column\n"),
        (f"a = b == None  {MARK}[{TYPE}] old\n", "a column", f"a = b == None  {MARK}[{TYPE}, {NONE}] old; a column\n"),
        (f"a = b == None  {MARK}[{TYPE}] old\n", "old", f"a = b == None  {MARK}[{TYPE}, {NONE}] old\n"),
        (f"a = b == None  {MARK}[{TYPE}] old\n", PLACE, f"a = b == None  {MARK}[{TYPE}, {NONE}] old\n"),
        (f"a = b == None  {MARK}[{TYPE}]\n", PLACE, f"a = b == None  {MARK}[{TYPE}, {NONE}] {PLACE}\n"),
        (
            f"a = b == None  {MARK}[{TYPE}] old  # noqa: X1\n",
            "new",
            f"a = b == None  {MARK}[{TYPE}, {NONE}] old; new  # noqa: X1\n",
        ),
    ],
)
def test_the_reason_stands_behind_the_rules(before: str, reason: str, after: str) -> None:
    source = Source("a.py", before)
    finding = next(one for one in analyse(source, RULES).findings if one.rule == NONE)
    found = suppress(source, finding, reason)
    assert not isinstance(found, Withheld)
    assert apply(before, found) == after
    assert NONE not in {one.rule for one in analyse(Source("a.py", after), RULES).findings}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = b == None\n", f"{FILE_MARK}[{NONE}]\na = b == None\n"),
        ("a = b == None", f"{FILE_MARK}[{NONE}]\na = b == None"),
        ("\ufeffa = b == None\n", f"\ufeff{FILE_MARK}[{NONE}]\na = b == None\n"),
        ("#!/bin/python\r\na = b == None\r\n", f"#!/bin/python\r\n{FILE_MARK}[{NONE}]\r\na = b == None\r\n"),
        (
            "#!/bin/python\n# coding: utf-8\n# About\na = b == None\n",
            f"#!/bin/python\n# coding: utf-8\n{FILE_MARK}[{NONE}]\n# About\na = b == None\n",
        ),
        (f"{FILE_MARK}[{TYPE}] why\na = b == None\n", f"{FILE_MARK}[{TYPE}, {NONE}] why\na = b == None\n"),
        ('"""Doc."""\na = b == None\n', f'{FILE_MARK}[{NONE}]\n"""Doc."""\na = b == None\n'),
    ],
)
def test_silences_a_rule_in_the_file(before: str, after: str) -> None:
    source = Source("a.py", before)
    finding = next(one for one in analyse(source, RULES).findings if one.rule == NONE)
    found = suppress_in_file(source, finding)
    assert not isinstance(found, Withheld)
    text = apply(before, found)
    assert text == after
    assert NONE not in {one.rule for one in analyse(Source("a.py", text), RULES).findings}


def test_what_does_not_parse_is_not_silenced() -> None:
    source = Source("a.py", "a = b == None\nif (\n")
    finding = next(one for one in analyse(source, RULES).findings if one.rule == NONE)
    assert isinstance(suppress_in_file(source, finding), Withheld)
