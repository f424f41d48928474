"""Functions made in a loop and kept, that read the variable of the loop: captures `name` and `function`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = (ast.For, ast.AsyncFor, ast.ListComp, ast.DictComp, ast.SetComp)
_KEEPING: Final = frozenset({"append", "add", "insert", "appendleft", "setdefault", "connect", "register"})
_LEAVING: Final = (ast.Break, ast.Return, ast.Raise)
_DISPLAYS: Final = (ast.Tuple, ast.List, ast.Set)
_HOLDING: Final = (ast.Lambda, ast.Dict, *_DISPLAYS)
SHAPES: Final = {
    ast.ListComp: {"elt": _HOLDING},
    ast.SetComp: {"elt": _HOLDING},
    ast.DictComp: {"value": _HOLDING},
}
_Comprehension = ast.ListComp | ast.DictComp | ast.SetComp
_Function = ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef


def check(node: ast.For | ast.AsyncFor | _Comprehension, view: View) -> Iterator[Hit]:
    """Find functions that are put into something which outlives the round."""
    if isinstance(node, _Comprehension):
        names = {name for generator in node.generators for name in _names(generator.target)}
        kept: Iterable[ast.expr] = [node.value] if isinstance(node, ast.DictComp) else [node.elt]
        functions: dict[str, FunctionNode] = {}
    else:
        statements = list(own(node.body)) if _may_make(node, view) else []
        if not statements or any(isinstance(statement, _LEAVING) for statement in statements):
            return
        names = set(_names(node.target))
        functions = {each.name: each for each in statements if isinstance(each, FUNCTIONS)}
        kept = (value for statement in statements for value in _kept(statement))
    for value in kept:
        for function in _functions(value, functions):
            read = next(iter(_reads(function, names)), None)
            if read is not None:
                span = view.span(read)
                message = f"The function sees the last `{read.id}` of the loop"
                yield Hit(
                    span, message, (("name", span), ("function", view.span(function))), anchor=view.start(function)
                )


def _may_make(loop: ast.For | ast.AsyncFor, view: View) -> bool:
    """Whether there can be a function in a loop: cheap, to reject the others."""
    start, end = view.start(loop), view.end(loop)
    return view.text.find("lambda", start, end) >= 0 or view.text.find("def", start, end) >= 0


def _names(target: ast.expr) -> list[str]:
    return [part.id for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]


def _kept(statement: ast.stmt) -> Iterator[ast.expr]:
    """The values that a statement puts into something."""
    if isinstance(statement, ast.Assign):
        if any(isinstance(target, (ast.Subscript, ast.Attribute)) for target in statement.targets):
            yield statement.value
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if isinstance(call.func, ast.Attribute) and call.func.attr in _KEEPING and call.args:
            yield call.args[-1]


def _functions(value: ast.expr, functions: dict[str, FunctionNode]) -> Iterator[_Function]:
    """The functions that a value is, or that stand in its display."""
    todo: list[ast.expr | None] = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.Lambda):
            yield part
        elif isinstance(part, ast.Name) and part.id in functions:
            yield functions[part.id]
        elif isinstance(part, ast.Dict):
            todo += part.values
        elif isinstance(part, _DISPLAYS):
            todo += part.elts


def _reads(function: _Function, names: set[str]) -> Iterator[ast.Name]:
    """The names of the loop that the body of a function reads and does not bind."""
    body: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else [*function.body]
    arguments = function.args
    bound = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    parts = [part for each in body for part in ast.walk(each)]
    bound |= {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    bound |= {part.arg for part in parts if isinstance(part, ast.arg)}
    return (part for part in parts if isinstance(part, ast.Name) and part.id in names - bound)
