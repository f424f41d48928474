"""Take away what nothing reads: imports, assignments, statements."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.findings import Safety
from backend_team.fixes.code import NoFix
from backend_team.fixes.imports import remove_alias
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


def remove_import(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the name out of its import, or the import with it."""
    places = captures_of(finding.captures)
    return [remove_alias(code, places["statement"], places["alias"])]


def remove_statement(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the statement away."""
    return [code.removal(captures_of(finding.captures)["statement"])]


def remove_assignment(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the assignment away; its right side stays when it may have an effect."""
    places = captures_of(finding.captures)
    if finding.safety is Safety.SAFE:
        return [code.removal(places["statement"])]
    statement = places["statement"]
    node = code.node(statement, ast.stmt)
    assert isinstance(node, ast.Assign | ast.AnnAssign)
    left = code.span(node.annotation if isinstance(node, ast.AnnAssign) else node.targets[0])
    sign = code.text.find("=", left.end, places["value"].start)
    if sign < 0 or "#" in code.text[left.end : sign]:
        raise NoFix("its `=` could not be found")
    value = sign + 1
    while code.text[value] in " \t":
        value += 1
    return [Edit(Span(statement.start, value), "")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "remove-assignment": remove_assignment,
    "remove-import": remove_import,
    "remove-statement": remove_statement,
}
