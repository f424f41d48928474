"""The opposite of a condition, as a person would write it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TURNED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Eq: "!=",
    ast.NotEq: "==",
}
_ORDER: Final[Mapping[type[ast.cmpop], str]] = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<"}
_PLAIN: Final = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)
_LOOSE: Final = (ast.Lambda, ast.IfExp, ast.NamedExpr)
MOST_PARTS: Final = 2  # of a group whose opposite still reads well


def is_exact(test: ast.expr) -> bool:
    """Whether the opposite surely is one: objects can answer `==` and `!=` in ways that are not."""
    return not any(isinstance(part, ast.Compare) and _overloaded(part) for part in _parts(test))


def has_opposite(test: ast.expr) -> bool:
    """Whether the opposite reads as well as the condition, on one line."""
    return test.lineno == test.end_lineno and len(_parts(test)) <= MOST_PARTS and all(map(_turns, _parts(test)))


def opposite(test: ast.expr, text: Callable[[ast.expr], str]) -> str:
    """The opposite of a condition that has one; `text` gives the text of a part of it."""
    if isinstance(test, ast.BoolOp):
        word = " or " if isinstance(test.op, ast.And) else " and "
        return word.join(_part(part, text) for part in test.values)
    if isinstance(test, ast.UnaryOp):
        inner = text(test.operand)
        return f"({inner})" if isinstance(test.operand, _LOOSE) else inner
    if isinstance(test, ast.Compare):
        kind = type(test.ops[0])
        word = _TURNED[kind] if kind in _TURNED else _ORDER[kind]
        return f"{_side(test.left, text)} {word} {_side(test.comparators[0], text)}"
    return f"not {text(test)}"


def _part(node: ast.expr, text: Callable[[ast.expr], str]) -> str:
    """The opposite as a part of a group."""
    inner = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.BoolOp)
    return f"({opposite(node, text)})" if inner else opposite(node, text)


def _side(node: ast.expr, text: Callable[[ast.expr], str]) -> str:
    loose = isinstance(node, (ast.BoolOp, ast.Compare, ast.Await, *_LOOSE)) or _is_not(node)
    return f"({text(node)})" if loose else text(node)


def _parts(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) else [test]


def _turns(node: ast.expr) -> bool:
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and (type(node.ops[0]) in _TURNED or _are_counts(node))
    return isinstance(node, _PLAIN) or _is_not(node)


def _is_not(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _overloaded(node: ast.Compare) -> bool:
    return isinstance(node.ops[0], (ast.Eq, ast.NotEq)) and not _are_counts(node)


def _are_counts(node: ast.Compare) -> bool:
    """Whether lengths and whole numbers are compared."""
    return all(map(_is_count, (node.left, node.comparators[0])))


def _is_count(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "len"
    return isinstance(node, ast.Constant) and isinstance(node.value, int)
