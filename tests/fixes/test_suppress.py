"""Suppressing a finding: the comment silences it and changes nothing else, or it is withheld."""

from __future__ import annotations

import ast

import pytest

from backend_team.analysis.module import analyse
from backend_team.findings import Withheld
from backend_team.fixes.suppress import MARK, suppress
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
        (NONE, "f(\n    a == None,\n)\n", f"f(\n    a == None,  {MARK}[{NONE}]\n)\n"),
        (TYPE, f"a = type(a) == int  {MARK}[{NONE}] why\n", f"a = type(a) == int  {MARK}[{NONE}, {TYPE}] why\n"),
        (NONE, f'a = "{MARK}[a]", b == None\n', f'a = "{MARK}[a]", b == None  {MARK}[{NONE}]\n'),
        (PLAIN, 'a = f"""\nb\n"""\n', f'a = f"""\nb\n"""  {MARK}[{PLAIN}]\n'),
        (NONE, "a = (b ==\\\n    None)\n", f"a = (b ==\\\n    None)  {MARK}[{NONE}]\n"),
        (NONE, 'a = b == None\nc = """', f'a = b == None  {MARK}[{NONE}]\nc = """'),
        (NONE, "a = b == None and \\\n    c\n", None),
        (NONE, 'a = """\n""" + str(b == None) + """\n"""\n', None),
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
