"""enumerate() whose numbers nobody reads: captures `target`, `wanted`, `call` and `iterable`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.needless_items import is_spare
from backend_team.checks.view import Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_SEQUENCES: Final = ("list", "tuple", "str", "bytes")
SHAPES: Final = {ast.For: {"target": (ast.Tuple,), "iter": (ast.Call,)}}


def check(node: Any, view: View) -> Iterator[Hit]:
    """Find `for _, x in enumerate(xs)`, and `for i, _ in enumerate(xs)` of a list."""
    for loop in (node,) if node.__class__ is ast.For else node.generators:
        call, target = loop.iter, loop.target
        if call.__class__ is not ast.Call or target.__class__ is not ast.Tuple or len(target.elts) != 2:
            continue
        if call.func.__class__ is not ast.Name or call.func.id != "enumerate" or not call.args:
            continue
        number, item = target.elts
        iterable = call.args[0]
        if not isinstance(number, ast.Name) or isinstance(iterable, ast.Starred):
            continue
        around = node if loop is not node else view.scope.node
        captures = [("target", view.span(target)), ("call", view.span(call)), ("iterable", view.span(iterable))]
        if is_spare(number, loop, around):
            captures.append(("wanted", view.span(item)))
            yield Hit(view.span(call), "The numbers are not used", tuple(captures), requires=builtin("enumerate"))
        elif isinstance(item, ast.Name) and isinstance(iterable, ast.Name) and len(call.args) == 1:
            if call.keywords or not is_spare(item, loop, around):
                continue
            captures += [("wanted", view.span(number)), ("range", view.span(number))]
            relied = builtin("enumerate", "range", "len")
            for kind in _SEQUENCES:  # at most one of them holds
                requires = (*relied, Requirement(iterable.id, kind))
                yield Hit(view.span(call), "The items are not used", tuple(captures), requires=requires)
