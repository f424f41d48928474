"""Imports that a fix needs: which name to write, and where the import goes that the file doesn't have yet."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Final

from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.fixes.code import Code

Import = ast.Import | ast.ImportFrom

# What is imported by its own name rather than used through its module.
_DIRECT: Final = frozenset({"collections.abc", "dataclasses", "pathlib", "typing", "types", "abc", "decimal", "enum"})
_LONGEST_LINE: Final = 88  # of an import that gets one name more


class Needs:
    """What the fix of a code needs from the standard library: `text` says how to write it, `edits` bring it in."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._wanted: dict[tuple[str, str | None], None] = {}
        self._last = 0  # where the last of the imports that are relied on begins

    def text(self, module: str, name: str) -> str | None:
        """How `name` of `module` is written in this file; None when the name means something else here."""
        tree = self._code.tree
        for statement in _at_the_top(tree):
            for alias in statement.names:
                written = alias.asname or alias.name
                if isinstance(statement, ast.ImportFrom):
                    if not statement.level and (statement.module, alias.name) == (module, name):
                        return self._known(written, statement) if _bindings(tree, written) == 1 else None
                elif alias.name == module:
                    if alias.asname is not None and _bindings(tree, alias.asname) != 1:
                        return None
                    if alias.asname is None and not _only_modules(tree, written.partition(".")[0]):
                        return None
                    return self._known(f"{written}.{name}", statement)
        direct = module in _DIRECT
        free = not _bindings(tree, "*") and not _bindings(tree, name) and not _is_read(tree, name)
        if not direct:
            root = module.partition(".")[0]
            known = _bindings(tree, root) and _only_modules(tree, root)
            free = not _bindings(tree, "*") and bool(known or not (_bindings(tree, root) or _is_read(tree, root)))
        if not free:
            return None
        self._wanted[module, name if direct else None] = None
        return name if direct else f"{module}.{name}"

    def _known(self, written: str, statement: Import) -> str:
        self._last = max(self._last, self._code.span(statement).start)
        return written

    def reaches(self, edits: list[Edit]) -> bool:
        """Whether the imports that are relied on stand before all the edits."""
        return not self._last or all(edit.span.start > self._last for edit in edits)

    def edits(self) -> list[Edit]:
        """The edits that add what is missing."""
        return [self._edit(module, name) for module, name in self._wanted]

    def _edit(self, module: str, name: str | None) -> Edit:
        code = self._code
        head = _head(code.tree)
        if name is not None and (found := self._extended(head, module, name)) is not None:
            return found
        line = f"import {module}" if name is None else f"from {module} import {name}"
        standard = [each for each in head if _is_standard(each)]
        for each in standard:
            if _key(each) > (name is not None, module.lower()):
                return self._before(each, line)
        if standard:
            return self._after(standard[-1], line)
        if head and not _is_future(head[-1]):
            first = next(each for each in head if not _is_future(each))
            return self._before(first, line + code.line_break)
        return self._first(head, line)

    def _extended(self, head: list[Import], module: str, name: str) -> Edit | None:
        """The edit that puts a name into the import that takes others from the module, where it has one line."""
        code = self._code
        for each in head:
            if not isinstance(each, ast.ImportFrom) or each.module != module or each.level:
                continue
            span = code.span(each)
            line = code.text[code.line_start(span.start) : code.line_end(span.end)]
            if line != code.of(span) or "(" in line or "\\" in line or len(line) + len(name) + 2 > _LONGEST_LINE:
                return None
            for alias in each.names:
                if alias.name.lower() > name.lower():
                    return Edit(Span(code.span(alias).start, code.span(alias).start), f"{name}, ")
            return Edit(Span(span.end, span.end), f", {name}")
        return None

    def _before(self, statement: Import, line: str) -> Edit:
        start = self._code.line_start(self._code.span(statement).start)
        if self._code.text.startswith("\ufeff") and start == 0:
            start = 1
        return Edit(Span(start, start), line + self._code.line_break)

    def _after(self, statement: ast.stmt, line: str) -> Edit:
        code = self._code
        end = code.next_line(code.span(statement).end)
        if code.text[end - 1 : end] in ("\n", "\r"):
            return Edit(Span(end, end), line + code.line_break)
        return Edit(Span(end, end), code.line_break + line)

    def _first(self, head: list[Import], line: str) -> Edit:
        """Behind the docstring and `__future__`, otherwise before the code and the comments that belong to it."""
        code = self._code
        body = code.tree.body
        if head:
            return self._after(head[-1], code.line_break + line)
        if _is_docstring(body):
            return self._after(body[0], code.line_break + line)
        lines = code.source.lines
        number = lines.line_of(code.whole(body[0]).start)
        while number and lines.line_text(number - 1).lstrip("\ufeff").startswith("#"):
            number -= 1
        if number == 0:  # the comments are the head of the file
            number = lines.line_of(code.whole(body[0]).start)
        start = max(lines.starts[number], 1 if code.text.startswith("\ufeff") else 0)
        return Edit(Span(start, start), line + 2 * code.line_break)


def _is_docstring(body: list[ast.stmt]) -> bool:
    first = body[0] if body else None
    value = first.value if isinstance(first, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _head(tree: ast.Module) -> list[Import]:
    """The imports the module begins with."""
    found: list[Import] = []
    for statement in tree.body[1 if _is_docstring(tree.body) else 0 :]:
        if not isinstance(statement, Import):
            break
        found.append(statement)
    return found


def _at_the_top(tree: ast.Module) -> Iterator[Import]:
    return (statement for statement in tree.body if isinstance(statement, Import))


def _is_future(statement: Import) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _module(statement: Import) -> str:
    if isinstance(statement, ast.ImportFrom):
        return "." * statement.level + (statement.module or "")
    return statement.names[0].name


def _is_standard(statement: Import) -> bool:
    return not _is_future(statement) and _module(statement).partition(".")[0] in sys.stdlib_module_names


def _key(statement: Import) -> tuple[bool, str]:
    """The order of imports: `import a` before `from a import b`, each by the module."""
    return isinstance(statement, ast.ImportFrom), _module(statement).lower()


def _is_read(tree: ast.Module, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


def _bindings(tree: ast.Module, name: str) -> int:
    """How often a name is bound, anywhere in the file."""
    return sum(1 for node in ast.walk(tree) for each in _names(node) if each == name)


def _only_modules(tree: ast.Module, name: str) -> bool:
    """Whether all that binds the name are imports of this module, or of modules in it, at the top."""
    imports = sum(
        1
        for statement in _at_the_top(tree)
        if isinstance(statement, ast.Import)
        for alias in statement.names
        if alias.asname is None and alias.name.partition(".")[0] == name
    )
    return imports == _bindings(tree, name)


def _names(node: ast.AST) -> Iterator[str]:
    """The names a node binds."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, Import):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name is not None:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest is not None:
        yield node.rest
