"""What there is to say about one of our own suppressions: ids it names in vain, ids of no rule, a wrong place."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Remark

if TYPE_CHECKING:
    from collections.abc import Collection

    from backend_team.analysis.suppressions import Suppression
    from backend_team.analysis.table import Table

_NO_NAME: Final = "it names no rule; write the ids in brackets"
_MISPLACED: Final = "it holds for the file only before the first statement"


def remark_on(suppression: Suppression, used: Collection[str], table: Table, misplaced: bool) -> Remark | None:
    """The remark on a suppression that silenced the rules `used`; None when nothing is wrong.

    A rule that does not run here may be found elsewhere, so its id is never said to be in vain.
    """
    if misplaced:
        return Remark(suppression.span, fault=_MISPLACED)
    if suppression.names is None:
        return None
    if not suppression.written:
        return Remark(suppression.span, fault=_NO_NAME)
    unused, unknown = [], []
    for name, span in suppression.written:
        rules = table.named.get(name.lower())
        if rules is None:
            near = get_close_matches(name.lower(), table.ids, 1)
            unknown.append((name, span, near[0] if near else ""))
        elif rules <= table.entries.keys() and rules.isdisjoint(used) and not _is_about(rules, table):
            unused.append((name, span))
    return Remark(suppression.span, tuple(unused), tuple(unknown)) if unused or unknown else None


def _is_about(rules: Collection[str], table: Table) -> bool:
    """Whether one of the rules is about suppressions: it can only be judged with itself."""
    return any(entry.rule.id in rules for entry, _ in table.suppressions)
