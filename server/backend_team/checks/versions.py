"""Conditions on the version of Python, and what they come to on every version that is supported."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.view import Requirement, origin

if TYPE_CHECKING:
    from collections.abc import Callable

Version = tuple[int, int]
PYTHON_3: Final = (3, 0)  # judged by this alone, a condition tells Python 2 from 3
_SIX: Final = {"six": frozenset({"PY2", "PY3", "PY34"})}
_SYS: Final = {"sys": frozenset({"version_info"})}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_LONGEST: Final = 3  # numbers in a version; what follows them is seldom asked for


def may_ask(node: ast.expr) -> bool:
    """Whether a condition looks as if it asked for the version: cheap, to reject the others."""
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.BoolOp):
        return any(map(may_ask, node.values))
    if isinstance(node, ast.Compare):
        node = node.left
        if isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Attribute) and node.attr in {"major", "minor"}:
            node = node.value
        return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "version_info"
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) in _SIX["six"]


def truth(node: ast.expr, oldest: Version) -> tuple[bool, tuple[Requirement, ...]] | None:
    """What the condition is on Python 3 from this version on, and what that relies on; None when it depends."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        found = truth(node.operand, oldest)
        return None if found is None else (not found[0], found[1])
    if isinstance(node, ast.BoolOp):
        return _combined(node, oldest)
    if isinstance(node, ast.Compare):
        return _compared(node, oldest)
    place = origin(node, _SIX)
    return None if place is None else (place[1] != "PY2", (place[2],))


def _combined(node: ast.BoolOp, oldest: Version) -> tuple[bool, tuple[Requirement, ...]] | None:
    """All of them must be known, or the first be what decides."""
    ends = isinstance(node.op, ast.Or)
    requires: tuple[Requirement, ...] = ()
    for value in node.values:
        found = truth(value, oldest)
        if found is None:
            return None
        requires += found[1]
        if found[0] == ends:
            return ends, requires
    return not ends, requires


def _compared(node: ast.Compare, oldest: Version) -> tuple[bool, tuple[Requirement, ...]] | None:
    compare = _COMPARISONS.get(type(node.ops[0]))
    if len(node.ops) != 1 or compare is None:
        return None
    left, right = node.left, _numbers(node.comparators[0])
    if right is None:
        return None
    part: str | None = None
    if isinstance(left, ast.Subscript):
        part = ast.unparse(left.slice)
        left = left.value
    elif isinstance(left, ast.Attribute) and left.attr in {"major", "minor"}:
        part = "0" if left.attr == "major" else "1"
        left = left.value
    place = origin(left, _SYS)
    if place is None:
        return None
    answers = {compare(version, right) for version in _versions(part, right, oldest)}
    return (answers.pop(), (place[2],)) if len(answers) == 1 else None


def _numbers(node: ast.expr) -> int | tuple[int, ...] | None:
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if not isinstance(node, ast.Tuple) or not 0 < len(node.elts) <= _LONGEST:
        return None
    numbers = [each.value for each in node.elts if isinstance(each, ast.Constant) and type(each.value) is int]
    return tuple(numbers) if len(numbers) == len(node.elts) and numbers[0] <= PYTHON_3[0] else None


def _versions(part: str | None, asked: int | tuple[int, ...], oldest: Version) -> list[Any]:
    """What stands on the left for the oldest version and for later ones; all that could make a difference."""
    newest = max(oldest[1], asked[1] if isinstance(asked, tuple) and len(asked) > 1 else 0) + 1
    minors = range(oldest[1], newest + 1)
    if part is None:
        return [(3, minor, micro, "final", 0) for minor in minors for micro in (0, 99)] if asked != 3 else []
    if part == "0":
        return [3] if isinstance(asked, int) else []
    if part == "1":
        return [oldest[1], max(oldest[1], asked) + 1, max(oldest[1], asked)] if isinstance(asked, int) else []
    if part in {":1", ":2", ":3"} and isinstance(asked, tuple):
        return [(3, minor, micro)[: int(part[1])] for minor in minors for micro in (0, 99)]
    return []
