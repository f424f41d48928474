"""Functions with too many statements: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find functions with more than the setting `max-statements`; the docstring doesn't count."""
    most = view.settings.max_statements
    if (node.end_lineno or 0) - node.lineno < most and ";" not in view.text:
        return
    count = sum(isinstance(each, ast.stmt) for each in own(node.body)) - (ast.get_docstring(node, False) is not None)
    if count > most:
        name = view.name_of(node)
        yield Hit(name, f"`{node.name}` has {count} statements, at most {most} are allowed", (("name", name),))
