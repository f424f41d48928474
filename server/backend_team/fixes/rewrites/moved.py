"""Imports from where names live now; what stays of the old statement keeps its layout."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.moved_names import BUILTINS, WHOLE, Home, home
from backend_team.fixes.code import Code, NoFix
from backend_team.fixes.imports import remove_alias
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_MODULE: Final = re.compile(r"from([ \t\\\r\n]+)(\w+(?:[ \t]*\.[ \t]*\w+)*)")


def move_import(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Import each name from where it lives: capture `statement`."""
    place = captures_of(finding.captures)["statement"]
    statement = code.node(place, ast.stmt)
    if isinstance(statement, ast.Import):
        return [
            Edit(code.span(alias), f"{WHOLE[alias.name]} as {alias.asname}")
            for alias in statement.names
            if alias.name in WHOLE and alias.asname
        ]
    assert isinstance(statement, ast.ImportFrom)
    assert statement.module is not None
    homes: dict[int, Home] = {}
    for index, alias in enumerate(statement.names):
        found = home(statement.module, alias.name, settings.target_version)
        if found is None or (alias.name == "cElementTree" and alias.asname is None):
            continue
        if found.module == BUILTINS and found.name and alias.asname not in {None, alias.name}:
            continue
        homes[index] = found
    bases = _subscripted_bases(code.tree) if statement.module == "typing" else set()
    for index in list(homes):
        if (statement.names[index].asname or statement.names[index].name) in bases:
            del homes[index]  # the class would be no generic of its own any more
    if not homes:
        raise NoFix("a class derives from it, and is a generic of its own only with that of `typing`")
    return _moved(code, place, statement, homes)


def _moved(code: Code, place: Span, statement: ast.ImportFrom, homes: Mapping[int, Home]) -> list[Edit]:
    modules = {each.module for each in homes.values()}
    same = len(homes) == len(statement.names) and len(modules) == 1 and all(each.name for each in homes.values())
    if same and modules != {BUILTINS}:
        found = _MODULE.match(code.text, place.start)
        if found is None:
            raise NoFix("the module could not be found in the statement")
        edits = [Edit(Span(found.start(2), found.end(2)), next(iter(modules)))]
        for index, alias in enumerate(statement.names):
            if homes[index].name != alias.name:
                edits.append(Edit(code.span(alias), _alias(homes[index].name, alias)))
        return edits
    lines = _lines(statement, homes)
    if not lines and len(homes) == len(statement.names):
        return [code.removal(place)]
    return _split(code, place, [statement.names[index] for index in homes], lines)


def _lines(statement: ast.ImportFrom, homes: Mapping[int, Home]) -> list[str]:
    """The new statements: `from a import b` before `import c`, sorted by the module."""
    names: dict[str, list[str]] = {}
    modules = set()
    for index, found in homes.items():
        alias = statement.names[index]
        if not found.name:
            bound = alias.asname or alias.name
            modules.add(f"import {found.module}" + ("" if bound == found.module else f" as {bound}"))
        elif found.module != BUILTINS:
            names.setdefault(found.module, []).append(_alias(found.name, alias))
    return [*(f"from {module} import {', '.join(names[module])}" for module in sorted(names)), *sorted(modules)]


def _alias(name: str, alias: ast.alias) -> str:
    bound = alias.asname or alias.name
    return name if bound == name else f"{name} as {bound}"


def _split(code: Code, place: Span, gone: list[ast.alias], lines: list[str]) -> list[Edit]:
    """Take names out of a statement and put others behind it."""
    statement = code.node(place, ast.stmt)
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    start, end = code.line_start(place.start), code.line_end(place.end)
    indentation = code.indentation(place.start)
    rest = code.text[place.end : end].strip()
    if rest and not rest.startswith("#"):
        raise NoFix("other code stands in its line")
    written = [indentation + line for line in lines]
    if len(gone) == len(statement.names):
        text = code.line_break.join(written).removeprefix(indentation)
        return [Edit(place, text)]
    now = code
    for name in [each.name for each in gone]:
        current = _import_at(now, place.start)
        alias = next(each for each in current.names if each.name == name)
        now = Code(now.source.edited([remove_alias(now, now.span(current), now.span(alias))]))
    last = now.line_end(now.span(_import_at(now, place.start)).end)
    text = code.line_break.join([now.text[start:last], *written])
    return [Edit(Span(start, end), text)]


def _import_at(code: Code, start: int) -> ast.Import | ast.ImportFrom:
    for statement in code.around(Span(start, start)):
        if isinstance(statement, ast.Import | ast.ImportFrom) and code.span(statement).start == start:
            return statement
    raise NoFix("the rest of the import could not be found")


def _subscripted_bases(tree: ast.Module) -> set[str]:
    """The names `X` of `class A(X[T])`."""
    return {
        base.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Subscript) and isinstance(base.value, ast.Name)
    }


def standard_mock(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Import `mock` from `unittest`: capture `statement`."""
    place = captures_of(finding.captures)["statement"]
    statement = code.node(place, ast.stmt)
    if isinstance(statement, ast.ImportFrom):
        found = _MODULE.match(code.text, place.start)
        if found is None:
            raise NoFix("the module could not be found in the statement")
        whole = [alias.name for alias in statement.names] == ["mock"]
        if not whole and "mock" in {alias.name for alias in statement.names}:
            raise NoFix("the module `mock` is imported along with names of it")
        return [Edit(Span(found.start(2), found.end(2)), "unittest" if whole else "unittest.mock")]
    assert isinstance(statement, ast.Import)
    gone = [alias for alias in statement.names if alias.name in {"mock", "mock.mock"}]
    lines = [
        "from unittest import mock" + (f" as {alias.asname}" if alias.asname not in {None, "mock"} else "")
        for alias in gone
    ]
    edits = _split(code, place, gone, list(dict.fromkeys(lines)))
    if any(alias.name == "mock.mock" and alias.asname is None for alias in gone):
        edits += [
            Edit(code.span(node), "mock")
            for node in ast.walk(code.tree)
            if isinstance(node, ast.Attribute) and node.attr == "mock" and _is_mock(node.value)
        ]
    return edits


def _is_mock(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "mock"


REWRITES: Final[Mapping[str, Rewrite]] = {"move-import": move_import, "standard-mock": standard_mock}
