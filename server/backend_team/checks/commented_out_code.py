"""Comments that are code: capture `comment` (the lines, from the first `#` to the end of the last)."""

from __future__ import annotations

import ast
import keyword
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.parsing import syntax_tree
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

SIGNS: Final = ("#",)
_COMMENT: Final = re.compile(r"#[^\r\n]*")
_BLANKS: Final = " \t\x0c"
_LIKELY: Final = re.compile(r"[=(\[:]|^\s*(?:import|from|return|raise|del|assert|break|continue|pass)\b")
_PROSE: Final = re.compile(r"^\s*(?:[A-Za-z-]+:\s|>>>|\.\.\.|!|:|-\*-)|\.\.\.|…|https?:|<[a-z]")
# Two words that no keyword begins or joins: no Python, and quicker to tell than by the parser.
_SENTENCE: Final = re.compile(
    rf"\s*(?!(?:{'|'.join((*keyword.kwlist, *keyword.softkwlist))})\b)[^\W\d]\w*[ \t]+"
    rf"(?!(?:{'|'.join(keyword.kwlist)})\b|[^\W\d]\w*['\"])[^\W\d]"
)
_HEADER: Final = re.compile(r"^\s*(?:if|elif|else|for|while|with|def|class|try|except|finally|async)\b.*:\s*$")
_TELLING: Final = re.compile(
    r"\s*(?:(?:import|from) |print\(|pprint\(|breakpoint\(|self\.\w+ = |(?:self|log|logger|logging)\.\w+\(|return )"
)


def check_text(view: View) -> Iterator[Hit]:
    """Find runs of whole-line comments that are mostly code; a line of code in an explanation is left alone."""
    run: list[tuple[Span, str]] = []
    for line, span in _whole_lines(view.text):
        if any(string.start <= span.start < string.end for string in view.long_strings):
            continue
        if run and view.text[run[-1][0].end : line].strip(_BLANKS) not in {"\n", "\r\n", "\r"}:
            yield from _judge(run)
            run = []
        run.append((span, view.text[span.start + 1 : span.end]))
    if run:
        yield from _judge(run)


def _whole_lines(text: str) -> Iterator[tuple[int, Span]]:
    """The comments with nothing before them, each with the start of its line."""
    place = text.find("#")
    while place >= 0:
        line = text.rfind("\n", 0, place) + 1
        if not text[line:place].strip(_BLANKS):
            found = _COMMENT.match(text, place)
            assert found is not None
            yield line, Span(place, found.end())
        end = text.find("\n", place)
        place = text.find("#", end) if end >= 0 else -1


def _judge(run: list[tuple[Span, str]]) -> Iterator[Hit]:
    if len(run) == 1 and not _is_telling(run[0][1]):
        return
    if 2 * sum(_may_be_code(text) for _, text in run) <= len(run):  # before anything is parsed
        return
    marks = _marks([text for _, text in run])
    if 2 * sum(marks) <= len(run):
        return
    start: Span | None = None
    for index, (span, _) in enumerate(run):
        if marks[index]:
            start = start or span
            if index + 1 == len(run) or not marks[index + 1]:
                place = Span(start.start, span.end)
                yield Hit(place, None, (("comment", place),))
                start = None


def _marks(texts: list[str]) -> list[bool]:
    """Which lines of a run are code; examples are none: what is announced by a colon, or indented among sentences."""
    marks = [is_code(text) for text in texts]
    prose = [bool(text.strip()) and not mark for text, mark in zip(texts, marks, strict=True)]
    if sum(marks) == 1:
        return [mark and _is_telling(text) for text, mark in zip(texts, marks, strict=True)]
    announced = False
    for index, text in enumerate(texts):
        if prose[index]:
            announced = text.rstrip().endswith(":")
        elif marks[index] and any(prose) and (announced or text.startswith("    ")):
            marks[index] = False
    return marks


def _is_telling(text: str) -> bool:
    """Whether a single line can't be meant as an explanation of the code below it."""
    return _TELLING.match(text) is not None


def _may_be_code(text: str) -> bool:
    return _LIKELY.search(text) is not None and _SENTENCE.match(text) is None and _PROSE.search(text) is None


def is_code(text: str) -> bool:
    """Whether the text of a comment is a statement that nobody would write as a sentence."""
    if not _may_be_code(text):
        return False
    code = text.strip()
    if _HEADER.match(code):
        if code.startswith(("elif", "else", "except", "finally")):
            return code in {"else:", "finally:", "try:"} or "(" in code or "==" in code
        code += " pass" if code != "try:" else " pass\nfinally: pass"
    try:
        body = syntax_tree(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(body) == 1 and _says_code(body[0], code)


def _says_code(node: ast.stmt, code: str) -> bool:
    if isinstance(node, ast.Assign):
        return not isinstance(node.value, ast.Name) or isinstance(node.targets[0], ast.Attribute)
    if isinstance(
        node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.AugAssign)
    ):
        return True
    if isinstance(node, ast.Expr):
        return (
            isinstance(node.value, ast.Call)
            and bool(node.value.args or node.value.keywords)
            and re.match(r"[\w.]+\(", code) is not None
            and code.endswith(")")
        )
    if isinstance(node, (ast.Return, ast.Raise, ast.Assert, ast.Delete)):
        return any(isinstance(part, (ast.Call, ast.Attribute, ast.Subscript, ast.Compare)) for part in ast.walk(node))
    if isinstance(node, (ast.If, ast.While, ast.For, ast.With, ast.Try)):
        return any(isinstance(part, (ast.Call, ast.Attribute, ast.Compare, ast.Try)) for part in ast.walk(node))
    return False
