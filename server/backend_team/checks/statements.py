"""Statements one after another: the bodies of a statement, and all that a function does itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.nodes import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BODIES: Final = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.ExceptHandler,
)
LEAVING: Final = frozenset({ast.Return, ast.Raise, ast.Continue, ast.Break})
BODY_NAMES: Final = ("body", "orelse", "finalbody")
_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OWN_YIELDS: Final = frozenset({*_DEFINITIONS, ast.Lambda})
_SCOPES: Final = (*_DEFINITIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bodies(node: Any) -> Iterator[list[ast.stmt]]:
    """The lists of statements that a statement holds."""
    for name in BODY_NAMES:
        body = getattr(node, name, None)
        if body:
            yield body


def among(node: ast.stmt, parent: Any) -> tuple[list[ast.stmt], int] | None:
    """The list of statements of its parent that a statement is in, and its place therein."""
    for body in bodies(parent):
        for index, each in enumerate(body):
            if each is node:
                return body, index
    return None


def own(body: Iterable[ast.stmt]) -> Iterator[Any]:
    """The statements, handlers and cases below, each before those it holds; without what definitions hold."""
    todo: list[Any] = [*body]
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _DEFINITIONS):
            for part in bodies(node):
                todo += part
            todo += getattr(node, "handlers", ())
            todo += getattr(node, "cases", ())


def is_generator(body: Iterable[ast.stmt]) -> bool:
    """Whether a function with this body yields."""
    todo: list[Any] = [*body]
    while todo:
        node = todo.pop()
        kind = node.__class__
        if kind is ast.Yield or kind is ast.YieldFrom:
            return True
        if kind not in _OWN_YIELDS:
            for name in FIELDS[kind]:
                value = getattr(node, name)
                if value.__class__ is list:
                    todo += value
                elif value is not None:
                    todo.append(value)
    return False


def is_local(name: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the name is the function's own, and nothing that it calls can bind it again."""
    if any(isinstance(part, (ast.Global, ast.Nonlocal)) and name in part.names for part in ast.walk(function)):
        return False
    given = function.args
    if any(each.arg == name for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)):
        return True
    todo: list[Any] = [*function.body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            return True
        if not isinstance(node, _SCOPES):
            todo += ast.iter_child_nodes(node)
    return False


def belonging_breaks(body: Iterable[ast.stmt]) -> bool:
    """Whether a `break` among the statements of a loop ends that loop."""
    todo: list[Any] = [*body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            todo += node.orelse
        elif not isinstance(node, _DEFINITIONS):
            for part in bodies(node):
                todo += part
            todo += getattr(node, "handlers", ())
            todo += getattr(node, "cases", ())
    return False


def lone(body: list[ast.stmt], kind: type[ast.stmt]) -> Any:
    """The only statement of a body when it is of a kind."""
    return body[0] if len(body) == 1 and body[0].__class__ is kind else None
