"""Signs: what the text of many blocks holds at all, asked once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backend_team.analysis.suppressions import may_suppress

if TYPE_CHECKING:
    from backend_team.analysis.table import Entry, Table, TextCheck


class Signs(NamedTuple):
    """The checks of texts that can find something in the text of a block, each with the signs it has there, and
    whether there can be suppressions."""

    texts: list[tuple[Entry, TextCheck, tuple[str, ...]]]
    suppressions: bool


def signs_of(text: str, table: Table) -> Signs:
    """The signs of a text."""
    found = ((entry, check, tuple(sign for sign in signs if sign in text)) for entry, check, signs in table.texts)
    return Signs([each for each in found if each[2]], "#" in text and may_suppress(text))
