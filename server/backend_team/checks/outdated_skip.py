"""`@pytest.mark.skipif(sys.version_info < (3, 6), …)` that never skips: capture `decorator`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.versions import may_ask, truth
from backend_team.checks.view import Hit, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SHAPES: Final = {kind: {"decorator_list#": range(1, 9999)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}
_MARKS: Final = {
    "pytest.mark.skipif": Requirement("pytest", "module pytest"),
    "unittest.skipIf": Requirement("unittest", "module unittest"),
    "skipIf": Requirement("skipIf", "unittest.skipIf"),
}


def check(node: FunctionNode | ast.ClassDef, view: View) -> Iterator[Hit]:
    """Find tests skipped on versions of Python that are not supported."""
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call) or not decorator.args or not may_ask(decorator.args[0]):
            continue
        mark = _MARKS.get(ast.unparse(decorator.func))
        found = truth(decorator.args[0], view.settings.target_version)
        if mark is not None and found is not None and not found[0]:
            place = view.span(decorator)
            yield Hit(place, None, (("decorator", place),), requires=(mark, *found[1]))
