"""Which fields of a node hold nodes: a table made once, because `ast.iter_child_nodes` asks at every node."""

from __future__ import annotations

import ast
from types import NoneType
from typing import Any, Final

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
_NAMES: Final[dict[type[ast.AST], frozenset[str]]] = {
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias), frozenset({"name"})),
    **dict.fromkeys((ast.ExceptHandler, ast.MatchStar, ast.MatchAs), frozenset({"name"})),
    **dict.fromkeys((ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal), frozenset({"names"})),
    **dict.fromkeys((ast.arg, ast.keyword), frozenset({"arg"})),
    ast.Constant: frozenset({"value"}),
    ast.MatchSingleton: frozenset({"value"}),
}


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    return tuple(name for name in kind._fields if name not in _NO_NODES and name not in _NAMES.get(kind, ()))


_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    **{
        kind: _fields(kind)
        for kind in vars(ast).values()
        if isinstance(kind, type) and issubclass(kind, ast.AST) and kind.__module__ in {"ast", "_ast"}
    },
    NoneType: (),
}


def push_parts(node: Any, stack: list[Any]) -> None:
    """Put the parts of a node on the stack."""
    for name in _FIELDS.get(node.__class__, ()):
        value = getattr(node, name)
        if value.__class__ is list:
            stack.extend(value)
        elif value is not None:
            stack.append(value)
