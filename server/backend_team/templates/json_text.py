"""JSON with places: the values of a file, and where in it each value and each key is written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]  # the decoder's own, absent from the stubs
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from backend_team.errors import FileError, Place, TemplateError
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

type_names = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"[^\s,\]}]+")
_scan_string = cast("Callable[[str, int], tuple[str, int]]", scanstring)

Steps = tuple[str | int, ...]


class Duplicate(NamedTuple):
    """A key that an object holds twice: the later would silently win."""

    steps: Steps
    span: Span


@dataclass(frozen=True)
class Document:
    """A JSON file: its value and the places of everything in it."""

    path: str
    text: str
    value: Any
    values: dict[Steps, Span] = field(default_factory=dict)
    keys: dict[Steps, Span] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)

    def place(self, steps: Steps, *, key: bool = False) -> Place:
        """Where a value (or its key) is written; for what is absent, the nearest that encloses it."""
        spans = self.keys if key else self.values
        while steps not in spans and steps:
            steps, spans = steps[:-1], self.values
        return self.place_of(spans.get(steps, Span(0, 1)))

    def inside(self, steps: Steps, part: str) -> Place:
        """Where a part of a text is written within it, when it stands there as such."""
        span = self.values.get(steps)
        start = -1 if span is None else self.text.find(part, span.start, span.end)
        return self.place(steps) if start < 0 else self.place_of(Span(start, start + len(part)))

    def place_of(self, span: Span) -> Place:
        """A span as line and column from 1, with the line's text."""
        lines = LineIndex(self.text)
        line = lines.line_of(span.start)
        row = lines.line_text(line).rstrip("\r\n")
        column = span.start - lines.starts[line]
        length = min(span.end - span.start, len(row) - column)
        return Place(self.path, line + 1, column + 1, max(1, length), row)


def read(path: Path, shown: str | None = None) -> Document:
    """Read a JSON file with its places; `shown` is its name in messages.

    Raises `FileError` when it can't be read, `TemplateError` with the place when it isn't JSON.
    """
    name = shown or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"{name} can't be read: {error.strerror}") from error
    try:
        return parse(raw.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TemplateError("not UTF-8", place=Place(name, line), hint="save the file as UTF-8") from error


def parse(text: str, path: str) -> Document:
    """Parse JSON with its places. Raises `TemplateError` with the place when it isn't JSON."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        document = Document(path, text, None)
        place = document.place_of(Span(error.pos, error.pos + 1))
        raise TemplateError(f"not JSON: {error.msg}", place=place) from error
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"not JSON: {error}", place=Place(path, 1)) from error
    document = Document(path, text, value)
    _locate(document, _skip(text, 0), ())
    return document


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    return "nothing" if value is None else type_names.get(type(value), type(value).__name__)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _locate(document: Document, at: int, steps: Steps) -> int:
    """Note the span of the value at an offset and of all in it; the text is known to be JSON. Returns its end."""
    text = document.text
    match text[at]:
        case "{":
            end = _locate_members(document, at, steps)
        case "[":
            end = _locate_items(document, at, steps)
        case '"':
            end = _scan_string(text, at + 1)[1]
        case _:
            scalar = _SCALAR.match(text, at)
            end = scalar.end() if scalar else at + 1
    document.values[steps] = Span(at, end)
    return end


def _locate_members(document: Document, at: int, steps: Steps) -> int:
    text = document.text
    seen: set[str] = set()
    at = _skip(text, at + 1)
    while text[at] != "}":
        start = at
        name, at = _scan_string(text, at + 1)
        span = Span(start, at)
        if name in seen:
            document.duplicates.append(Duplicate((*steps, name), span))
        seen.add(name)
        document.keys[(*steps, name)] = span
        at = _skip(text, _skip(text, at) + 1)
        at = _skip(text, _locate(document, at, (*steps, name)))
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def _locate_items(document: Document, at: int, steps: Steps) -> int:
    text = document.text
    index = 0
    at = _skip(text, at + 1)
    while text[at] != "]":
        at = _skip(text, _locate(document, at, (*steps, index)))
        index += 1
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1
