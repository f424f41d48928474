"""`"{} and {}".format(a, b)`: captures `call` and `text`.

For review where a later argument calls something: an f-string shows each value before it works out the next one, so
what is called there can no longer change what an earlier one looks like.
"""

from __future__ import annotations

import ast
import re
import string
from typing import TYPE_CHECKING, Final

from backend_team.checks.format_fields import is_writable, steps
from backend_team.checks.meaning import is_simple
from backend_team.checks.view import Hit, builtin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("format",)
_LOOKING: Final = frozenset({"abs", "bool", "float", "hex", "id", "int", "len", "repr", "round", "str", "type"})
_DEEP: Final = re.compile(r"\{[^{}]*\{[^{}]*[^\w{}][^{}]*\}")  # more than a name in a specification


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find texts, written down, that are filled by format() with what may as well stand in them."""
    if not isinstance(node.func, ast.Attribute) or not isinstance(node.func.value, ast.Constant):
        return
    text = node.func.value
    if not isinstance(text.value, str) or not is_convertible(node, text.value):
        return
    captures = (("call", view.span(node)), ("text", view.span(text)))
    if node.keywords and node.keywords[0].arg is None:
        yield Hit(captures[0][1], None, captures, Safety.REVIEW, builtin("locals"))
    else:
        yield Hit(captures[0][1], None, captures, Safety.REVIEW if _may_change_earlier(node) else None)


def is_convertible(call: ast.Call, text: str) -> bool:
    """Whether the text with its arguments can be an f-string that does the same in the same order."""
    wanted = _wanted(text)
    if not wanted or (call.lineno != call.end_lineno and not _short(call)):
        return False
    given: dict[str, ast.expr] = {str(index): argument for index, argument in enumerate(call.args)}
    for keyword in call.keywords:
        if keyword.arg is None:
            return _is_locals(call) and all(name.isidentifier() for name in wanted)
        given[keyword.arg] = keyword.value
    if set(wanted) != set(given) or not all(map(is_writable, given.values())):
        return False
    if wanted == list(given):  # each once, and in the order of their evaluation
        return True
    often = {name for name in wanted if wanted.count(name) > 1}
    return all(map(is_simple, given.values())) and all(isinstance(given[name], ast.Name) for name in often)


def _may_change_earlier(call: ast.Call) -> bool:
    """Whether an argument behind one that may change calls what may change it."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    while given and isinstance(given[0], ast.Constant):
        given.pop(0)
    return any(_acts(part) for each in given[1:] for part in ast.walk(each))


def _acts(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return not (isinstance(node.func, ast.Name) and node.func.id in _LOOKING)
    return isinstance(node, ast.Await)


def _short(call: ast.Call) -> bool:
    return all(argument.lineno == argument.end_lineno for argument in call.args)


def _wanted(text: str) -> list[str] | None:
    """What the fields name, numbers for those that don't; None when the text is no such or a field is too much."""
    if _DEEP.search(text):
        return None
    found: list[str] = []
    count = 0
    numbered = False
    try:
        for _, name, spec, _ in string.Formatter().parse(text):
            inner = [each[1] for each in string.Formatter().parse(spec or "") if each[1] is not None]
            for each in (name, *inner):
                if each is None:
                    continue
                said = steps(each)
                if said is None:
                    return None
                found.append(said[0] or str(count))
                count += not said[0]
                numbered |= said[0].isdecimal()
    except ValueError:
        return None
    return None if count and numbered else found  # both at once are an error


def _is_locals(call: ast.Call) -> bool:
    value = call.keywords[0].value
    return (
        not call.args
        and len(call.keywords) == 1
        and isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "locals"
    )
