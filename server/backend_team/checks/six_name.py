"""`six.text_type` for `str`: capture `name` where it is read, captures `statement` and `alias` where it is imported."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Attribute, ast.ImportFrom)
NAMES: Final = {  # what they are on Python 3
    "binary_type": "bytes",
    "class_types": "(type,)",
    "integer_types": "(int,)",
    "string_types": "(str,)",
    "text_type": "str",
    "unichr": "chr",
}
MOVES: Final = {
    "filter": "filter",
    "input": "input",
    "map": "map",
    "range": "range",
    "xrange": "range",
    "zip": "zip",
}


def check(node: ast.Attribute | ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find names that stand for built-in types and functions."""
    if isinstance(node, ast.ImportFrom):
        if node.module in {"six", "six.moves"} and not node.level and id(node) not in view.scope.attempts:
            yield from _imported(node, view)
        return
    owner = node.value
    known = NAMES
    if isinstance(owner, ast.Attribute) and owner.attr == "moves":
        owner = owner.value
        known = MOVES
    if isinstance(owner, ast.Name) and owner.id == "six" and (name := known.get(node.attr)) is not None:
        if not isinstance(node.ctx, ast.Load):
            return
        yield Hit(
            view.span(node),
            f"Say `{name}`",
            (("name", view.span(node)),),
            requires=(Requirement("six", "module six"), *_builtins(name)),
        )


def _imported(node: ast.ImportFrom, view: View) -> Iterator[Hit]:
    moves = node.module == "six.moves"
    for alias in node.names:
        name = (MOVES if moves else NAMES).get(alias.name)
        if name is None or name == alias.name:  # that of a built-in name is another rule's
            continue
        bound = alias.asname or alias.name
        yield Hit(
            view.span(alias),
            f"Say `{name}`",
            (("statement", view.span(node)), ("alias", view.span(alias))),
            requires=(Requirement(bound, f"{node.module}.{alias.name}"), *_builtins(name)),
            anchor=view.start(node),
        )


def _builtins(name: str) -> tuple[Requirement, ...]:
    return builtin(name.strip("(,)"))
