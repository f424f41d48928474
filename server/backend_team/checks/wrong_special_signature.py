"""Special methods that can't be called the way Python calls them: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.FunctionDef,)
SHAPES: Final = {ast.FunctionDef: {"?special": (True,)}}
# How many arguments Python gives besides `self`: https://docs.python.org/3/reference/datamodel.html#special-method-names
_GIVEN: Final = {
    **dict.fromkeys(("repr", "str", "bytes", "hash", "bool", "len", "length_hint", "iter", "next", "reversed"), 0),
    **dict.fromkeys(("neg", "pos", "abs", "invert", "complex", "int", "float", "index", "enter", "dir"), 0),
    **dict.fromkeys(("trunc", "floor", "ceil", "await", "aiter", "anext", "aenter", "fspath", "sizeof"), 0),
    **dict.fromkeys(("lt", "le", "eq", "ne", "gt", "ge", "format", "getattr", "getattribute", "delattr", "delete"), 1),
    **dict.fromkeys(("getitem", "delitem", "missing", "contains", "instancecheck", "subclasscheck"), 1),
    **dict.fromkeys(("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "lshift", "rshift"), 1),
    **dict.fromkeys(("and", "xor", "or", "radd", "rsub", "rmul", "rmatmul", "rtruediv", "rfloordiv", "rmod"), 1),
    **dict.fromkeys(("rdivmod", "rlshift", "rrshift", "rand", "rxor", "ror", "iadd", "isub", "imul", "imatmul"), 1),
    **dict.fromkeys(("itruediv", "ifloordiv", "imod", "ilshift", "irshift", "iand", "ixor", "ior", "reduce_ex"), 1),
    **dict.fromkeys(("setattr", "get", "set", "setitem", "set_name"), 2),
    **dict.fromkeys(("exit", "aexit"), 3),
}


def check(node: ast.FunctionDef, view: View) -> Iterator[Hit]:
    """Find methods that need more arguments than Python gives them, or take fewer."""
    name = node.name
    if name[:2] != "__" or name[-2:] != "__" or node.decorator_list or view.scope.kind != "class":
        return
    given = _GIVEN.get(name[2:-2])
    if given is None:
        return
    arguments = node.args
    positional = len(arguments.posonlyargs) + len(arguments.args)
    needed = positional - len(arguments.defaults)
    demanded = any(default is None for default in arguments.kw_defaults)
    if needed > given + 1 or demanded or (arguments.vararg is None and positional < given + 1):
        place = view.name_of(node)
        takes = {0: "no argument", 1: "one argument"}.get(given, f"{given} arguments")
        yield Hit(place, f"Python calls `{name}` with {takes} besides `self`", (("name", place),))
