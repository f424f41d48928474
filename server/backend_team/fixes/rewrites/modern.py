"""What newer versions of Python made superfluous: aliases of `typing` and arguments of super()."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


def builtin_generic(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say the built-in type; the import from `typing` goes when nothing else reads it."""
    place = captures_of(finding.captures)["alias"]
    name = code.of(place).rpartition(".")[2].strip().lower()
    for statement in code.around(place):
        if isinstance(statement, ast.ClassDef) and any(map(_binds(name), statement.body)):
            raise NoFix(f"the class has a `{name}` of its own")
    return [spaced(code, Edit(place, name))]


def _binds(name: str) -> Callable[[ast.stmt], bool]:
    def binds(member: ast.stmt) -> bool:
        if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return member.name == name
        return any(
            isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
            for part in ast.walk(member)
        )

    return binds


def union_to_pipe(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Join the types with `|`; the import of `Union` goes when nothing else reads it."""
    if settings.target_version < (3, 10):
        raise NoFix("`X | Y` needs Python 3.10")
    place = captures_of(finding.captures)["expression"]
    node = code.node(place, ast.Subscript)
    if not isinstance(node.slice, ast.Tuple):
        raise NoFix("the types could not be read")
    types = [code.of(code.span(each)) for each in node.slice.elts]
    if any("\n" in each or "\r" in each for each in types):
        raise NoFix("the types stand on several lines")
    return [spaced(code, Edit(place, " | ".join(types)))]


def remove_arguments(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take all arguments of a call away, a comma behind them included."""
    place = captures_of(finding.captures)["arguments"]
    if "\n" in code.text[place.start : finding.span.end] or "\r" in code.text[place.start : finding.span.end]:
        raise NoFix("the arguments stand on several lines")
    owner = code.of(place).partition(",")[0].partition(".")[0].strip()
    for statement in code.around(place):
        if isinstance(statement, ast.ClassDef) and statement.decorator_list:
            raise NoFix("the decorator of the class may put another class in its place")
    if any(map(_binds(owner), (each for each in code.tree.body if not isinstance(each, ast.ClassDef)))):
        raise NoFix(f"`{owner}` may be another class by then")
    start = code.text.rindex("(", 0, place.start) + 1
    return [Edit(Span(start, finding.span.end - 1), "")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "builtin-generic": builtin_generic,
    "remove-arguments": remove_arguments,
    "union-to-pipe": union_to_pipe,
}
