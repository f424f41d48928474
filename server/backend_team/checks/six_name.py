"""`six.text_type` for `str`: capture `name` where it is read, captures `statement` and `alias` where it is imported."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.tokens import names
from backend_team.checks.view import Hit, Requirement, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

SIGNS: Final = ("six",)
NODES: Final = (ast.ImportFrom,)
NAMES: Final = {  # what they are on Python 3
    "binary_type": "bytes",
    "class_types": "(type,)",
    "integer_types": "(int,)",
    "string_types": "(str,)",
    "text_type": "str",
    "unichr": "chr",
}
MOVES: Final = {
    "filter": "filter",
    "input": "input",
    "map": "map",
    "range": "range",
    "xrange": "range",
    "zip": "zip",
}


_READ: Final = re.compile(r"\bsix\s*\.\s*(moves\s*\.\s*)?(\w+)(?!\s*(?:=[^=]|\w))")


def check(node: ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find imports of names that stand for built-in types and functions."""
    if node.module in {"six", "six.moves"} and not node.level and id(node) not in view.scope.attempts:
        yield from _imported(node, view)


def check_text(view: View) -> Iterator[Hit]:
    """Find where such names are read; in the text, as there are far too many attributes to look at."""
    found = [(each, (MOVES if each[1] else NAMES).get(each[2])) for each in _READ.finditer(view.text)]
    if not any(name for _, name in found):
        return
    places = {span.start for span in names(view)}
    for each, name in found:
        if name is not None and each.start() in places:
            place = Span(each.start(), each.end(2))
            requires = (Requirement("six", "module six"), *_builtins(name))
            yield Hit(place, f"Say `{name}`", (("name", place),), requires=requires)


def _imported(node: ast.ImportFrom, view: View) -> Iterator[Hit]:
    moves = node.module == "six.moves"
    for alias in node.names:
        name = (MOVES if moves else NAMES).get(alias.name)
        if name is None or name == alias.name:  # that of a built-in name is another rule's
            continue
        bound = alias.asname or alias.name
        yield Hit(
            view.span(alias),
            f"Say `{name}`",
            (("statement", view.span(node)), ("alias", view.span(alias))),
            requires=(Requirement(bound, f"{node.module}.{alias.name}"), *_builtins(name)),
            anchor=view.start(node),
        )


def _builtins(name: str) -> tuple[Requirement, ...]:
    return builtin(name.strip("(,)"))
