"""Rewrites: what the YAML of a rule calls by `rewrite:`. Each is given the code and the finding, and returns edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.rewrites import (
    branches,
    choices,
    comprehensions,
    contexts,
    defaults,
    f_strings,
    flow,
    guards,
    handlers,
    hoist,
    joined,
    library,
    loops,
    modern,
    names,
    naming,
    order,
    outdated,
    questions,
    slips,
    standard,
    strings,
    suppressions,
    templates,
    together,
    unions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.settings import Settings
    from backend_team.text import Edit

    Rewrite = Callable[[Code, Finding, Settings], list[Edit]]

REWRITES: Final[Mapping[str, Rewrite]] = {
    "condition-itself": branches.condition_itself,
    "default-none": defaults.default_none,
    "else-if-to-elif": branches.else_if_to_elif,
    "merge-if": branches.merge_if,
    "optional-to-union": unions.optional_to_union,
    "plain-string": strings.plain_string,
    "raise-from": handlers.raise_from,
    "remove-assignment": names.remove_assignment,
    "remove-exception-name": handlers.remove_exception_name,
    "remove-import": names.remove_import,
    "remove-statement": names.remove_statement,
    "unindent-else": branches.unindent_else,
    **choices.REWRITES,
    **comprehensions.REWRITES,
    **contexts.REWRITES,
    **f_strings.REWRITES,
    **flow.REWRITES,
    **guards.REWRITES,
    **hoist.REWRITES,
    **joined.REWRITES,
    **library.REWRITES,
    **loops.REWRITES,
    **modern.REWRITES,
    **naming.REWRITES,
    **order.REWRITES,
    **outdated.REWRITES,
    **questions.REWRITES,
    **slips.REWRITES,
    **standard.REWRITES,
    **suppressions.REWRITES,
    **templates.REWRITES,
    **together.REWRITES,
}


def rewrite(name: str, code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """The edits of a named rewrite; raises `NoFix`."""
    found = REWRITES.get(name)
    if found is None:
        raise NoFix(f'there is no rewrite "{name}"')
    return found(code, finding, settings)
