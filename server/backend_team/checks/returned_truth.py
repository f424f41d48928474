"""`if c: return True` right above `return False`: captures of `needless_bool`, and `removed` (the `return` below)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import boolean_builtins, is_boolean
from backend_team.checks.statements import BODIES, bodies, lone
from backend_team.checks.view import Hit, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.If, ast.Return),)
_ORDER: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_LONGEST: Final = 70  # characters of the condition


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find an answer that is the condition, or its opposite, where it is no last case of several."""
    for body in bodies(node):
        if len(body) < 2 or body[-1].__class__ is not ast.Return or body[-2].__class__ is not ast.If:
            continue
        choice, last = body[-2], body[-1]
        assert isinstance(choice, ast.If)
        assert isinstance(last, ast.Return)
        first = _truth(lone(choice.body, ast.Return))
        if first is None or _truth(last) is not (not first) or choice.orelse:
            continue
        if len(body) > 2 and isinstance(body[-3], ast.If):
            continue
        test = view.span(choice.test)
        if test.end - test.start > _LONGEST or choice.test.lineno != choice.test.end_lineno:
            continue
        if "#" in view.text[test.end : view.start(last)]:
            continue
        captures = [("statement", view.span(choice)), ("condition", test), ("removed", view.span(last))]
        relied = {"bool"}
        if not first:
            if isinstance(choice.test, ast.Compare) and isinstance(choice.test.ops[0], _ORDER):
                continue  # `not a < b` is no gain
            captures.append(("negated", test))
            relied = set()
        elif is_boolean(choice.test):
            captures.append(("boolean", test))
            relied = boolean_builtins(choice.test)
        mark = Span(view.start(choice), test.end)
        yield Hit(mark, None, tuple(captures), requires=builtin(*sorted(relied)))


def _truth(node: ast.Return | None) -> bool | None:
    value = None if node is None else node.value
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, bool) else None
