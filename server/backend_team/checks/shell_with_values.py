"""Commands of the shell with values in them: capture `command`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

_RUNNERS: Final = ("run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput")
_ORIGINS: Final = {"subprocess": _RUNNERS, "os": ("system", "popen")}
CALLS: Final = (*_RUNNERS, "system", "popen")
_ALWAYS: Final = frozenset({"system", "popen", "getoutput", "getstatusoutput"})


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find texts that are put together in the call itself, and not quoted."""
    if not node.args or not _is_made(node.args[0]):
        return
    found = origin(node.func, _ORIGINS)
    if found is None or not (found[1] in _ALWAYS or any(map(_is_shell, node.keywords))):
        return
    if any(
        isinstance(part, ast.Call) and _name(part.func) in {"quote", "join", "list2cmdline"}
        for part in ast.walk(node.args[0])
    ):
        return
    span = view.span(node.args[0])
    yield Hit(span, None, (("command", span),), requires=(found[2],), anchor=view.start(node))


def _is_made(node: ast.expr) -> bool:
    """Whether the text has values in it that are not constants."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) and not _is_fixed(part.value) for part in node.values)
    if isinstance(node, ast.BinOp):
        if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str) and isinstance(node.op, ast.Mod):
            return "%s" in node.left.value or "%r" in node.left.value or "%(" in node.left.value
        sides = (node.left, node.right)
        return any(map(_is_text, sides)) and not all(_is_text(side) or _is_fixed(side) for side in sides)
    return isinstance(node, ast.Call) and _name(node.func) == "format"


def _is_fixed(node: ast.expr) -> bool:
    """Whether it is called what constants are called."""
    return _name(node).isupper()


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_shell(keyword: ast.keyword) -> bool:
    return keyword.arg == "shell" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True


def _name(function: ast.expr) -> str:
    return str(getattr(function, "attr", getattr(function, "id", "")))
