"""A lambda that `operator` has a function for: captures `lambda` and the function, with `items` where it takes some."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Lambda,)
_BINARY: Final[dict[type[ast.AST], str]] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mult: "mul",
    ast.MatMult: "matmul",
    ast.Pow: "pow",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.Mod: "mod",
    ast.Is: "is_",
    ast.IsNot: "is_not",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.GtE: "ge",
    ast.Gt: "gt",
}
_UNARY: Final[dict[type[ast.AST], str]] = {
    ast.Invert: "invert",
    ast.USub: "neg",
    ast.Not: "not_",
    ast.UAdd: "pos",
}


def check(node: ast.Lambda, view: View) -> Iterator[Hit]:
    """Find `lambda a, b: a + b`, `lambda a: -a`, `lambda a: a[0]`."""
    arguments = node.args
    if arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults:
        return
    names = [each.arg for each in arguments.args]
    function = _two(node.body, names) if len(names) == 2 else _one(node.body, names[0]) if len(names) == 1 else None
    if function is not None:
        captures = [("lambda", view.span(node))]
        if function == "itemgetter":
            captures += [("item", view.span(part.slice)) for part in _items(node.body)]
        captures.append((function, view.span(node)))
        yield Hit(view.span(node), f"Say `operator.{function}`", tuple(captures))


def _two(body: Any, names: list[str]) -> str | None:
    if isinstance(body, ast.BinOp):
        return _BINARY.get(body.op.__class__) if _are(names, body.left, body.right) else None
    if not isinstance(body, ast.Compare) or len(body.ops) != 1:
        return None
    if isinstance(body.ops[0], ast.In):
        return "contains" if _are(names, body.comparators[0], body.left) else None
    return _BINARY.get(body.ops[0].__class__) if _are(names, body.left, body.comparators[0]) else None


def _one(body: Any, name: str) -> str | None:
    if isinstance(body, ast.UnaryOp):
        return _UNARY[body.op.__class__] if _are([name], body.operand) else None
    items = _items(body)
    if not items or (len(items) == 1 and isinstance(body, ast.Tuple)):
        return None
    if all(isinstance(each, ast.Subscript) and _are([name], each.value) and _is_key(each.slice) for each in items):
        return "itemgetter"
    return None


def _items(body: Any) -> list[Any]:
    return body.elts if isinstance(body, ast.Tuple) else [body]


def _is_key(key: ast.expr) -> bool:
    if isinstance(key, ast.Slice):
        return all(part is None or _is_key(part) for part in (key.lower, key.upper, key.step))
    if isinstance(key, ast.UnaryOp):
        return isinstance(key.operand, ast.Constant)
    return isinstance(key, ast.Constant)


def _are(names: list[str], *nodes: ast.expr) -> bool:
    return all(isinstance(node, ast.Name) and node.id == name for name, node in zip(names, nodes, strict=True))
