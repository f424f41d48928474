"""Classes that say through `six` what Python 3 says itself: metaclasses, `Iterator`, text of Python 2.

Captures `call` (of with_metaclass() or add_metaclass()), `decorator`, or `base`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ClassDef,)
_WITH: Final = {"six": frozenset({"with_metaclass"})}
_ADD: Final = {"six": frozenset({"add_metaclass"})}
_TEXT: Final = {"six": frozenset({"python_2_unicode_compatible"})}
_ITERATOR: Final = {"six": frozenset({"Iterator"})}


def check(node: ast.ClassDef, view: View) -> Iterator[Hit]:
    """Find such bases and decorators."""
    for decorator in node.decorator_list:
        place = view.span(decorator)
        if (found := origin(decorator, _TEXT)) is not None:
            yield Hit(place, "Python 3 needs no such decorator", (("decorator", place),), requires=(found[2],))
        elif isinstance(decorator, ast.Call) and _plain(decorator) and len(decorator.args) == 1:
            found = origin(decorator.func, _ADD)
            if found is not None and not any(each.arg in {"metaclass", None} for each in node.keywords):
                captures = (("decorator", place), ("call", place))
                yield Hit(place, None, captures, requires=(found[2],))
    for base in node.bases:
        if isinstance(base, ast.Call):
            found = origin(base.func, _WITH)
            alone = len(node.bases) == 1 and not any(each.arg in {"metaclass", None} for each in node.keywords)
            if found is not None and alone and base.args and _plain(base):
                place = view.span(base)
                yield Hit(place, None, (("call", place),), requires=(found[2],))
        elif (found := origin(base, _ITERATOR)) is not None:
            place = view.span(base)
            message = "`__next__` needs no help on Python 3"
            yield Hit(place, message, (("base", place),), requires=(found[2],))


def _plain(call: ast.Call) -> bool:
    return not call.keywords and not any(isinstance(argument, ast.Starred) for argument in call.args)
