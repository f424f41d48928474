"""What can be said of an expression from its looks: whether it has effects, whether it is a truth value, its kind."""

from __future__ import annotations

import ast
from typing import Final

_PURE: Final = (ast.Constant, ast.Name, ast.Lambda)
_DISPLAYS: Final[dict[type[ast.expr], str]] = {
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.JoinedStr: "str",
    ast.Tuple: "tuple",
}
_CALLS: Final = frozenset(
    {"bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}
)
_CONSTANTS: Final[dict[type, str]] = {kind: kind.__name__ for kind in (bool, bytes, complex, float, int, str)}
_ANNOTATIONS: Final = {
    **{name: name for name in _CALLS - {"complex", "float"}},  # which an int may be where these are annotated
    "Dict": "dict",
    "FrozenSet": "frozenset",
    "List": "list",
    "Path": "path",
    "Pattern": "pattern",
    "Set": "set",
    "Tuple": "tuple",
}
_MAKERS: Final = {**{name: name for name in _CALLS}, "sorted": "list", "Path": "path"}
_OWNERS: Final = {"Path": "pathlib", "Pattern": "re"}
_PATH_MAKERS: Final = frozenset({"cwd", "home"})
_BOOLEAN_CALLS: Final = frozenset({"bool", "isinstance", "issubclass", "callable", "hasattr", "any", "all"})
_RELIED: Final = _BOOLEAN_CALLS | {"len"}
_BOOLEAN_OPERATORS: Final = (ast.Is, ast.IsNot, ast.In, ast.NotIn)


def is_pure(node: ast.expr) -> bool:
    """Whether evaluating it surely has no effect (but perhaps a NameError): names, constants, displays of them."""
    if isinstance(node, _PURE):
        return True
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(is_pure(item) for item in node.elts)
    # A key, or an item of a set, that is a name may have a `__hash__` of any kind, or none.
    if isinstance(node, ast.Set):
        return all(isinstance(item, ast.Constant) for item in node.elts)
    if isinstance(node, ast.Dict):
        return all(isinstance(key, ast.Constant) for key in node.keys) and all(map(is_pure, node.values))
    return False


def is_simple(node: ast.expr) -> bool:
    """A name, a constant, or an attribute of a name."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name)
    return isinstance(node, (ast.Name, ast.Constant))


def is_boolean(node: ast.expr) -> bool:
    """Whether it can only be True or False: identity, membership, `not`, `isinstance(…)`, and `and`/`or` of these.

    Not so `==` and `<`, which can be overloaded (arrays, columns of a query), unless lengths are compared.
    """
    if isinstance(node, ast.Compare):
        plain = all(map(_is_plain, (node.left, *node.comparators)))
        return plain or all(isinstance(operator, _BOOLEAN_OPERATORS) for operator in node.ops)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.BoolOp):
        return all(is_boolean(value) for value in node.values)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _BOOLEAN_CALLS
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _is_plain(node: ast.expr) -> bool:
    """A constant or a length: their comparisons are not overloaded."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "len"
    return isinstance(node, ast.Constant)


def boolean_builtins(node: ast.expr) -> set[str]:
    """The built-in names that `is_boolean` relied on."""
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and item.id in _RELIED}


def kind_of_value(node: ast.expr | None) -> str | None:
    """The kind of a value that shows it: `{}`, `[…]`, `dict(…)`, an f-string, `Path(…)`, `re.compile(…)`."""
    if isinstance(node, ast.Constant):
        return _CONSTANTS.get(type(node.value))
    if isinstance(node, ast.Call):
        return _kind_of_call(node.func)
    if isinstance(node, ast.BinOp):
        return "path" if isinstance(node.op, ast.Div) and kind_of_value(node.left) == "path" else None
    return _DISPLAYS.get(type(node)) if node is not None else None


def _kind_of_call(function: ast.expr) -> str | None:
    if isinstance(function, ast.Name):
        return _MAKERS.get(function.id)
    if not isinstance(function, ast.Attribute):
        return None
    owner = function.value
    if isinstance(owner, ast.Attribute):  # `pathlib.Path.cwd()`
        owner = ast.Name(owner.attr) if isinstance(owner.value, ast.Name) and owner.value.id == "pathlib" else owner
    if not isinstance(owner, ast.Name):
        return None
    if owner.id == "re" and function.attr == "compile":
        return "pattern"
    is_path = (owner.id == "Path" and function.attr in _PATH_MAKERS) or (owner.id, function.attr) == ("pathlib", "Path")
    return "path" if is_path else None


def kind_of_annotation(node: ast.expr | None) -> str | None:
    """The kind an annotation says: `dict`, `dict[…]`, `typing.Dict[…]`."""
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        known = node.value.id in {"typing", "t", _OWNERS.get(node.attr)}
        return _ANNOTATIONS.get(node.attr) if known else None
    return _ANNOTATIONS.get(node.id) if isinstance(node, ast.Name) else None
