"""A beginning or an end that is tested and cut off: captures `target`, `text`, `part` and `prefix` or `suffix`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.statements import lone
from backend_team.checks.view import Hit, builtin
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.IfExp)
SHAPES: Final = {ast.If: {"test": (ast.Call,)}, ast.IfExp: {"test": (ast.Call,)}}
_KINDS: Final = {"startswith": "prefix", "endswith": "suffix"}


def check(node: ast.If | ast.IfExp, view: View) -> Iterator[Hit]:
    """Find `if x.startswith("ab"): x = x[2:]` and `x[2:] if x.startswith("ab") else x`."""
    test = node.test
    if not isinstance(test, ast.Call) or not isinstance(test.func, ast.Attribute):
        return
    kind, text = _KINDS.get(test.func.attr), test.func.value
    if kind is None or len(test.args) != 1 or test.keywords or not is_simple(text):
        return
    part = test.args[0]
    captures = [("text", view.span(text)), ("part", view.span(part))]
    if isinstance(node, ast.If):
        assignment = None if node.orelse or view.is_elif(node) else lone(node.body, ast.Assign)
        if assignment is None or len(assignment.targets) != 1 or not same(assignment.targets[0], text):
            return
        cut = assignment.value
        captures.append(("statement", view.span(node)))
    elif same(node.orelse, text):
        cut = node.body
        captures.append(("expression", view.span(node)))
    else:
        return
    if not isinstance(cut, ast.Subscript) or not same(cut.value, text) or not isinstance(cut.slice, ast.Slice):
        return
    measured = _measured(cut.slice, kind)
    if measured is None or not _is_length(measured, part):
        return
    captures.append((kind, view.span(part)))
    mark = view.span(node) if isinstance(node, ast.IfExp) else view.span(test)
    requires = builtin("len") if isinstance(measured, ast.Call) else ()
    yield Hit(mark, f"Say remove{kind}()", tuple(captures), requires=requires)


def _measured(cut: ast.Slice, kind: str) -> ast.expr | None:
    """The `n` of `[n:]`, or of `[:-n]`."""
    if cut.step is not None:
        return None
    if kind == "prefix":
        return cut.lower if cut.upper is None else None
    end = cut.upper
    negative = cut.lower is None and isinstance(end, ast.UnaryOp) and isinstance(end.op, ast.USub)
    return end.operand if negative and isinstance(end, ast.UnaryOp) else None


def _is_length(measured: Any, part: ast.expr) -> bool:
    if isinstance(part, ast.Constant) and isinstance(part.value, (str, bytes)) and part.value:
        if isinstance(measured, ast.Constant):
            return bool(measured.value == len(part.value))
    elif not isinstance(part, (ast.Name, ast.Attribute)):
        return False
    named = isinstance(measured, ast.Call) and isinstance(measured.func, ast.Name) and measured.func.id == "len"
    return named and len(measured.args) == 1 and same(measured.args[0], part)
