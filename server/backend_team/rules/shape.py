"""The shape of a node: the types of its parts, so that only the patterns are tried that can match."""

from __future__ import annotations

import ast
import sys
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Union

from backend_team.rules.pattern import is_many, single

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

Shape = tuple[object, ...]
# What a check wants of the parts of a node, or several such of which one will do.
Wanted = Union["Mapping[str, Collection[object]]", "tuple[Mapping[str, Collection[object]], ...]"]

# By type: the parts whose types (`left`), whose number (`ops#`) or whose first item's type (`ops0`) make the shape, or
# what is asked of a definition: whether it has `?defaults`, whether Python gives it a `?special` meaning by its name,
# what is the `?last` of its statements.
PARTS: Final[Mapping[type[ast.AST], tuple[str, ...]]] = {
    ast.Assign: ("targets#", "targets0", "value"),
    ast.Assert: ("test",),
    ast.AugAssign: ("target", "op", "value"),
    ast.BinOp: ("left", "op", "right"),
    ast.BoolOp: ("op", "values#", "values0"),
    ast.Call: ("func", "args#", "args0", "keywords#"),
    ast.Compare: ("left", "ops#", "ops0", "comparators0"),
    ast.Delete: ("targets#", "targets0"),
    ast.DictComp: ("key", "value", "generators#"),
    ast.AsyncFunctionDef: ("decorator_list#", "body0", "?defaults", "?special", "?last"),
    ast.Expr: ("value",),
    ast.For: ("target", "iter", "body#", "body0", "orelse#"),
    ast.FunctionDef: ("decorator_list#", "body0", "?defaults", "?special", "?last"),
    ast.GeneratorExp: ("elt", "generators#"),
    ast.If: ("test", "body#", "body0", "orelse#", "orelse0"),
    ast.IfExp: ("test", "body", "orelse"),
    ast.ListComp: ("elt", "generators#"),
    ast.Raise: ("exc", "cause"),
    ast.Return: ("value",),
    ast.SetComp: ("elt", "generators#"),
    ast.Subscript: ("value", "slice"),
    ast.UnaryOp: ("op", "operand"),
    ast.While: ("test", "body#", "body0", "orelse#"),
    ast.comprehension: ("ifs#", "iter"),
}
_ASKED: Final = {"?defaults": 2, "?special": 3, "?last": 4}  # where it stands in the shape of a function
ANY_NUMBER: Final = range(1, sys.maxsize)  # for checks that want at least one


def _for(node: Any) -> Shape:
    body = node.body
    return node.target.__class__, node.iter.__class__, len(body), body[0].__class__, len(node.orelse)


def _if(node: Any) -> Shape:
    body, orelse = node.body, node.orelse
    return (
        node.test.__class__,
        len(body),
        body[0].__class__,
        len(orelse),
        orelse[0].__class__ if orelse else NoneType,
    )


def _function(node: Any) -> Shape:
    arguments = node.args
    defaults = bool(arguments.defaults or arguments.kw_defaults)
    body = node.body
    return len(node.decorator_list), body[0].__class__, defaults, node.name[:2] == "__", body[-1].__class__


def _call(node: Any) -> Shape:
    arguments = node.args
    first = arguments[0].__class__ if arguments else NoneType
    return node.func.__class__, len(arguments), first, len(node.keywords)


# The same written out, for these are looked at most.
SHAPES: Final[Mapping[type[ast.AST], Callable[[Any], Shape]]] = {
    ast.Assign: lambda node: (len(node.targets), node.targets[0].__class__, node.value.__class__),
    ast.BinOp: lambda node: (node.left.__class__, node.op.__class__, node.right.__class__),
    ast.BoolOp: lambda node: (node.op.__class__, len(node.values), node.values[0].__class__),
    ast.AsyncFunctionDef: _function,
    ast.Call: _call,
    ast.Compare: lambda node: (
        node.left.__class__,
        len(node.ops),
        node.ops[0].__class__,
        node.comparators[0].__class__,
    ),
    ast.Expr: lambda node: (node.value.__class__,),
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.If: _if,
    ast.IfExp: lambda node: (node.test.__class__, node.body.__class__, node.orelse.__class__),
    ast.Return: lambda node: (node.value.__class__,),
    ast.Subscript: lambda node: (node.value.__class__, node.slice.__class__),
    ast.UnaryOp: lambda node: (node.op.__class__, node.operand.__class__),
}


def shape_of(node: ast.AST) -> Shape:
    """The shape of a node of a type in `PARTS`."""
    written = SHAPES.get(node.__class__)
    return written(node) if written is not None else tuple(_part(node, part) for part in PARTS[node.__class__])


def _part(node: Any, part: str) -> object:
    if part[0] == "?":
        return _function(node)[_ASKED[part]]
    if part[-1] == "#":
        return len(getattr(node, part[:-1]))
    if part[-1] == "0":
        items = getattr(node, part[:-1])
        return items[0].__class__ if items else NoneType
    return getattr(node, part).__class__


class Sieve:
    """Which of many patterns and checks can look at a node: each part of its shape rules out some of them.

    Each of `wanted` is the tree of a pattern, or what a check wants of some parts (of several such, one must hold), or
    None for all nodes.
    """

    __slots__ = ("_masks", "_parts", "_rows")

    def __init__(self, kind: type[ast.AST], wanted: Iterable[ast.AST | Wanted | None]) -> None:
        self._parts = PARTS[kind]
        self._rows = [
            (number, one)
            for number, each in enumerate(wanted)
            for one in (each if isinstance(each, tuple) else (each,))
        ]
        self._masks: dict[tuple[int, object], int] = {}

    def through(self, shape: Shape) -> list[int]:
        """The numbers, in their order, of those that nodes of a shape suit."""
        mask = -1
        for place in enumerate(shape):
            known = self._masks.get(place)
            mask &= self._mask(place) if known is None else known
        found = dict.fromkeys(number for row, (number, _) in enumerate(self._rows) if mask >> row & 1)
        return list(found)

    def _mask(self, place: tuple[int, object]) -> int:
        part, value = self._parts[place[0]], place[1]
        mask = sum(1 << row for row, (_, one) in enumerate(self._rows) if _lets_pass(one, part, value))
        self._masks[place] = mask
        return mask


def _lets_pass(wanted: ast.AST | Mapping[str, Collection[object]] | None, part: str, found: Any) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, ast.AST):
        return _fits(wanted, part, found)
    return part not in wanted or found in wanted[part]


def _fits(tree: ast.AST, part: str, found: Any) -> bool:
    if part[0] == "?":
        return True
    if part[-1] in "#0":
        items = getattr(tree, part[:-1])
        many = any(map(is_many, items))
        if isinstance(tree, ast.Call) and part == "keywords#" and not items and any(map(is_many, tree.args)):
            return True  # `f($$X)` leaves the keywords free
        if part[-1] == "#":
            return bool(found >= len(items) - 1) if many else found == len(items)
        if not items:
            return found is NoneType
        return is_many(items[0]) or _is(items[0], found)
    return _is(getattr(tree, part), found)


def _is(tree: Any, found: type) -> bool:
    if tree is not None and single(tree) is not None:
        return issubclass(found, ast.expr)
    return found is tree.__class__
