"""Texts that are filled by `%` or format() say the same when they are f-strings, and literals when they lose a call."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.findings import Safety
from backend_team.fixes.fix import fix_all
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.text import Source

RULES = load_rules()
VALUES = {"name": "Ann", "price": 12.5, "rows": {"a": [1, 2], "0": "x"}, "order": 1 + 2j, "size": 9}

pieces = st.sampled_from(["a", " ", "é", "{{", "}}", "\\n", "\\\\", "\\N{BULLET}", "'", "%%", "\\x41", "#", "😀"])
format_fields = st.sampled_from(
    [
        "{}",
        "{!r}",
        "{:>9}",
        "{0}",
        "{1!s:<8}",
        "{x}",
        "{x[a]}",
        "{x[0]}",
        "{0.real}",
        "{:{}}",
        "{:{size}}",
        "{x!a}",
        "{",
    ]
)
percent_fields = st.sampled_from(["%s", "%r", "%-8s", "%.3s", "%8.2f", "%+e", "%(x)s", "%(y)r", "%d", "%5s", "%"])
arguments = st.sampled_from(
    ["name", "price", 'rows["a"]', "rows['a'][0]", "order.real", "name.upper()", "7", "(price)"]
)
quotes = st.sampled_from(['"', "'", '"""'])


def fixed(text: str, *only: str) -> str:
    return fix_all(Source("shop.py", text), RULES, Settings(select=frozenset(only)), safety=Safety.REVIEW).source.text


def value(text: str) -> object:
    """What an expression comes to, or the kind of the error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return eval(text, dict(VALUES))
        except Exception as error:
            return type(error)


@st.composite
def templates(draw: st.DrawFn, fields: st.SearchStrategy[str]) -> str:
    tokens = []
    for _ in range(draw(st.integers(1, 2))):
        quote = draw(quotes)
        body = "".join(draw(st.lists(st.one_of(pieces, fields, fields), max_size=5))).replace("'", "")
        tokens.append(f"{quote}{body}{quote}")
    return " ".join(tokens)


@settings(max_examples=150, deadline=None)
@given(templates(format_fields), st.lists(arguments, max_size=3), st.booleans())
def test_format(template: str, given_: list[str], named: bool) -> None:
    listed = ", ".join([*given_, *(["x=rows", "size=9"] if named else [])])
    before = f"({template}.format({listed}))"
    try:
        ast.parse(before)
    except SyntaxError:
        return
    after = fixed(before, "format-call", "numbered-format-fields")
    assert value(after) == value(before)


@settings(max_examples=150, deadline=None)
@given(templates(percent_fields), st.lists(arguments, max_size=3), st.booleans())
def test_percent(template: str, given_: list[str], named: bool) -> None:
    values = '{"x": name, "y": price}' if named else f"({''.join(each + ', ' for each in given_)})"
    before = f"({template} % {values})"
    try:
        ast.parse(before)
    except SyntaxError:
        return
    meant = value(before)
    if not isinstance(meant, type):  # an error may be another one
        assert value(fixed(before, "percent-format", "format-call")) == meant


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(pieces, st.sampled_from(["\\d", "\\8", "\\u0041", "\\."])), max_size=6),
    st.sampled_from(["", "u", "b", "r"]),
)
def test_escapes_and_prefixes(parts: list[str], prefix: str) -> None:
    before = f'[{prefix}"{"".join(parts)}"]'
    after = fixed(before, "invalid-escape", "unicode-prefix")
    assert value(after) == value(before)


@pytest.mark.parametrize("codec", ["", '"utf-8"', "'ascii'", '"latin-1"', 'encoding="utf8"', '"utf-16"'])
@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(pieces, st.sampled_from(["\\u0041", "\\xe9", "\\d"])), max_size=5),
    st.sampled_from(["", "u", "r"]),
)
def test_bytes(codec: str, parts: list[str], prefix: str) -> None:
    before = f'({prefix}"{"".join(parts)}" "b".encode({codec}))'
    after = fixed(before, "encoded-literal")
    assert value(after) == value(before)
