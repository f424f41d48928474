"""Which fields of a node hold nodes: a table made once, because `ast.iter_child_nodes` asks at every node."""

from __future__ import annotations

import ast
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Fields that hold no nodes to visit; operators and contexts say nothing by themselves.
_NO_NODES: Final = frozenset(
    [
        "ctx",
        "op",
        "ops",
        "id",
        "attr",
        "module",
        "level",
        "conversion",
        "simple",
        "is_async",
        "asname",
        "rest",
        "kwd_attrs",
        "tag",
        "type_comment",
        "type_ignores",
        "str",
        "kind",
    ]
)
TYPE_PARAMETERS: Final[tuple[type[ast.AST], ...]] = tuple(  # of Python 3.12 and newer
    getattr(ast, name) for name in ("TypeVar", "ParamSpec", "TypeVarTuple") if hasattr(ast, name)
)
_NAMES: Final[dict[type[ast.AST], frozenset[str]]] = {
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias), frozenset({"name"})),
    **dict.fromkeys(TYPE_PARAMETERS, frozenset({"name"})),
    **dict.fromkeys((ast.ExceptHandler, ast.MatchStar, ast.MatchAs), frozenset({"name"})),
    **dict.fromkeys((ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal), frozenset({"names"})),
    **dict.fromkeys((ast.arg, ast.keyword), frozenset({"arg"})),
    ast.Constant: frozenset({"value"}),
    ast.MatchSingleton: frozenset({"value"}),
}


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    return tuple(name for name in kind._fields if name not in _NO_NODES and name not in _NAMES.get(kind, ()))


FIELDS: Final[dict[type, tuple[str, ...]]] = {
    **{
        kind: _fields(kind)
        for kind in vars(ast).values()
        if isinstance(kind, type) and issubclass(kind, ast.AST) and kind.__module__ in {"ast", "_ast"}
    },
    NoneType: (),
}


def below(*nodes: ast.AST) -> list[Any]:
    """The nodes and all their parts, in no order; without operators and contexts. Faster than `ast.walk`."""
    found: list[Any] = [*nodes]
    fields = FIELDS
    index = 0
    while index < len(found):
        node = found[index]
        index += 1
        for name in fields[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list:
                found += [part for part in value if part is not None]
            elif value is not None:
                found.append(value)
    return found


def each_below(*nodes: ast.AST) -> Iterator[Any]:
    """The same one by one, the parts of the last node first, for those who stop at the first they look for."""
    todo: list[Any] = [*nodes]
    pop = todo.pop
    fields = FIELDS
    while todo:
        node = pop()
        if node is None:
            continue
        yield node
        for name in fields[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list:
                todo += value
            elif value is not None:
                todo.append(value)


def parents(nodes: Iterable[ast.AST]) -> dict[ast.AST, ast.AST]:
    """Which node each part of the nodes belongs to; operators and contexts belong to none."""
    found: dict[ast.AST, ast.AST] = {}
    todo: list[Any] = [*nodes]
    fields = FIELDS
    while todo:
        node = todo.pop()
        for name in fields[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is list:
                for part in value:
                    if part is not None:
                        found[part] = node
                        todo.append(part)
            elif value is not None:
                found[value] = node
                todo.append(value)
    return found
