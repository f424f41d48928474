"""Functions with too many ways out: capture `name`."""

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
    """Find functions with more than the setting `max-returns`."""
    most = view.settings.max_returns
    count = sum(isinstance(each, ast.Return) for each in own(node.body))
    if count > most:
        name = view.name_of(node)
        yield Hit(name, f"`{node.name}` has {count} `return`, at most {most} are allowed", (("name", name),))
