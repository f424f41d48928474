"""Two `if`, one after the other, that ask the same: captures `first` and `second` (the statements)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_pure
from backend_team.checks.statements import BODIES, bodies, is_local
from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.findings import Safety
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.If, ast.If),)
_LEAVING: Final = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_ASKED: Final = (ast.Is, ast.IsNot, ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `if x:` right below `if x:`, where the first does nothing to `x`."""
    if view.scope.kind != "function" and not isinstance(node, FUNCTIONS):
        return
    for body in bodies(node):
        for index, second in enumerate(body):
            if second.__class__ is not ast.If or not index or body[index - 1].__class__ is not ast.If:
                continue
            first = body[index - 1]
            assert isinstance(first, ast.If)
            assert isinstance(second, ast.If)
            if first.orelse or second.orelse or isinstance(first.body[-1], _LEAVING):
                continue
            if not same(first.test, second.test):
                continue
            names = _asked(first.test)
            if not names or any(isinstance(part, ast.Name) and part.id in names for part in _parts(first.body)):
                continue
            captures = (("first", view.span(first)), ("second", view.span(second)))
            mark = Span(view.start(second), view.end(second.test))
            function = node if isinstance(node, FUNCTIONS) else view.scope.node
            own = isinstance(function, FUNCTIONS) and all(is_local(name, function) for name in names)
            exact = own and (_is_identity(first.test) or all(map(_is_quiet, first.body)))
            yield Hit(mark, None, captures, None if exact else Safety.REVIEW)


def _is_identity(test: ast.expr) -> bool:
    """Whether nothing but what the names stand for is asked: what they hold may change without being named."""
    if isinstance(test, ast.UnaryOp):
        return _is_identity(test.operand)
    if isinstance(test, ast.BoolOp):
        return all(map(_is_identity, test.values))
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.IsNot))


def _is_quiet(statement: ast.stmt) -> bool:
    """Whether it only names something, so that no object changes."""
    if not isinstance(statement, ast.Assign) or not is_pure(statement.value):
        return False
    return all(isinstance(target, ast.Name) for target in statement.targets)


def _parts(body: list[ast.stmt]) -> Iterator[ast.AST]:
    return (part for statement in body for part in ast.walk(statement))


def _asked(test: ast.expr) -> set[str]:
    """The names that a condition asks about, when it asks nothing else; empty otherwise."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _asked(test.operand)
    if isinstance(test, ast.BoolOp):
        parts = [_asked(value) for value in test.values]
        return set().union(*parts) if all(parts) else set()
    if isinstance(test, ast.Compare):
        plain = len(test.ops) == 1 and isinstance(test.ops[0], _ASKED) and isinstance(test.comparators[0], ast.Constant)
        return _asked(test.left) if plain else set()
    return {test.id} if isinstance(test, ast.Name) else set()
