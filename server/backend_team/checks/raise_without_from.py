"""`raise` in a handler that doesn't say where it comes from: captures `exception` and, when it has one, `name`.

`name` is the name the handler gives to what it caught, so that the fix is ` from <name>`, otherwise ` from None`.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)
_AS: Final = re.compile(r"\bas[\s\\]+(\w+)")
_ELSEWHERE: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ExceptHandler)


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find a new exception raised while another is handled."""
    for statement in _raises(node):
        exception = statement.exc
        if exception is None or statement.cause is not None:
            continue
        if not isinstance(exception, ast.Call):
            if not isinstance(exception, ast.Name) or not exception.id[:1].isupper():
                continue  # an exception made before, perhaps the one that was caught
        elif isinstance(exception.func, ast.Attribute) and exception.func.attr == "with_traceback":
            continue
        captures = [("exception", view.span(exception))]
        if node.name is not None and node.type is not None:
            found = _AS.search(view.text, view.end(node.type))
            if found is not None:
                captures.append(("name", Span(found.start(1), found.end(1))))
        yield Hit(view.span(statement), None, tuple(captures))


def _raises(node: ast.ExceptHandler) -> Iterator[ast.Raise]:
    todo: list[ast.AST] = [*node.body]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.Raise):
            yield part
        elif isinstance(part, ast.stmt) and not isinstance(part, _ELSEWHERE):
            todo += [child for child in ast.iter_child_nodes(part) if not isinstance(child, (*_ELSEWHERE, ast.expr))]
