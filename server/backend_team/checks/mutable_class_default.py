"""Lists, dicts and sets that a class holds: capture `value`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View

SCOPES: Final = ("class",)
WANTS: Final = ("assignments",)
_DISPLAYS: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_CALLS: Final = frozenset({"list", "dict", "set"})


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find them, but not special names, constants, and what is annotated as belonging to the class."""
    if scope.kind != "class":
        return
    for node in scope.assignments:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        value = node.value
        if not isinstance(target, ast.Name) or target.id.startswith("__") or target.id.isupper():
            continue
        if isinstance(node, ast.AnnAssign) and any(_says_class(part) for part in ast.walk(node.annotation)):
            continue
        called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
        if isinstance(value, _DISPLAYS) or called in _CALLS:
            assert value is not None
            span = view.span(value)
            yield Hit(span, None, (("value", span),), requires=builtin(called) if called else ())


def _says_class(node: ast.AST) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) in {"ClassVar", "Final"}
