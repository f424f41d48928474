"""SQL that is put together where it is run: capture `statement`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("execute", "executemany", "executescript")
_SQL: Final = re.compile(
    r"\s*(?:select\b.*\bfrom\b|insert\s+into\b|update\b.*\bset\b|delete\s+from\b)", re.IGNORECASE | re.DOTALL
)
# Only a place for a value behind one of these can be filled by the database; names of tables can't.
_VALUE: Final = re.compile(r"(?:=|<|>|\blike|\bvalues\s*\()\s*['\"]?%?\x00(?!['\"]?\.)", re.IGNORECASE)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find statements with values in them that are neither constants nor quoted."""
    if not node.args or not isinstance(node.func, ast.Attribute):
        return
    text = _written(node.args[0])
    if text is not None and _SQL.match(text) and _VALUE.search(text):
        span = view.span(node.args[0])
        yield Hit(span, None, (("statement", span),), anchor=view.start(node))


def _written(node: ast.expr) -> str | None:
    """The text with a zero character for each value; None when no value is in it."""
    if isinstance(node, ast.JoinedStr):
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(str(part.value))
            elif isinstance(part, ast.FormattedValue):
                parts.append("?" if _is_harmless(part.value) else "\x00")
        return "".join(parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        if isinstance(node.left.value, str) and not all(map(_is_harmless, values)):
            return re.sub(r"(?<!%)%(?:\(\w+\))?s", "\x00", node.left.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        text = node.func.value
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and not all(map(_is_harmless, values)):
            return re.sub(r"\{[\w.]*\}", "\x00", text.value)
    return None


def _is_harmless(node: ast.expr) -> bool:
    """A constant, or what a function has quoted."""
    if isinstance(node, ast.Call):
        return True
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.isupper() or "placeholder" in name or isinstance(node, ast.Constant)
