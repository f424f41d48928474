"""Proof: what must hold of the text a fix leads to, and the sentences that say so."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from typing import TYPE_CHECKING, Final

from backend_team.analysis.blocks import first_line
from backend_team.fixes.code import NoFix, tree_of
from backend_team.parsing import quiet
from backend_team.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backend_team.findings import ModuleReport
    from backend_team.text import Edit

PROVED: Final = (
    "It parses.",
    "Every comment is kept.",
    "The finding is gone and no other of its rule came.",
)
PROVED_OF_COMMENTS: Final = (PROVED[0], "Every other comment is kept.", PROVED[2])


def comments(text: str) -> Counter[str]:
    """The comments of a text, each with how often it is there. Raises `SyntaxError` when there are no tokens."""
    plain = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    found: Counter[str] = Counter()
    try:
        for token in tokenize.generate_tokens(io.StringIO(plain).readline):
            if token.type == tokenize.COMMENT:
                found[token.string.rstrip()] += 1
    except tokenize.TokenError as error:
        raise SyntaxError(str(error)) from None
    return found


def check_text(before: str, after: str, edits: Sequence[Edit], changed: Sequence[tuple[str, str]] = ()) -> None:
    """Raise `NoFix` when the text after does not parse or has lost or gained a comment.

    `changed` are the comments that the fix is about, each with what it becomes ("" when it goes).
    """
    try:
        tree_of(after)
    except SyntaxError as error:
        raise NoFix(f"the result would not parse: {error.msg}") from None
    if any("#" in edit.text or "#" in before[edit.span.start : edit.span.end] for edit in edits):
        check_comments(before, after, changed)


def check_comments(before: str, after: str, changed: Sequence[tuple[str, str]] = ()) -> None:
    """Raise `NoFix` when the two texts don't have the same comments, those `changed` apart."""
    try:
        had, has = comments(before), comments(after)
    except SyntaxError as error:
        raise NoFix(f"the comments could not be compared: {error.msg}") from None
    for old, new in changed:
        if not had[old]:
            raise NoFix(f"a comment that the fix is about is not there: {old}")
        had[old] -= 1
        if new:
            had[new] += 1
    for lost in had - has:
        raise NoFix(f"a comment would be lost: {lost}")
    for added in has - had:
        raise NoFix(f"a comment would be added: {added}")


def check_report(fixed: Mapping[str, int], before: ModuleReport, after: ModuleReport) -> None:
    """Raise `NoFix` when a finding is still there, another of its rule came, or the text has a new problem.

    `fixed` says of each rule how many of its findings were fixed.
    """
    if len(after.problems) > len(before.problems):
        raise NoFix(f"the result would have a problem: {after.problems[-1].message}")
    old, new = (Counter(each.rule for each in report.findings) for report in (before, after))
    if any(new[rule] > old[rule] - number for rule, number in fixed.items()):
        raise NoFix("the finding, or another of its rule, would be there afterwards")


def compiles_where(text: str, edits: Sequence[Edit]) -> bool:
    """Whether Python would compile the statements of a text, which parses, that edits counted before them have changed.

    What can't be told from a top-level statement alone is where `from __future__` stands: then all is compiled.
    """
    tree = tree_of(text)
    lines = LineIndex(text)
    changed: list[tuple[int, int]] = []  # lines as `ast` counts them
    by = 0
    for edit in edits:
        start = edit.span.start + by
        by += len(edit.text) - (edit.span.end - edit.span.start)
        changed.append((lines.line_of(start) + 1, lines.line_of(start + len(edit.text)) + 1))
    touched = [
        node
        for node in tree.body
        if any(first <= (node.end_lineno or node.lineno) and first_line(node) <= last for first, last in changed)
    ]
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    if not touched or (future and touched[0].lineno <= future[-1].lineno):
        return compiles(text)
    return _compiles(ast.Module(touched, []))


def compiles(text: str) -> bool:
    """Whether Python would compile the text: more than parsing, such as `return` in its place."""
    return _compiles(text.removeprefix("\ufeff"))


def _compiles(code: str | ast.Module) -> bool:
    with quiet():
        try:
            compile(code, "<fix>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
