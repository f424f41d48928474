"""A counter beside a loop: captures `start`, `first`, `loop`, `item`, `iterable`, `counter`, `step`, maybe `early`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import BODIES, bodies, own
from backend_team.checks.view import FUNCTIONS, Hit, builtin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.Assign, ast.For),)
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_LATER: Final = (*FUNCTIONS, ast.ClassDef, ast.Lambda, ast.GeneratorExp)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `n = 0` right above a `for` that begins or ends each round with `n += 1`, when only the loop reads `n`."""
    for body in bodies(node):
        for index, loop in enumerate(body):
            if loop.__class__ is ast.For and index and body[index - 1].__class__ is ast.Assign:
                start = body[index - 1]
                assert isinstance(start, ast.Assign)
                assert isinstance(loop, ast.For)
                function = node if isinstance(node, FUNCTIONS) else view.scope.node
                if isinstance(function, FUNCTIONS):
                    yield from _counted(function, start, loop, view)


def _counted(function: ast.AST, start: ast.Assign, loop: ast.For, view: View) -> Iterator[Hit]:
    counter = start.targets[0]
    first = start.value
    if not isinstance(counter, ast.Name) or len(start.targets) != 1 or len(loop.body) < 2:
        return
    if not isinstance(first, ast.Constant) or type(first.value) is not int:
        return
    early = _is_step(loop.body[0], counter.id)
    step = loop.body[0] if early else loop.body[-1]
    if not early and (not _is_step(step, counter.id) or _continues(loop)):
        return
    inside = [each for statement in loop.body if statement is not step for each in _names(statement, counter.id)]
    if not inside or not all(isinstance(each.ctx, ast.Load) for each in inside):
        return
    if len(_names(function, counter.id)) != len(inside) + 2 or _is_of_elsewhere(function, counter.id):
        return
    captures = [
        ("start", view.span(start)),
        ("first", view.span(first)),
        ("loop", view.span(loop)),
        ("item", view.span(loop.target)),
        ("iterable", view.span(loop.iter)),
        ("counter", view.span(counter)),
        ("step", view.span(step)),
    ]
    if early:
        captures.append(("early", view.span(step)))
    message = f"Count `{counter.id}` with enumerate()"
    # What is called later sees how far the counter got, which is one less with enumerate().
    safety = Safety.REVIEW if any(_names(part, counter.id) for part in _kept(loop)) else None
    requires = builtin("enumerate")
    yield Hit(view.span(start), message, tuple(captures), safety, requires, anchor=view.start(loop))


def _kept(loop: ast.For) -> Iterator[ast.AST]:
    """The functions and generators of its body."""
    return (part for statement in loop.body for part in ast.walk(statement) if isinstance(part, _LATER))


def _is_step(node: ast.stmt, name: str) -> bool:
    """Whether it is `name += 1`."""
    if not isinstance(node, ast.AugAssign) or not isinstance(node.op, ast.Add) or not isinstance(node.target, ast.Name):
        return False
    step = node.value.value if isinstance(node.value, ast.Constant) else None
    return node.target.id == name and type(step) is int and step == 1


def _continues(loop: ast.For) -> bool:
    """Whether a round can end before its last statement."""
    inner = {id(part) for each in own(loop.body) if isinstance(each, _LOOPS) for part in own(each.body)}
    return any(isinstance(each, ast.Continue) and id(each) not in inner for each in own(loop.body))


def _names(node: ast.AST, name: str) -> list[ast.Name]:
    return [part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id == name]


def _is_of_elsewhere(function: ast.AST, name: str) -> bool:
    return any(isinstance(part, (ast.Global, ast.Nonlocal)) and name in part.names for part in ast.walk(function))
