"""Suppressions of ours that silence nothing: captures `comment` (it alone), `unused` (an id named in vain).

An id is in vain only when its rule runs here and the block parses; comments of other tools are left to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.checks.view import Hit
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Remark


def check_suppression(remark: Remark) -> Iterator[Hit]:
    """Find what a suppression names in vain."""
    if remark.fault:
        yield Hit(remark.span, f"this suppression has no effect: {remark.fault}", safety=Safety.NONE)
        return
    said = [f"`{name}` finds nothing here" for name, _ in remark.unused]
    for name, _, near in remark.unknown:
        said.append(f"there is no rule `{name}`" + (f"; did you mean `{near}`?" if near else ""))
    places = [span for _, span in remark.unused] + [span for _, span, _ in remark.unknown]
    span = min(places) if len(places) == 1 else remark.span
    captures = (("comment", remark.span), *(("unused", place) for place in places))
    mistyped = any(near for *_, near in remark.unknown)  # the right id is probably wanted, not none
    yield Hit(span, ", ".join(said), captures, Safety.REVIEW if mistyped else None)
