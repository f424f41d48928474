"""Functions with too many arguments: capture `name`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find functions with more than the setting `max-arguments`; `self`, `cls` and `_unused` ones don't count."""
    most = view.settings.max_arguments
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if len(arguments) <= most:
        return
    count = sum(not each.arg.startswith("_") for each in arguments)
    if view.scope.kind == "class" and arguments[0].arg in {"self", "cls"}:
        count -= 1
    if count > most:
        name = view.name_of(node)
        yield Hit(name, f"`{node.name}` has {count} arguments, at most {most} are allowed", (("name", name),))
