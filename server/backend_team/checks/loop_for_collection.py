"""A loop that fills a new list, set or dictionary: captures `empty`, `loop` and the parts of the comprehension.

These are `item`, `iterable`, perhaps `test`, and `element` or `key` and `value`; then `list`, `set` or `dict`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.statements import among, lone
from backend_team.checks.view import Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For,)
_METHODS: Final = {"append": "list", "add": "set"}
_NOT_INSIDE: Final = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_MESSAGES: Final = {"list": "list", "set": "set", "dict": "dictionary"}
SHAPES: Final = {ast.For: {"body#": (1,), "orelse#": (0,)}}


def check(node: ast.For, view: View) -> Iterator[Hit]:
    """Find `xs = []` right above `for y in ys: xs.append(f(y))`, perhaps under an `if`."""
    if node.orelse or len(node.body) != 1 or view.scope.kind != "function":
        return
    test: ast.expr | None = None
    body: list[ast.stmt] = node.body
    condition = lone(body, ast.If)
    if condition is not None:
        if condition.orelse:
            return
        test, body = condition.test, condition.body
    filled = _filled(body)
    if filled is None:
        return
    kind, name, parts = filled
    empty = _empty(node, name, kind, view)
    if empty is None or _reads(name, (node.iter, test, *parts.values())):
        return
    targets = {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
    if name in targets or _is_read_elsewhere(targets, node, view.scope.node) or _is_attempt(node, view):
        return
    captures = [("empty", view.span(empty)), ("loop", view.span(node)), ("item", view.span(node.target))]
    captures.append(("iterable", view.span(node.iter)))
    captures += [(part, view.span(place)) for part, place in parts.items()]
    if test is not None:
        captures.append(("test", view.span(test)))
    captures.append((kind, view.span(empty)))
    requires: tuple[Requirement, ...] = builtin("set") if kind == "set" else ()
    message = f"Make the {_MESSAGES[kind]} by a comprehension"
    yield Hit(view.span(empty), message, tuple(captures), requires=requires, anchor=view.start(body[0]))


def _filled(body: list[ast.stmt]) -> tuple[str, str, dict[str, ast.expr]] | None:
    """What the only statement of the loop puts into what: its kind, its name, and what is put."""
    expression, assignment = lone(body, ast.Expr), lone(body, ast.Assign)
    if expression is not None and isinstance(expression.value, ast.Call):
        call = expression.value
        function = call.func
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
            return None
        kind = _METHODS.get(function.attr)
        if kind is None or len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
            return None
        return kind, function.value.id, {"element": call.args[0]}
    if assignment is None or len(assignment.targets) != 1 or not isinstance(assignment.targets[0], ast.Subscript):
        return None
    place = assignment.targets[0]
    if not isinstance(place.value, ast.Name) or isinstance(place.slice, (ast.Slice, ast.Tuple)):
        return None
    return "dict", place.value.id, {"key": place.slice, "value": assignment.value}


def _empty(node: ast.For, name: str, kind: str, view: View) -> ast.expr | None:
    """The empty collection that the statement above gives the name."""
    place = among(node, view.parent(node))
    above = place[0][place[1] - 1] if place is not None and place[1] else None
    if not isinstance(above, (ast.Assign, ast.AnnAssign)) or above.value is None:
        return None
    targets = above.targets if isinstance(above, ast.Assign) else [above.target]
    same = len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id == name
    return above.value if same and _is_empty(above.value, kind) else None


def _is_empty(node: ast.expr, kind: str) -> bool:
    if kind == "list":
        return isinstance(node, ast.List) and not node.elts
    if kind == "dict":
        return isinstance(node, ast.Dict) and not node.keys
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "set"
    return named and not getattr(node, "args", ()) and not getattr(node, "keywords", ())


def _is_attempt(node: ast.For, view: View) -> bool:
    """Whether an exception of it is caught here: what was collected until then may be of use."""
    around = view.parent(node)
    while around is not None and not isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if isinstance(around, ast.Try) and around.handlers:
            return True
        if isinstance(around, (ast.With, ast.AsyncWith)) and any(
            "suppress" in ast.unparse(item.context_expr) for item in around.items
        ):
            return True
        around = view.parent(around)
    return False


def _reads(name: str, nodes: tuple[ast.expr | None, ...]) -> bool:
    """Whether the name is read in what would become the comprehension, or something that can't stand there is."""
    return any(
        isinstance(part, _NOT_INSIDE) or (isinstance(part, ast.Name) and part.id == name)
        for node in nodes
        if node is not None
        for part in ast.walk(node)
    )


def _is_read_elsewhere(names: set[str], loop: ast.For, function: Any) -> bool:
    """Whether a variable of the loop is of use in the function outside of it."""
    inside = {id(part) for part in ast.walk(loop)}
    return function is None or any(
        (isinstance(part, ast.Name) and part.id in names and id(part) not in inside)
        or (isinstance(part, (ast.Global, ast.Nonlocal)) and not names.isdisjoint(part.names))
        for part in ast.walk(function)
    )
