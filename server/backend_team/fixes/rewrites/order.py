"""Imports: in order, from their package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.import_layout import is_commented, sorted_region
from backend_team.checks.import_order import own_modules
from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of
from backend_team.text import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


def sort_imports(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Sort the imports of the region."""
    region = captures_of(finding.captures)["region"]
    text = code.of(region)
    own = settings.modules if text[:1] in " \t" else own_modules(settings, code.source.path)
    found = sorted_region(text, own, bool(settings.modules), is_commented(code.text, region.start))
    if found is None:
        raise NoFix("the imports can't be sorted")
    return [Edit(region, found.text)]


def import_from(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Import the module from its package."""
    places = captures_of(finding.captures)
    return [Edit(places["statement"], f"from {code.of(places['module'])} import {code.of(places['name'])}")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "import-from": import_from,
    "sort-imports": sort_imports,
}
