"""Exception handlers: where an exception comes from, and names that nothing reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.settings import Settings


def raise_from(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `from` what was caught, or `from None` when it has no name."""
    name = captures_of(finding.captures).get("name")
    origin = "None" if name is None else code.of(name)
    return [Edit(Span(finding.span.end, finding.span.end), f" from {origin}")]


def remove_exception_name(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take `as name` away."""
    return [Edit(captures_of(finding.captures)["as"], "")]
