"""`with suppress(…)` for handlers that only pass."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.settings import Settings

    Rewrite = Callable[[Code, Finding, Settings], list[Edit]]

_LINE: Final = 88  # characters


def with_suppress(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say at the top which exceptions don't matter."""
    place = captures_of(finding.captures)["statement"]
    node = code.node(place, ast.Try)
    kind = node.handlers[0].type
    if kind is None:
        raise NoFix("it does not say which exception")
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    if any(each.lineno != each.end_lineno or isinstance(each, ast.Starred) for each in kinds):
        raise NoFix("the exceptions stand on several lines")
    names = ", ".join(code.of(code.span(each)) for each in kinds)
    head = f"with {code.need('contextlib', 'suppress')}({names})"
    keyword = Span(place.start, place.start + len("try"))
    body = code.span(node.body[-1])
    if code.source.lines.line_of(body.start) == code.source.lines.line_of(place.start):
        raise NoFix("the body stands in the line of `try`")
    if len(code.indentation(place.start)) + len(head) + 1 > _LINE:
        raise NoFix("the line would become too long")
    end = code.line_end(body.end)
    return [Edit(keyword, head), Edit(Span(end, place.end), "")]


REWRITES: Final[Mapping[str, Rewrite]] = {"with-suppress": with_suppress}
