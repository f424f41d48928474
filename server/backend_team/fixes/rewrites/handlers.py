"""Exception handlers: where an exception comes from, and names that nothing reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


def raise_from(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `from` what was caught, or `from None` when it has no name."""
    name = captures_of(finding.captures).get("name")
    origin = "None" if name is None else code.of(name)
    return [Edit(Span(finding.span.end, finding.span.end), f" from {origin}")]


def remove_exception_name(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take `as name` away."""
    return [Edit(captures_of(finding.captures)["as"], "")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "raise-from": raise_from,
    "remove-exception-name": remove_exception_name,
}
