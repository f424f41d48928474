"""A hash that is made empty and fed at once: captures `call`, `update` and `data`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Assign,)
_HASHES: Final = {
    "hashlib": (
        *("blake2b", "blake2s", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "shake_128", "shake_256"),
        *("sha3_224", "sha3_256", "sha3_384", "sha3_512"),
    )
}


def check(node: ast.Assign, view: View) -> Iterator[Hit]:
    """Find `h = sha256()` right above `h.update(data)`."""
    call = node.value
    if call.__class__ is not ast.Call or len(node.targets) != 1:
        return
    assert isinstance(call, ast.Call)
    target = node.targets[0]
    if call.args or call.keywords or not isinstance(target, ast.Name):
        return
    found = origin(call.func, _HASHES)
    following = None if found is None else _following(node, view)
    if found is None or not isinstance(following, ast.Expr) or not isinstance(following.value, ast.Call):
        return
    update = following.value
    function = update.func
    if not isinstance(function, ast.Attribute) or function.attr != "update" or len(update.args) != 1:
        return
    data = update.args[0]
    if update.keywords or isinstance(data, ast.Starred):
        return
    if not isinstance(function.value, ast.Name) or function.value.id != target.id:
        return
    if any(isinstance(part, ast.Name) and part.id == target.id for part in ast.walk(data)):
        return
    captures = (("call", view.span(call)), ("update", view.span(following)), ("data", view.span(data)))
    yield Hit(view.span(call), None, captures, requires=(found[2],))


def _following(node: ast.stmt, view: View) -> ast.stmt | None:
    parent = view.parent(node)
    for field in ("body", "orelse", "finalbody"):
        body = getattr(parent, field, None)
        if isinstance(body, list) and node in body[:-1]:
            following: ast.stmt = body[body.index(node) + 1]
            return following
    return None
