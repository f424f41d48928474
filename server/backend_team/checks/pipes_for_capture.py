"""`run(…, stdout=PIPE, stderr=PIPE)` for `capture_output=True`: captures `call`, `stdout` and `stderr`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("run",)
_RUN: Final = {"subprocess": frozenset({"run"})}
_PIPE: Final = {"subprocess": frozenset({"PIPE"})}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls that give a pipe for both."""
    given = {keyword.arg: keyword for keyword in node.keywords}
    if "stdout" not in given or "stderr" not in given or None in given or "capture_output" in given:
        return
    found = origin(node.func, _RUN)
    pipes = [origin(given[name].value, _PIPE) for name in ("stdout", "stderr")]
    if found is None or pipes[0] is None or pipes[1] is None:
        return
    yield Hit(
        view.span(node),
        None,
        (("call", view.span(node)), ("stdout", view.span(given["stdout"])), ("stderr", view.span(given["stderr"]))),
        requires=(found[2], pipes[0][2], pipes[1][2]),
    )
