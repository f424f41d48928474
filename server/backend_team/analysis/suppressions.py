"""Suppressions: comments that silence rules on a line, for a statement, for a class or for the file.

Ours: `# backend-team: ignore[rule, rule] reason` behind code is for its line; alone on a line it is for the statement
that begins below it, body included. `# backend-team: ignore-file[rule] reason` before the first statement is for the
file, without brackets for all rules. Those of other tools mean what they mean there, for the rules that have such an
equivalent: `noqa` (line), `ruff: noqa` and `flake8: noqa` (file), `type: ignore` and `pyright: ignore` (line),
`pylint: disable` (line, or block when it opens one or stands alone), `isort: skip`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from backend_team.analysis.comments import comments
from backend_team.analysis.pylint_names import PYLINT_NAMES
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backend_team.analysis.comments import Comment
    from backend_team.rules.model import Rule

Reach = Literal["lines", "next", "class", "rest", "file"]

_CODE: Final = r"[A-Za-z]+[0-9]+"
_NAMES: Final = re.compile(r"[\w-]+")
_PRAGMA: Final = re.compile(
    r"#\s*(?:backend-team:\s*(?P<ours>ignore-file|ignore)(?![\w-])(?:\s*\[(?P<rules>[^\]#]*)\])?"
    rf"|(?P<file>(?i:ruff|flake8)\s*:\s*)?(?P<noqa>(?i:noqa))(?P<codes>\s*:\s*{_CODE}(?:[,\s]+{_CODE})*)?(?!\w|\s*:)"
    r"|(?P<typed>type|pyright):\s*ignore(?:\[(?P<errors>[^\]#]*)\]|(?![\w-]))"
    r"|pylint:\s*(?P<pylint>disable-next|disable|skip-file)(?:\s*=\s*(?P<messages>[\w, -]+))?"
    r"|isort:\s*(?P<isort>skip_file|skip)(?!\w))"
)
_SIGNS: Final = ("noqa", "backend-team:", "pylint:", "type:", "pyright:", "isort:")
_ALL_OF: Final = "*"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that silences rules; lines count from the start of its block, from 0.

    `names` are ids, codes and `tool:name`; None silences all. It holds on `line`, and for what begins from there to
    `until`. `reach` says what else it is for: the next block, the blocks of the class, what follows in the class or
    module, the file. `span` is the comment without other comments on its line; `written` are the ids one of ours names,
    each with its place, and is empty for those of other tools.
    """

    span: Span
    names: frozenset[str] | None
    line: int
    until: int
    reach: Reach = "lines"
    ours: bool = False
    written: tuple[tuple[str, Span], ...] = ()
    at_head: bool = False  # before the first statement of its block

    def silences(self, names: frozenset[str]) -> bool:
        """Whether it names one of these names."""
        return self.names is None or not names.isdisjoint(self.names)


def suppressions(
    text: str, nodes: Sequence[ast.AST] = (), start: Callable[[ast.stmt], int] | None = None, header: bool = False
) -> tuple[Suppression, ...]:
    """The suppressions of a block.

    `nodes` are its statements and `start` tells where one begins, its decorators included; without them each comment
    is for its line. `header` says that the only statement is the head of a class.
    """
    if "#" not in text or not may_suppress(text):
        return ()
    lines = LineIndex(text)
    tree = _Tree(nodes, start, lines, header) if start is not None else None
    return tuple(found for comment in comments(text) for found in _of(comment, lines, tree))


def may_suppress(text: str) -> bool:
    """Whether a word stands in a text without which there is no suppression."""
    return any(map(text.lower().__contains__, _SIGNS))


def names_of(rule: Rule) -> frozenset[str]:
    """What a suppression can call the rule: its id, and the codes other tools have for it."""
    names = {rule.id}
    for equivalent in rule.equivalents:
        tool, _, code = equivalent.lower().partition(":")
        names |= {code, f"{tool}:{code}", f"{tool}:{_ALL_OF}"}
        if tool == "pylint" and code in PYLINT_NAMES:
            names.add(f"pylint:{PYLINT_NAMES[code]}")
    return frozenset(names)


def silencers(found: Sequence[Suppression], names: frozenset[str], lines: Sequence[int]) -> tuple[int, ...]:
    """Which suppressions, by number, silence one of the names for a finding that begins, ends or is anchored here."""
    return tuple(
        number
        for number, each in enumerate(found)
        if each.reach != "file"  # that is for the module to say
        and (each.line in lines or each.line <= lines[0] <= each.until or each.line <= lines[-1] <= each.until)
        and each.silences(names)
    )


def _of(comment: Comment, lines: LineIndex, tree: _Tree | None) -> Iterator[Suppression]:
    line = lines.line_of(comment.start)
    for found in _PRAGMA.finditer(comment.text):
        end = comment.text.find("#", found.start() + 1)
        text = comment.text[found.start() : end if end >= 0 else None].rstrip()
        span = Span(comment.start + found.start(), comment.start + found.start() + len(text))
        if found["ours"]:
            yield _ours(found, span, comment, line, tree)
        elif found["noqa"]:
            names = None if found["codes"] is None else _listed(found["codes"])
            yield Suppression(span, names, line, line, "file" if found["file"] else "lines")
        elif found["typed"]:
            tool = "mypy" if found["typed"] == "type" else "pyright"
            names = frozenset({f"{tool}:{_ALL_OF}"}) if found["errors"] is None else _listed(found["errors"], tool)
            whole = comment.alone and found["errors"] is None and tree is not None and tree.at_head(line)
            yield Suppression(span, names, line, line, "file" if whole else "lines", at_head=whole)
        elif found["isort"]:
            yield Suppression(
                span, frozenset({"i001"}), line, line, "file" if found["isort"] == "skip_file" else "lines"
            )
        elif found["pylint"]:
            yield from _pylint(found, span, comment, line, tree)


def _ours(found: re.Match[str], span: Span, comment: Comment, line: int, tree: _Tree | None) -> Suppression:
    written: tuple[tuple[str, Span], ...] = ()
    names: frozenset[str] | None = frozenset()
    if found["rules"] is not None:
        begin = comment.start + found.start("rules")
        written = tuple(
            (name[0], Span(begin + name.start(), begin + name.end())) for name in _NAMES.finditer(found["rules"])
        )
        names = frozenset(name.lower() for name, _ in written)
    elif found["ours"] == "ignore-file":
        names = None
    at_head = tree is not None and tree.at_head(line)
    if found["ours"] == "ignore-file":
        return Suppression(span, names, line, line, "file", True, written, at_head)
    until, reach = tree.below(line) if comment.alone and tree is not None else (line, "lines")
    return Suppression(span, names, line, until, reach, True, written, at_head)


def _pylint(found: re.Match[str], span: Span, comment: Comment, line: int, tree: _Tree | None) -> Iterator[Suppression]:
    if found["pylint"] == "skip-file":
        yield Suppression(span, None, line, line, "file")
        return
    names = _listed(found["messages"] or "", "pylint")
    if "pylint:all" in names:
        names = frozenset({f"pylint:{_ALL_OF}"})
    if found["pylint"] == "disable-next":
        yield Suppression(span, names, line + 1, line + 1)
        return
    until: int
    reach: Reach
    if tree is None:
        until, reach = line, "lines"
    elif comment.alone:
        until, reach = tree.rest(line)
    else:
        until, reach = tree.opened(line)
    yield Suppression(span, names, line, until, reach)


def _listed(text: str, tool: str = "") -> frozenset[str]:
    """The names of a list, for `pylint` and the like with the tool before them."""
    prefix = f"{tool}:" if tool else ""
    return frozenset(prefix + name.lower() for name in _NAMES.findall(text))


class _Tree:
    """The statements of a block by line."""

    def __init__(
        self, nodes: Sequence[ast.AST], start: Callable[[ast.stmt], int], lines: LineIndex, header: bool
    ) -> None:
        self._lines = lines
        self._header = header
        self._nodes = nodes
        self._start = start
        self._spans: list[tuple[int, int, ast.AST]] | None = None

    def _statements(self) -> list[tuple[int, int, ast.AST]]:
        """First line, last line and node of every statement and handler."""
        if self._spans is None:
            self._spans = []
            for root in self._nodes:
                for node in ast.walk(root):
                    if isinstance(node, (ast.stmt, ast.excepthandler)):
                        first = self._lines.line_of(self._start(node))  # type: ignore[arg-type]
                        last = first + (node.end_lineno or node.lineno) - _first_number(node)
                        self._spans.append((first, last, node))
        return self._spans

    def at_head(self, line: int) -> bool:
        """Whether the line is before the first statement."""
        return all(line < first for first, _, _ in self._statements())

    def below(self, line: int) -> tuple[int, Reach]:
        """Where the statement ends that begins below a comment on a line of its own, other comments between passed."""
        code = line + 1
        while code < len(self._lines.starts) and self._lines.line_text(code).lstrip(" \t\x0c").startswith("#"):
            code += 1
        begun = [(last, node) for first, last, node in self._statements() if first == code]
        if not begun:
            if self._header and code >= len(self._lines.starts) - 1:  # the first member is the next block
                return line, "next"
            blank = code >= len(self._lines.starts) or not self._lines.line_text(code).strip()
            return (line if blank else code), "lines"
        if self._header:
            return len(self._lines.starts), "class"
        return max(last for last, _ in begun), "lines"

    def rest(self, line: int) -> tuple[int, Reach]:
        """Where the body around a comment on a line of its own ends."""
        statements = self._statements()
        if self._header:
            return len(self._lines.starts), "class" if statements and line > statements[0][0] else "rest"
        around = [
            _part(node, line, first, last)
            for first, last, node in statements
            if first < line <= last and hasattr(node, "body")
        ]
        return (min(around), "lines") if around else (len(self._lines.starts), "rest")

    def opened(self, line: int) -> tuple[int, Reach]:
        """Where the body ends that a line opens; the line itself when it opens none."""
        for first, last, node in self._statements():
            body: list[ast.stmt] | None = getattr(node, "body", None)
            if body is None or not first <= line <= last:
                continue
            if self._header:
                return len(self._lines.starts), "class"
            if body and line < self._lines.line_of(self._start(body[0])):
                return _part(node, line, first, last), "lines"
        return line, "lines"


def _part(node: ast.AST, line: int, first: int, last: int) -> int:
    """The last line of the part of a statement that a line is in: of an `if` its body, or what follows it."""
    body: list[ast.stmt] = getattr(node, "body", [])
    if body and getattr(node, "orelse", None):
        end = first + (body[-1].end_lineno or 0) - _first_number(node)
        if line <= end:
            return end
    return last


def _first_number(node: ast.AST) -> int:
    """The number `ast` gives to the first line of a statement, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    numbers: list[int] = [getattr(node, "lineno", 1), *(each.lineno for each in decorators)]
    return min(numbers)
