"""The kind of a value that shows it, and that an annotation says."""

from __future__ import annotations

import ast

import pytest

from backend_team.checks.meaning import kind_of_annotation, kind_of_value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", "int"),
        ("1.5", "float"),
        ("2j", "complex"),
        ("True", "bool"),
        ("None", None),
        ("b''", "bytes"),
        ("'a'", "str"),
        ("f'{a}'", "str"),
        ("(1, 2)", "tuple"),
        ("frozenset(x)", "frozenset"),
        ("sorted(x)", "list"),
        ("open(x)", None),
        ("Path('a')", "path"),
        ("pathlib.Path('a')", "path"),
        ("pathlib.Path.home()", "path"),
        ("Path.cwd() / 'a' / name", "path"),
        ("shop.Path('a')", None),
        ("a / b", None),
        ("re.compile('a')", "pattern"),
        ("sre.compile('a')", None),
        ("a[0].compile('a')", None),
    ],
)
def test_value(text: str, kind: str | None) -> None:
    assert kind_of_value(ast.parse(text, mode="eval").body) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dict[str, int]", "dict"),
        ("typing.Dict[str, int]", "dict"),
        ("Path", "path"),
        ("pathlib.Path", "path"),
        ("re.Pattern[str]", "pattern"),
        ("shop.Path", None),
        ("int", "int"),
        ("float", None),
        ("str | None", None),
    ],
)
def test_annotation(text: str, kind: str | None) -> None:
    assert kind_of_annotation(ast.parse(text, mode="eval").body) == kind
