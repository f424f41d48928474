"""Branches for versions of Python that are not supported: capture `statement`, and `true` or `false`.

For review, unless Python 2 is told from Python 3: the oldest version that is supported may be set wrong.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.versions import PYTHON_3, may_ask, truth
from backend_team.checks.view import Hit
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.IfExp)
SHAPES: Final = {kind: {"test": (ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Attribute, ast.Name)} for kind in NODES}


def check(node: ast.If | ast.IfExp, view: View) -> Iterable[Hit]:
    """Find conditions on the version that always come to the same."""
    return _asked(node, view) if may_ask(node.test) else ()


def _asked(node: ast.If | ast.IfExp, view: View) -> Iterator[Hit]:
    test = node.test
    found = truth(test, view.settings.target_version)
    if found is None:
        return
    of_major = truth(test, PYTHON_3)
    always = "true" if found[0] else "false"
    place = view.span(test)
    yield Hit(
        place,
        f"This is always {always} on the Python that is supported",
        (("statement", view.span(node)), (always, place)),
        Safety.REVIEW if of_major is None else None,
        found[1],
    )
