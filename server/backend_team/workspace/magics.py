"""IPython's own lines in the text of a cell: for the analysis each gives way to Python of the same length.

What takes their place uses the names they hold, so that an import that only `%timeit` needs is not unused. Every
offset means the same in both texts.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from backend_team.parsing import syntax_tree
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# Cells that begin with these hold Python below their first line; those of any other `%%` hold something else.
PYTHON_CELLS: Final = frozenset({"time", "timeit", "capture", "prun", "memit"})

_SUSPECT: Final = re.compile(r"(?:^|\r)\s*[%!?]|\?[ \t]*\r?$|\?[ \t]*\r|=[ \t]*[%!]", re.MULTILINE)
_CELL_MAGIC: Final = re.compile(r"\s*%%(?P<name>[\w.]+)")
_LINE_MAGIC: Final = re.compile(r"(?P<before>[ \t]*)(?P<magic>[%!?].*)")
_HELP: Final = re.compile(r"(?P<before>[ \t]*)(?P<magic>[\w.*\[\]'\"]+\?{1,2}[ \t]*)$")
_ASSIGNED: Final = re.compile(r"(?P<before>[ \t]*[A-Za-z_][^=!%?'\"#]*=[ \t]*)(?P<magic>[%!][^=].*)")
_COMMAND: Final = re.compile(r"%+[ \t]*[\w./-]*")  # its first word is no name of the notebook
_NAME: Final = re.compile(r"(?<![\w.-])[^\W\d]\w*")
# What of a notebook is filled into other languages: `{expression}`, `$name`, `:name`.
_FILLED_IN: Final = re.compile(r"\{(?P<expression>[^{}]*)\}|[$:](?P<name>[^\W\d]\w*)")
_TOKEN: Final = re.compile(
    r"(?P<comment>#[^\r\n]*)"
    r"|(?P<long>(?:'''|\"\"\"))"
    r"|(?P<short>'(?:\\.|[^'\\\r\n])*'?|\"(?:\\.|[^\"\\\r\n])*\"?)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Masked:
    """The text of a cell as it is analysed; `spans` are the places that read otherwise in the cell.

    `whole_cell` says that the cell begins with `%%`: nothing can be put before that.
    """

    text: str
    spans: tuple[Span, ...] = ()
    whole_cell: bool = False


def masked(text: str) -> Masked:
    """The Python in the place of a cell's text, code point by code point."""
    if _SUSPECT.search(text) is None:
        return Masked(text)
    magic = _CELL_MAGIC.match(text)
    if magic is None and _parses(text):
        return Masked(text)
    if magic is not None and magic["name"] not in PYTHON_CELLS:
        return Masked(_foreign(text), (Span(0, len(text)),), whole_cell=True)
    parts: list[str] = []
    spans: list[Span] = []
    for line in _lines(text):
        if isinstance(line, str):
            parts.append(line)
            continue
        start = sum(map(len, parts)) + len(line.before)
        spans.append(Span(start, start + len(line.stand_in)))
        parts += line.before, line.stand_in, line.end
    return Masked("".join(parts), tuple(spans), whole_cell=magic is not None)


class _Magic(NamedTuple):
    """A line with a magic: what is before it, what takes its place, and the line end."""

    before: str
    stand_in: str
    end: str


def _parses(text: str) -> bool:
    try:
        syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _lines(text: str) -> Iterator[str | _Magic]:
    """The lines of a text, those with a magic told apart."""
    state = _State()
    begun = ""  # the magic that goes on, for its line ended with a backslash
    indented = False
    index = LineIndex(text)
    for number in range(len(index)):
        line = index.line_text(number)
        content = line.rstrip("\r\n")
        end = line[len(content) :]
        if begun:
            names = [] if indented else _names_in(content, begun)
            yield _Magic("", ",".join(names).ljust(len(content)), end)
            begun = begun if content.endswith("\\") else ""
            continue
        found = _magic(content) if state.at_statement else None
        if found is None:
            state.read(content)
            yield line
            continue
        before, magic = found["before"], found["magic"]
        begun, indented = magic if magic.endswith("\\") else "", before != before.lstrip()
        yield _Magic(before, _stand_in(magic), end)


def _magic(line: str) -> re.Match[str] | None:
    return _LINE_MAGIC.match(line) or _HELP.match(line) or _ASSIGNED.match(line)


class _State:
    """Where the lines so far leave the reader: within a string, in brackets, or at a statement."""

    def __init__(self) -> None:
        self._quotes = ""
        self._depth = 0
        self._joined = False

    @property
    def at_statement(self) -> bool:
        return not self._quotes and not self._depth and not self._joined

    def read(self, line: str) -> None:
        """Read one more line."""
        place = 0
        while place <= len(line):
            if self._quotes:
                place = _end_of_string(line, place, self._quotes)
                if place < 0:
                    return
                self._quotes = ""
            token = _TOKEN.search(line, place)
            if token is None:
                break
            place = token.end()
            if token["long"]:
                self._quotes = token["long"]
            elif token["open"]:
                self._depth += 1
            elif token["close"]:
                self._depth = max(0, self._depth - 1)
            elif token["comment"]:
                self._joined = False
                return
        self._joined = line.endswith("\\")


def _end_of_string(line: str, place: int, quotes: str) -> int:
    found = re.compile(rf"(?:\\.|(?!{quotes}).)*{quotes}", re.DOTALL).match(line, place)
    return found.end() if found else -1


def _stand_in(magic: str) -> str:
    """Python of the same length that uses the names of a magic."""
    command = _COMMAND.match(magic)
    names = _names_in(magic[command.end() if command else 0 :], magic)
    for text in (f"_({','.join(names)})", ",".join(names), "_()", "_"):
        if text and len(text) <= len(magic):
            return text.ljust(len(magic))
    return " " * len(magic)


def _names_in(text: str, magic: str) -> list[str]:
    """The names of the notebook in a text that belongs to a magic."""
    return _filled_in(text) if magic.startswith("!") else _names(text)


def _names(text: str) -> list[str]:
    return [name for name in dict.fromkeys(_NAME.findall(text)) if not keyword.iskeyword(name)]


def _filled_in(text: str) -> list[str]:
    found = (one["expression"] or one["name"] or "" for one in _FILLED_IN.finditer(text))
    return _names(" ".join(found))


def _foreign(text: str) -> str:
    """A cell of another language: its lines are empty, or the names that are filled in."""
    index = LineIndex(text)
    parts = []
    for number in range(len(index)):
        line = index.line_text(number)
        content = line.rstrip("\r\n")
        if number == 0 or content.lstrip().startswith("%%"):
            parts.append(_stand_in(content) if content.strip() else content)
        else:
            parts.append(",".join(_filled_in(content)).ljust(len(content)))
        parts.append(line[len(content) :])
    return "".join(parts)
