"""A loop that any() or all() says: captures `target` (the loop), `test`, `item`, `iterable`, `removed`, `kind`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import BODIES, bodies, lone
from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.For, ast.Return),)
_NOT_LATER: Final = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_LONGEST: Final = 100


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `for x in xs: if test: return True` right above `return False`, and the opposite."""
    for body in bodies(node):
        if len(body) < 2 or body[-1].__class__ is not ast.Return or body[-2].__class__ is not ast.For:
            continue
        loop, last = body[-2], body[-1]
        assert isinstance(loop, ast.For)
        assert isinstance(last, ast.Return)
        condition = lone(loop.body, ast.If)
        if condition is None or condition.orelse or loop.orelse:
            continue
        inner = lone(condition.body, ast.Return)
        answers = (_truth(inner), _truth(last))
        if answers not in {(True, False), (False, True)}:
            continue
        test, name = condition.test, "any" if answers[0] else "all"
        if any(isinstance(part, _NOT_LATER) for part in ast.walk(loop)):
            continue
        kind = "positive"
        if name == "all":
            kind = "opposite"
            if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
                test = test.operand
                kind = "positive"
        captures = [
            ("target", view.span(loop)),
            ("test", view.span(test)),
            ("item", view.span(loop.target)),
            ("iterable", view.span(loop.iter)),
            ("removed", view.span(last)),
            (f"{name}-{kind}", view.span(test)),
        ]
        if sum(span.end - span.start for _, span in captures[1:4]) > _LONGEST:
            continue
        mark = view.keyword(loop, len("for"))
        yield Hit(mark, f"Say it with {name}()", tuple(captures), requires=builtin(name))


def _truth(node: ast.Return | None) -> bool | None:
    value = None if node is None else node.value
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, bool) else None
