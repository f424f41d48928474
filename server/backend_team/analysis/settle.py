"""Whether what a hit relies on holds: the block tells about its own names, the module about the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.analysis.facts import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.analysis.table import Entry
    from backend_team.checks.view import Hit, Requirement, Scope
    from backend_team.text import Span


def candidate_of(entry: Entry, hit: Hit, scope: Scope, silenced_by: tuple[int, ...] = ()) -> Candidate | None:
    """The finding of a hit, with what only the module can tell; None when the block itself refutes it."""
    unsettled: dict[Requirement, None] = {}
    for requirement in hit.requires:
        settled = _settle(requirement, scope)
        if settled is False:
            return None
        if settled is None:
            unsettled[requirement] = None
    return Candidate(entry.finding(hit), tuple(unsettled), silenced_by)


def outer_names(scopes: Sequence[Scope]) -> dict[str, str | None]:
    """The names of the module that functions of a class rebind through `global`."""
    return {name: None for scope in scopes for name in scope.outer}


def _settle(requirement: Requirement, scope: Scope | None) -> bool | None:
    """Whether the scopes of the block meet a requirement; None when only the module can tell."""
    innermost = scope
    while scope is not None:
        if requirement.name in scope.outer:
            return False
        if requirement.name in scope.bound and (scope.kind != "class" or scope is innermost):
            if scope.kind == "module":
                return None
            return requirement.kind != "builtin" and scope.kind_of(requirement.name) == requirement.kind
        scope = scope.parent
    return None


def place_of(candidate: Candidate) -> tuple[Span, str]:
    """What candidates are sorted by."""
    return candidate.finding.span, candidate.finding.rule
