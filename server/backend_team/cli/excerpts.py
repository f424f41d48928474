"""Findings as people read them: place, rule, message, and the line it is about."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backend_team.findings import Severity
    from backend_team.text import Source, Span

_COLOURS: Final = {"error": "31", "warning": "33", "information": "36", "hint": "34"}
_TAB: Final = "    "


class Printer:
    """Prints to stdout, in colour when that is a terminal."""

    def __init__(self) -> None:
        self._colour = sys.stdout.isatty()

    def painted(self, text: str, code: str) -> str:
        """The text in a colour of the terminal."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text

    def place(self, path: str, line: int, column: int, severity: Severity | str, rule: str, message: str) -> None:
        """One finding, a line."""
        where = self.painted(f"{shown(path)}:{line}:{column}:", "1")
        print(f"{where} {self.painted(str(severity), _COLOURS[str(severity)])} {self.painted(rule, '2')}  {message}")

    def excerpt(self, source: Source, span: Span) -> None:
        """The line of a place with a marker below it."""
        line, column = source.lines.position(span.start, "utf-32")
        row = source.lines.line_text(line).rstrip("\r\n")
        length = max(1, min(span.end - span.start, len(row) - column))
        before = row[:column].replace("\t", _TAB)
        marked = row[column : column + length].replace("\t", _TAB)
        print(f"{line + 1:6d} | {row.replace(chr(9), _TAB)}")
        print(f"       | {' ' * len(before)}{self.painted('^' * max(1, len(marked)), '31')}")


def shown(path: str) -> str:
    """The path as short as it is understood from here."""
    try:
        return str(Path(path).absolute().relative_to(Path.cwd()))
    except ValueError:
        return path


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
