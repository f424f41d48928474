"""Names of environment variables in small letters: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Subscript,)
CALLS: Final = ("get", "getenv")


def check(node: ast.Subscript | ast.Call, view: View) -> Iterator[Hit]:
    """Find `os.environ["name"]`, `os.environ.get("name")` and `os.getenv("name")`; proxies are written so."""
    if isinstance(node, ast.Subscript):
        owner, name = node.value, node.slice
    elif isinstance(node.func, ast.Attribute) and node.args:
        owner = node.func.value if node.func.attr == "get" else node.func
        name = node.args[0]
    else:
        return
    if not isinstance(owner, ast.Attribute) or owner.attr not in {"environ", "getenv"}:
        return
    text = name.value if isinstance(name, ast.Constant) else None
    if not isinstance(owner.value, ast.Name) or owner.value.id != "os" or not isinstance(text, str):
        return
    if text.upper() == text or text.lower().endswith("_proxy"):
        return
    span = view.span(name)
    yield Hit(span, f"Say `{text.upper()}`", (("name", span),), requires=(Requirement("os", "module os"),))
