"""Branches that all assign what is returned below: captures `return`, and `statement` and `value` of each branch."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks import choice_by_if
from backend_team.checks.looked_up_key import looked_up
from backend_team.checks.statements import BODIES, bodies
from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.If, ast.Return),)
_SCOPES: Final = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
_NOT_RETURNED: Final = (ast.Yield, ast.YieldFrom, ast.NamedExpr)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `if c: x = a` / `else: x = b` right above `return x`, where no shorter way says it."""
    for body in bodies(node):
        last = body[-1]
        if last.__class__ is not ast.Return or len(body) == 1 or body[-2].__class__ is not ast.If:
            continue
        choice = body[-2]
        assert isinstance(last, ast.Return)
        assert isinstance(choice, ast.If)
        if not isinstance(last.value, ast.Name) or not choice.orelse:
            continue
        ends = _ends(choice, last.value.id)
        if not ends or any(choice_by_if.check(choice, view)) or looked_up(choice) is not None:
            continue
        if "#" in view.text[view.end(choice) : view.start(last)].replace("\r", "\n").partition("\n")[2]:
            continue
        function = node if isinstance(node, FUNCTIONS) else view.scope.node
        if isinstance(function, FUNCTIONS) and not _is_known_elsewhere(function, last.value.id):
            captures = [("return", view.span(last)), ("choice", view.span(choice))]
            for end in ends:
                captures += [("statement", view.span(end)), ("value", view.span(end.value))]
            yield Hit(Span(view.start(choice), view.end(choice.test)), None, tuple(captures))


def _ends(choice: ast.If, name: str) -> list[ast.Assign]:
    """The assignments that the branches end with; empty when one of them ends otherwise, or there is no `else`."""
    ends = []
    branches = [choice.body, choice.orelse]
    while branches:
        last = branches.pop()[-1]
        if isinstance(last, ast.If):
            if not last.orelse:
                return []
            branches += [last.body, last.orelse]
            continue
        if not isinstance(last, ast.Assign) or len(last.targets) != 1 or isinstance(last.value, _NOT_RETURNED):
            return []
        target = last.targets[0]
        if not isinstance(target, ast.Name) or target.id != name:
            return []
        ends.append(last)
    return ends


def _is_known_elsewhere(function: ast.AST, name: str) -> bool:
    """Whether somebody may look at the name after the function returned: a function inside, `finally`, the module."""
    for part in ast.walk(function):
        if isinstance(part, (ast.Global, ast.Nonlocal)):
            if name in part.names:
                return True
        elif isinstance(part, _SCOPES) and part is not function:
            if _names(part, name):
                return True
        elif isinstance(part, ast.Try):
            if any(_names(statement, name) for statement in part.finalbody):
                return True
        elif isinstance(part, ast.AnnAssign):
            if isinstance(part.target, ast.Name) and part.target.id == name:
                return True  # its type was worth saying
        elif isinstance(part, ast.Name) and part.id in {"locals", "eval", "exec", "vars"}:
            return True
    return False


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))
