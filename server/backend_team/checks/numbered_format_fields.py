"""`"{0} and {1}".format(…)`: captures `call` and `text`."""

from __future__ import annotations

import ast
import string
from typing import TYPE_CHECKING, Final

from backend_team.checks.format_call import is_convertible
from backend_team.checks.format_fields import steps
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("format",)
_F_STRINGS: Final = (3, 6)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find fields numbered as they come, where the text is not better an f-string."""
    if not isinstance(node.func, ast.Attribute) or not isinstance(node.func.value, ast.Constant):
        return
    text = node.func.value
    if not isinstance(text.value, str) or "{0" not in text.value or not _counts_up(text.value):
        return
    if view.settings.target_version >= _F_STRINGS and is_convertible(node, text.value):
        return
    place = view.span(text)
    yield Hit(place, None, (("call", view.span(node)), ("text", place)))


def _counts_up(text: str) -> bool:
    count = 0
    try:
        for _, name, spec, _ in string.Formatter().parse(text):
            if name is None:
                continue
            said = steps(name)
            if said is None or (said[0].isdecimal() and said[0] != str(count)) or "{" in (spec or "") or not said[0]:
                return False
            count += said[0].isdecimal()
    except ValueError:
        return False
    return count > 0
