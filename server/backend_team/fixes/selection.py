"""A selection as the pattern of a rule: one expression or statement, its local names as metavariables on request."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from backend_team.errors import RuleError
from backend_team.fixes.code import parse
from backend_team.parsing import syntax_tree
from backend_team.text import Edit, Span, apply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.text import Source

LONGEST: Final = 2_000  # characters of a selection
_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_HINT: Final = "select the whole of one, without what is around it"


@dataclass(frozen=True, slots=True)
class Selection:
    """What was selected: its own text, the pattern made of it, and the names that occur."""

    text: str
    pattern: str
    names: tuple[str, ...]


def could_be(text: str) -> bool:
    """Whether a selected text looks like one expression or statement."""
    stripped = text.strip()
    if not stripped or len(text) > LONGEST:
        return False
    try:
        return len(syntax_tree(_at_margin(stripped, _indent_of_first(text))).body) == 1
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def selection(source: Source, span: Span, *, metavariables: bool) -> Selection:
    """The expression or statement that a span selects; raises `RuleError` when it is not exactly one."""
    chosen = source.text[span.start : span.end]
    start = span.start + len(chosen) - len(chosen.lstrip())
    span = Span(start, max(start, span.end - len(chosen) + len(chosen.rstrip())))
    if span.end - span.start > LONGEST:
        raise RuleError(f"a pattern has at most {LONGEST:,} characters", hint="select less")
    try:
        tree = parse(source.text)
    except SyntaxError as error:
        raise RuleError(f"the file does not parse: {error.msg}") from None
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    nodes = [one for one in ast.walk(tree) if isinstance(one, (ast.expr, ast.stmt)) and _span(source, one) == span]
    if not nodes:
        raise RuleError("the selection is not one expression or statement", hint=_HINT)
    node = nodes[0]
    names = [one for one in _plain(node) if isinstance(one, ast.Name)]
    text = source.text[span.start : span.end]
    column = source.lines.position(span.start, "utf-32")[1]
    pattern = text
    if metavariables:
        local = _local_names(node, parents)
        called = _metavariables(one.id for one in names if one.id in local)
        edits = [
            Edit(_span(source, one).shifted(-span.start), f"${called[one.id]}") for one in names if one.id in called
        ]
        pattern = apply(text, sorted(edits, key=lambda edit: edit.span.start))
    words = dict.fromkeys(re.findall(r"[^\W\d]\w*", text))
    return Selection(_at_margin(text, column), _at_margin(pattern, column), tuple(words))


def _indent_of_first(text: str) -> int:
    """How far the text is to the right, as its lines after the first say."""
    rows = [row for row in text.splitlines()[1:] if row.strip()]
    return min((len(row) - len(row.lstrip()) for row in rows), default=0)


def _at_margin(text: str, column: int) -> str:
    """The text of a node that begins in a column, moved to the margin: its later lines begin there or further."""
    return dedent(" " * column + text)


def _span(source: Source, node: ast.expr | ast.stmt) -> Span:
    lines = source.lines
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    start = lines.offset(node.lineno - 1, node.col_offset, "utf-8")
    if first != node.lineno:
        row = lines.line_text(first - 1)
        start = lines.start(first - 1) + len(row) - len(row.lstrip())
    return Span(start, lines.offset((node.end_lineno or 1) - 1, node.end_col_offset or 0, "utf-8"))


def _plain(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what is in it, f-strings left out: a pattern takes no metavariables in them."""
    todo = [node]
    while todo:
        one = todo.pop()
        if not isinstance(one, ast.JoinedStr):
            yield one
            todo += reversed(list(ast.iter_child_nodes(one)))


def _local_names(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> set[str]:
    """The names that the functions around a node bind; at the level of the module those it assigns."""
    found: set[str] = set()
    above: ast.AST | None = parents.get(node)
    while above is not None:
        if isinstance(above, _FUNCTIONS) or (isinstance(above, ast.Module) and not found):
            found |= {one.arg for one in ast.walk(above) if isinstance(one, ast.arg)}
            found |= {one.id for one in ast.walk(above) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        above = parents.get(above)
    return found


def _metavariables(names: Iterable[str]) -> dict[str, str]:
    """A metavariable for each name, by the name where that can be one."""
    called: dict[str, str] = {}
    for name in names:
        wanted = name.upper().strip("_")
        if name not in called:
            fits = _NAME.fullmatch(wanted) and wanted not in called.values()
            called[name] = wanted if fits else f"X{len(called) + 1}"
    return called
