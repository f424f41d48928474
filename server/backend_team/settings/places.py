"""Places in a TOML text: where a key or a string stands, for the excerpt in an error."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from backend_team.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r"""[ \t\r]+ | \#[^\n]*
    | (?P<string> \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | \"(?:\\.|[^\"\\])*\" | '[^']*')
    | (?P<mark> [\[\]{},=.\n])
    | (?P<bare> [^\s\[\]{},=.\#"']+)""",
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


class Entry(NamedTuple):
    """A key, or a string below a key (`value`), and the code points it covers."""

    path: tuple[str, ...]
    value: str | None
    start: int
    end: int


def find(text: str, name: str, path: tuple[str, ...], value: str | None = None) -> Place:
    """The place of a key, or of a string below a key, in a TOML text; the first line when there is none.

    `name` is how the file is called in messages.
    """
    with suppress(RecursionError):  # the file has changed since it was valid
        for entry in _Reader(text).entries():
            if entry.path == path and entry.value == value:
                line = text.count("\n", 0, entry.start)
                begin = text.rfind("\n", 0, entry.start) + 1
                row = text[begin:].partition("\n")[0]
                return Place(
                    name, line + 1, entry.start - begin + 1, min(entry.end, begin + len(row)) - entry.start, row
                )
    return Place(name, 1)


class _Reader:
    """Goes through a TOML text once; it was valid a moment ago, so only its shape matters."""

    def __init__(self, text: str) -> None:
        self.tokens = [
            _Token(match.lastgroup, match[0], match.start()) for match in _TOKEN.finditer(text) if match.lastgroup
        ]
        self.at = 0

    def entries(self) -> Iterator[Entry]:
        """Every key and every string, in their order."""
        table: tuple[str, ...] = ()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text == "\n":
                self.at += 1
            elif token.text == "[":
                while self._next("["):
                    pass
                header = list(self._key(()))
                yield from header
                table = header[-1].path if header else ()
                while self._next("]"):
                    pass
            else:
                yield from self._pair(table)

    def _next(self, mark: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at].text == mark
        self.at += found
        return found

    def _key(self, table: tuple[str, ...]) -> Iterator[Entry]:
        """The parts of a dotted key, each with the path up to it."""
        path = table
        while self.at < len(self.tokens) and self.tokens[self.at].kind in {"bare", "string"}:
            token = self.tokens[self.at]
            self.at += 1
            path = (*path, _text(token))
            yield Entry(path, None, *_inside(token))
            if not self._next("."):
                return

    def _pair(self, table: tuple[str, ...]) -> Iterator[Entry]:
        parts = list(self._key(table))
        yield from parts
        if not parts or not self._next("="):
            self.at += 1
            return
        yield from self._value(parts[-1].path)

    def _value(self, path: tuple[str, ...]) -> Iterator[Entry]:
        while self._next("\n"):
            pass
        if self._next("["):
            while self.at < len(self.tokens) and not self._next("]"):
                if not (self._next(",") or self._next("\n")):
                    yield from self._value(path)
        elif self._next("{"):
            while self.at < len(self.tokens) and not self._next("}"):
                if not (self._next(",") or self._next("\n")):
                    yield from self._pair(path)
        elif self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "string":
                yield Entry(path, _text(token), *_inside(token))
            while self.at < len(self.tokens) and self.tokens[self.at].text not in {",", "]", "}", "\n"}:
                self.at += 1


def _text(token: _Token) -> str:
    if token.kind != "string":
        return token.text
    try:
        return str(tomllib.loads(f"x = {token.text}")["x"])
    except ValueError:  # the file has changed since it was valid
        return token.text


def _inside(token: _Token) -> tuple[int, int]:
    quotes = (3 if token.text.startswith(('"""', "'''")) and len(token.text) > 5 else 1) * (token.kind == "string")
    return token.start + quotes, token.start + len(token.text) - quotes
