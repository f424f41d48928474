"""Upkeep of imports: what a fix made superfluous goes with it, in the same fix."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from backend_team.fixes import proof
from backend_team.fixes.code import Code, NoFix
from backend_team.fixes.difference import difference
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD: Final = re.compile(r"[^\W\d]\w*")
Import = ast.Import | ast.ImportFrom


def upkeep(code: Code, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
    """The edits with the removal of the imports that nothing reads any more; None when there are none.

    Only imports of the standard library at the top of a module are removed: others may have effects. Never in
    `__init__.py`, never `import a as a`, never what a string (such as those of `__all__`) names.
    """
    if PurePath(code.source.path.replace("\\", "/")).name in {"__init__.py", "__init__.pyi"}:
        return None
    gone = _words(code.of(edit.span) for edit in edits) - _words(edit.text for edit in edits)
    bound = {name for statement in code.tree.body if isinstance(statement, Import) for name in _bound(statement)}
    wanted = gone & bound
    if wanted:
        wanted &= _mentioned(code.tree)  # what nothing read before is not superfluous by the fix
    if not wanted:
        return None
    before = code.source
    now = Code(before.edited(tuple(edits)))
    changed = False
    for name in sorted(wanted):
        if name in _mentioned(now.tree):
            continue
        following = _without(now, name)
        if following is not None:
            now, changed = following, True
    return difference(before.text, now.text) if changed else None


def remove_alias(code: Code, statement: Span, alias: Span) -> Edit:
    """The edit that takes one name out of an import, or the import with its only name."""
    node = code.node(statement, ast.stmt)
    assert isinstance(node, Import)
    spans = [code.span(each) for each in node.names]
    index = spans.index(alias)
    if len(spans) == 1:
        return code.removal(statement)
    own_line = _own_line(code, alias)
    if own_line is not None and code.line_start(spans[0].start if index else spans[1].start) != own_line.start:
        return Edit(own_line, "")
    if index + 1 < len(spans):
        return Edit(Span(alias.start, spans[index + 1].start), "")
    return Edit(Span(spans[index - 1].end, alias.end), "")


def _own_line(code: Code, alias: Span) -> Span | None:
    """The lines of a name that has them for itself, its comma and comment included."""
    start, end = code.line_start(alias.start), code.line_end(alias.end)
    before, after = code.text[start : alias.start], code.text[alias.end : end]
    if before.strip(" \t") or not re.fullmatch(r"[ \t]*,[ \t]*(#.*)?", after):
        return None
    return Span(start, code.next_line(alias.end))


def _words(texts: Iterator[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text)}


def _bound(statement: Import) -> Iterator[str]:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            standard = not statement.level and (statement.module or "").partition(".")[0] in sys.stdlib_module_names
            plain = statement.module != "__future__"
        else:
            standard = alias.name.partition(".")[0] in sys.stdlib_module_names
            plain = alias.asname is not None or "." not in alias.name
        if standard and plain and alias.asname != alias.name:
            yield alias.asname or alias.name


def _mentioned(tree: ast.Module) -> set[str]:
    """The names that are read, and the words of strings."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(_WORD.findall(node.value))
    return found


def _without(code: Code, name: str) -> Code | None:
    """The code without the import of a name; None when it can't be taken away."""
    for statement in code.tree.body:
        if isinstance(statement, Import) and name in _bound(statement):
            alias = next(each for each in statement.names if (each.asname or each.name) == name)
            try:
                edit = remove_alias(code, code.span(statement), code.span(alias))
                after = Code(code.source.edited([edit]))
                proof.check_text(code.text, after.text, [edit])
            except NoFix:
                return None
            return after
    return None
