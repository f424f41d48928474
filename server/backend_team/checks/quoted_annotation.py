"""Quotes around an annotation that nobody evaluates anyway: capture `text`.

Safe for arguments and results; for review for what a class annotates, which is read at runtime more often.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement
from backend_team.findings import Safety
from backend_team.parsing import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.AnnAssign)
_LAZY: Final = (3, 14)  # from here on annotations are evaluated when they are asked for
_FUTURE: Final = Requirement("annotations", "__future__.annotations")
_LITERALS: Final = frozenset({"Literal", "Annotated"})


def check(node: FunctionNode | ast.AnnAssign, view: View) -> Iterable[Hit]:
    """Find texts in annotations that are expressions."""
    if isinstance(node, ast.AnnAssign):
        return _quoted([node.annotation], Safety.REVIEW if view.scope.kind == "class" else None, view)
    arguments = node.args
    places = [each.annotation for each in arguments.args if each.annotation is not None]
    others = (*arguments.posonlyargs, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    places += [each.annotation for each in others if each is not None and each.annotation is not None]
    if node.returns is not None:
        places.append(node.returns)
    return _quoted(places, None, view) if places else ()


def _quoted(places: Iterable[ast.expr], safety: Safety | None, view: View) -> Iterator[Hit]:
    requires = () if view.settings.target_version >= _LAZY else (_FUTURE,)
    for place in places:
        if isinstance(place, ast.Name):
            continue
        for text in _texts(place):
            span = view.span(text)
            yield Hit(span, None, (("text", span),), safety, requires)


def _texts(annotation: ast.expr) -> Iterator[ast.Constant]:
    """The texts in an annotation that stand for a type."""
    if isinstance(annotation, ast.Constant):
        if isinstance(annotation.value, str) and _is_expression(annotation.value):
            yield annotation
    elif isinstance(annotation, ast.Subscript):
        value = annotation.value
        name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
        if name == "Annotated" and isinstance(annotation.slice, ast.Tuple):
            yield from _texts(annotation.slice.elts[0])
        elif name not in _LITERALS:
            yield from _texts(annotation.slice)
    elif isinstance(annotation, (ast.Tuple, ast.List)):
        for item in annotation.elts:
            yield from _texts(item)
    elif isinstance(annotation, ast.BinOp):
        yield from _texts(annotation.left)
        yield from _texts(annotation.right)


def _is_expression(text: str) -> bool:
    if "\n" in text or "#" in text or not text.strip():
        return False
    try:
        tree = syntax_tree(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return False
    return isinstance(tree, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp))
