"""A file that is opened to be read or written whole: captures `statement`, `path`, `call` and the method of a path.

That is `read_text`, `read_bytes`, `write_text` or `write_bytes`; besides `encoding` and `errors` as they are given.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.With,)
_METHODS: Final = {
    ("r", "read"): "read_text",
    ("rt", "read"): "read_text",
    ("rb", "read"): "read_bytes",
    ("w", "write"): "write_text",
    ("wt", "write"): "write_text",
    ("wb", "write"): "write_bytes",
}
_KEPT: Final = frozenset({"encoding", "errors"})


def check(node: ast.With, view: View) -> Iterator[Hit]:
    """Find `with open(path) as file: text = file.read()`, and `file.write(text)` as all that is done."""
    if len(node.items) != 1 or len(node.body) != 1:
        return
    opened, name = node.items[0].context_expr, node.items[0].optional_vars
    if not isinstance(opened, ast.Call) or not isinstance(name, ast.Name):
        return
    if not isinstance(opened.func, ast.Name) or opened.func.id != "open":
        return
    call = _only_call(node.body[0], name.id)
    mode = None if call is None else _mode(opened)
    if call is None or mode is None:
        return
    function, path = call.func, opened.args[0]
    assert isinstance(function, ast.Attribute)
    method = _METHODS.get((mode, function.attr))
    if method is None or _is_number(path) or _is_used_later(name.id, node, view):
        return
    captures = [("statement", view.span(node)), ("path", view.span(path)), ("call", view.span(call))]
    captures.append(("body", view.span(node.body[0])))
    captures += [("written", view.span(given)) for given in call.args]
    captures += [(each.arg or "", view.span(each.value)) for each in opened.keywords if each.arg in _KEPT]
    captures.append((method, view.span(call)))
    yield Hit(view.span(opened), f"Say Path(…).{method}()", tuple(captures), requires=builtin("open"))


def _only_call(statement: ast.stmt, name: str) -> ast.Call | None:
    """The call of `read` or `write` of the file that is the whole value of a statement."""
    if not isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)):
        return None
    call = statement.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.keywords:
        return None
    if not isinstance(call.func.value, ast.Name) or call.func.value.id != name:
        return None
    writes = call.func.attr == "write"
    if isinstance(statement, ast.Expr) != writes or len(call.args) != writes:
        return None
    reads = (part for given in call.args for part in ast.walk(given))
    return None if any(isinstance(part, ast.Name) and part.id == name for part in reads) else call


def _mode(opened: ast.Call) -> str | None:
    """The mode; None when it isn't known, or when the file is opened in a way that `Path` has no word for."""
    if not 1 <= len(opened.args) <= 2 or isinstance(opened.args[0], ast.Starred):
        return None
    mode: ast.expr | None = opened.args[1] if len(opened.args) == 2 else None
    for keyword in opened.keywords:
        if keyword.arg == "mode" and mode is None:
            mode = keyword.value
        elif keyword.arg not in _KEPT:
            return None
    if mode is None:
        return "r"
    return mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, str) else None


def _is_number(path: ast.expr) -> bool:
    """Whether it surely is, or may well be, the number of an open file."""
    if isinstance(path, ast.Constant):
        return not isinstance(path.value, (str, bytes))
    named = path.attr if isinstance(path, ast.Attribute) else path.id if isinstance(path, ast.Name) else ""
    return named.endswith(("fd", "fileno")) or (
        isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute) and path.func.attr == "fileno"
    )


def _is_used_later(name: str, node: ast.With, view: View) -> bool:
    """Whether something behind the statement still asks the file, if only whether it is closed."""
    function = view.scope.node
    return function is not None and any(
        isinstance(part, ast.Name)
        and part.id == name
        and isinstance(part.ctx, ast.Load)
        and part.lineno > (node.end_lineno or 0)
        and not _is_opened_again(name, node, function, part.lineno)
        for part in ast.walk(function)
    )


def _is_opened_again(name: str, node: ast.With, function: ast.AST, line: int) -> bool:
    return any(
        isinstance(part, ast.Name)
        and part.id == name
        and isinstance(part.ctx, ast.Store)
        and (node.end_lineno or 0) < part.lineno <= line
        for part in ast.walk(function)
    )
