"""A hash that is made empty and fed at once: captures `call`, `update` and `data`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import among
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
KEYS: Final = {ast.Assign: _HASHES["hashlib"]}


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
    place = None if found is None else among(node, view.parent(node))
    if found is None or place is None or place[1] + 1 == len(place[0]):
        return
    following = place[0][place[1] + 1]
    if not isinstance(following, ast.Expr) or not isinstance(following.value, ast.Call):
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
