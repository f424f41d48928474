"""Arguments whose default None their annotation does not allow: capture `annotation`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS
SHAPES: Final = {kind: {"?defaults": (True,)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}
_BUILTINS: Final = frozenset(
    ["int", "float", "complex", "str", "bytes", "bytearray", "bool", "list", "dict", "set", "frozenset", "tuple"]
)
_GENERICS: Final = frozenset(
    {"List", "Dict", "Set", "FrozenSet", "Tuple", "Sequence", "Iterable", "Mapping", "Callable"}
)


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find annotations by built-in types, and generic ones, that surely don't hold None."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        annotation = argument.annotation
        if annotation is None or not isinstance(default, ast.Constant) or default.value is not None:
            continue
        relied = _relied_on(annotation)
        if relied is not None:
            span = view.span(annotation)
            message = f"`{argument.arg}` may be None, and its annotation doesn't say so"
            yield Hit(span, message, (("annotation", span),), requires=relied, anchor=view.start(node))


def _relied_on(annotation: ast.expr) -> tuple[Requirement, ...] | None:
    """What it rests on that the annotation is a type without None; None when it may be one with it."""
    name = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    if not isinstance(name, ast.Name):
        return None
    if name.id in _BUILTINS:
        return builtin(name.id)
    if isinstance(annotation, ast.Subscript) and name.id in _GENERICS:
        return (Requirement(name.id, f"typing.{name.id}"),)
    return None
