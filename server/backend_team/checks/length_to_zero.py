"""A length where emptiness is asked: captures `target`, `value` and `empty` or `filled`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.view import Hit, Requirement, builtin
from backend_team.rules.shape import ANY_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.While, ast.Assert, ast.IfExp, ast.comprehension)
_SIZED: Final = ("list", "dict", "set", "str", "tuple", "bytes", "frozenset")
_EMPTY: Final = {(ast.Eq, 0), (ast.LtE, 0), (ast.Lt, 1)}
_FILLED: Final = {(ast.NotEq, 0), (ast.Gt, 0), (ast.GtE, 1)}
SHAPES: Final = {
    **{kind: {"test": (ast.Compare, ast.Call, ast.BoolOp, ast.UnaryOp)} for kind in NODES},
    ast.comprehension: {"ifs#": ANY_NUMBER},
}


def check(node: Any, view: View) -> Iterable[Hit]:
    """Find `len(x) == 0`, `len(x)`, `len(x) > 0` and `x == []` in a condition, of what is known to be a collection."""
    if node.__class__ is ast.comprehension:
        return _asked(node.ifs, view)
    return _asked((node.test,), view) if _may_ask(node.test) else ()


def _may_ask(test: Any) -> bool:
    """Whether a condition looks as if it asked for a length: cheap, to reject the others."""
    while test.__class__ is ast.UnaryOp:
        test = test.operand
    if test.__class__ is ast.Compare:
        test = test.left
        if test.__class__ is ast.Name:
            return True
    if test.__class__ is ast.Call:
        return test.func.__class__ is ast.Name and test.func.id == "len"
    return test.__class__ is ast.BoolOp


def _asked(tests: Iterable[ast.expr], view: View) -> Iterator[Hit]:
    for test in tests:
        for part in _parts(test):
            if (display := _display(part)) is not None:
                yield _of_display(part, display, view)
                continue
            compared = isinstance(part, ast.Compare)
            name = _measured(part.left if compared else part)
            if name is None:
                continue
            asked = _compared(part) if compared else None
            if asked in _EMPTY:
                yield from _hits(part, name, "empty", view)
            elif not compared or asked in _FILLED:
                yield from _hits(part, name, "filled", view)


def _parts(test: Any) -> list[Any]:
    """The parts of a condition whose truth is all that counts."""
    todo = [test]
    parts = []
    while todo:
        part = todo.pop()
        if part.__class__ is ast.BoolOp:
            todo += part.values
        elif part.__class__ is ast.UnaryOp and isinstance(part.op, ast.Not):
            todo.append(part.operand)
        else:
            parts.append(part)
    return parts


def _display(node: Any) -> str | None:
    """The kind of the empty display that a name is compared to."""
    if node.__class__ is not ast.Compare or node.left.__class__ is not ast.Name or len(node.ops) != 1:
        return None
    other = node.comparators[0]
    if not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        return None
    if isinstance(other, (ast.List, ast.Tuple)) and not other.elts:
        return "list" if isinstance(other, ast.List) else "tuple"
    return "dict" if isinstance(other, ast.Dict) and not other.keys else None


def _of_display(node: Any, kind: str, view: View) -> Hit:
    empty = isinstance(node.ops[0], ast.Eq)
    span, name = view.span(node), node.left.id
    captures = (("target", span), ("value", view.span(node.left)), ("empty" if empty else "filled", span))
    return Hit(span, f"Say `not {name}`" if empty else f"Say `{name}`", captures, requires=(Requirement(name, kind),))


def _measured(node: Any) -> str | None:
    """The `x` of `len(x)`."""
    if node.__class__ is not ast.Call or node.func.__class__ is not ast.Name or node.func.id != "len":
        return None
    return node.args[0].id if len(node.args) == 1 and isinstance(node.args[0], ast.Name) else None


def _compared(node: Any) -> tuple[type[ast.cmpop], object] | None:
    if len(node.ops) != 1 or not isinstance(node.comparators[0], ast.Constant):
        return None
    value = node.comparators[0].value
    return (node.ops[0].__class__, value) if type(value) is int else None


def _hits(node: Any, name: str, kind: str, view: View) -> Iterator[Hit]:
    call: Any = node.left if isinstance(node, ast.Compare) else node
    span = view.span(node)
    captures = (("target", span), ("value", view.span(call.args[0])), (kind, span))
    for known in _SIZED:  # at most one of them holds
        message = f"Say `not {name}`" if kind == "empty" else f"Say `{name}`"
        yield Hit(span, message, captures, requires=(*builtin("len"), Requirement(name, known)))
