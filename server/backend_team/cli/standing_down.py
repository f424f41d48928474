"""Rules that stand down: how many leave their work to Ruff where it checks the same, and how to have them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.cli.excerpts import counted

if TYPE_CHECKING:
    from backend_team.cli.chosen import Chosen


def sentence(work: Chosen) -> str:
    """A line that says how many rules stand down for some of the files that were looked at; nothing when none does."""
    applied = [one for one in work.resolver.applied if one.ruff is not None]
    if not applied:
        return ""
    from backend_team.analysis.table import stands_down  # not before it is needed: it loads the analysis

    number = sum(any(stands_down(rule, one) for one in applied) for rule in work.rules.outlines)
    if not number:
        return ""
    verb = "stands" if number == 1 else "stand"
    return (
        f'{counted(number, "rule")} {verb} down for Ruff, which checks the same here; stand-down = "never" runs them.\n'
    )
