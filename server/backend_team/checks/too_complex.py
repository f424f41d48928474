"""Functions with too many ways through them: captures `name` and `function` (all of it, decorators included)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_team.checks.view import Scope, View

SCOPES: Final = ("function",)


def check_scope(scope: Scope, view: View) -> Iterable[Hit]:
    """Find functions whose complexity passes the setting `max-complexity`.

    Counted as McCabe's tool for Python does: 1, and 1 for each `if`, loop, handler, case and comprehension.
    """
    most = view.settings.max_complexity
    node = scope.node
    if scope.complexity <= most or not isinstance(node, FUNCTIONS):
        return ()
    name = view.name_of(node)
    message = f"`{node.name}` is too complex: {scope.complexity} ways through it, at most {most} are allowed"
    return (Hit(name, message, (("name", name), ("function", view.whole(node))), anchor=view.start(node)),)
