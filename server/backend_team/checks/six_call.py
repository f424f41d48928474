"""Calls of functions of `six`: captures `call`, and `statement` where they are one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement, builtin, origin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
TEMPLATES: Final = {  # by the name and the number of arguments, what it comes to on Python 3
    ("advance_iterator", 1): "next($a)",
    ("byte2int", 1): "$a[0]",
    ("callable", 1): "callable($a)",
    ("get_function_closure", 1): "$a.__closure__",
    ("get_function_code", 1): "$a.__code__",
    ("get_function_defaults", 1): "$a.__defaults__",
    ("get_function_globals", 1): "$a.__globals__",
    ("get_method_function", 1): "$a.__func__",
    ("get_method_self", 1): "$a.__self__",
    ("get_unbound_function", 1): "$a",
    ("indexbytes", 2): "$a[$b]",
    ("int2byte", 1): "bytes(($a,))",
    ("iterbytes", 1): "iter($a)",
    ("iteritems", 1): "$a.items()",
    ("iterkeys", 1): "$a.keys()",
    ("itervalues", 1): "$a.values()",
    ("next", 1): "next($a)",
    ("viewitems", 1): "$a.items()",
    ("viewkeys", 1): "$a.keys()",
    ("viewvalues", 1): "$a.values()",
    ("raise_from", 2): "raise $a from $b",
    ("reraise", 2): "raise $b.with_traceback(None)",
    ("reraise", 3): "raise $b.with_traceback($c)",
}
ITERATORS: Final = frozenset({"iteritems", "iterkeys", "itervalues"})
ASSERTIONS: Final = frozenset({"assertCountEqual", "assertRaisesRegex", "assertRegex", "assertNotRegex"})
LITERALS: Final = frozenset({"b", "u", "ensure_binary", "ensure_str", "ensure_text"})
_RAISING: Final = frozenset({"raise_from", "reraise"})
_BUILTINS: Final = frozenset({"next", "callable", "bytes", "iter"})
_EAGER: Final = frozenset({"list", "tuple", "set", "frozenset", "sorted", "dict", "sum", "max", "min", "any", "all"})
_NAMES: Final = {"six": frozenset(name for name, _ in TEMPLATES) | ASSERTIONS | LITERALS}
CALLS: Final = tuple(sorted(_NAMES["six"]))


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls that Python 3 says without `six`."""
    place = origin(node.func, _NAMES)
    if place is None or node.keywords:
        return
    name = place[1]
    call = view.span(node)
    captures = [("call", call)]
    requires: tuple[Requirement, ...] = (place[2],)
    safety = None
    if not _is_plain(name, node.args):
        return
    template = TEMPLATES.get((name, len(node.args)), "")
    if (function := template.partition("(")[0]) in _BUILTINS:
        requires += builtin(function)
    if name in _RAISING:
        statement = view.parent(node)
        if not isinstance(statement, ast.Expr):
            return
        captures.append(("statement", view.span(statement)))
        safety = Safety.REVIEW if name == "reraise" else None
    elif name in ITERATORS and not _only_iterated(view.parent(node), node):
        safety = Safety.REVIEW
    yield Hit(view.span(node.func), None, tuple(captures), safety, requires)


def _is_plain(name: str, arguments: list[ast.expr]) -> bool:
    """Whether the function is called in a way that can be said without it."""
    first = arguments[0] if arguments else None
    if any(isinstance(argument, ast.Starred) for argument in arguments):
        whole = len(arguments) == 1 and ast.unparse(arguments[0]) in {"*sys.exc_info()", "*exc_info()"}
        return name == "reraise" and whole
    if name in LITERALS:
        return len(arguments) == 1 and isinstance(first, ast.Constant) and isinstance(first.value, str)
    if name in ASSERTIONS:
        return len(arguments) > 1 and isinstance(first, ast.Name)
    return (name, len(arguments)) in TEMPLATES


def _only_iterated(parent: ast.AST | None, call: ast.Call) -> bool:
    """Whether a view does as well as an iterator."""
    if isinstance(parent, (ast.For, ast.comprehension)):
        return parent.iter is call
    return isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _EAGER | {"next"}
