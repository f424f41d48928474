"""Annotations: `Optional[X]` as `X | None`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, substitute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings
    from backend_team.text import Edit


def optional_to_union(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Say `X | None`; the import of `Optional` goes when nothing else reads it."""
    if settings.target_version < (3, 10):
        raise NoFix("`X | None` needs Python 3.10")
    places = captures_of(finding.captures)
    return [substitute(code, places["expression"], "$argument | None", places)]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "optional-to-union": optional_to_union,
}
