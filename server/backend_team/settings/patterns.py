"""Patterns of `.gitignore`, matched in a time that grows with the length of pattern and path and never explodes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ANYWHERE: Final = "**"
_CLASSES: Final = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "digit": "0-9",
    "lower": "a-z",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_PIECE: Final = re.compile(
    r"(?P<stars>\*+)|\\(?P<escaped>.)|(?P<any>\?)|\[(?P<not>[!^]?)(?P<set>\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]|(?P<plain>.)",
    re.DOTALL,
)
_MEMBER: Final = re.compile(r"\[:(?P<named>\w+):\]|\\(?P<escaped>.)|(?P<range>-)|(?P<plain>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: `segments` are the regular expressions of the names in a path, None stands for any folders."""

    segments: tuple[re.Pattern[str] | None, ...]
    negated: bool = False
    folders_only: bool = False

    @classmethod
    def parse(cls, line: str) -> Self | None:
        """The pattern of a line, None when the line is blank, a comment, or one that git lets match nothing."""
        text = re.sub(r"(?<!\\)((?:\\\\)*)[ \t\r\n]+$", r"\1", line)
        if not text or text.startswith("#"):
            return None
        negated = text.startswith("!")
        text = text[negated:]
        folders_only = text.endswith("/")
        text = text.removesuffix("/")
        anchored = "/" in text
        names = text.removeprefix("/").split("/")
        if not all(names):
            return None
        if not anchored:
            names.insert(0, _ANYWHERE)
        try:
            segments = [None if name == _ANYWHERE else re.compile(_expression(name)) for name in names]
        except (re.error, KeyError, OverflowError):
            return None
        if segments[-1] is None:  # what ends in /** is all that lies within
            segments.append(_ANY_NAME)
        return cls(tuple(segments), negated, folders_only)

    @property
    def name(self) -> re.Pattern[str] | None:
        """For a pattern of a name at any depth: the name's."""
        return self.segments[1] if len(self.segments) == 2 and self.segments[0] is None else None

    def matches(self, path: Sequence[str], *, within: bool = False) -> bool:
        """Whether it matches a path, given by its names; with `within`, also what lies below a match."""
        segments = self.segments
        last = len(segments)
        reached = _past_any({0}, segments)
        for index, name in enumerate(path):
            step = set()
            for state in reached:
                if state == last:
                    continue
                segment = segments[state]
                if segment is None:
                    step.add(state)
                elif segment.fullmatch(name):
                    step.add(state + 1)
            reached = _past_any(step, segments)
            if not reached:
                return False
            if within and last in reached and (not self.folders_only or index + 1 < len(path)):
                return True
        return last in reached and not within


def _past_any(states: set[int], segments: Sequence[re.Pattern[str] | None]) -> set[int]:
    """The states, and those behind any number of folders, which may be none."""
    for state in tuple(states):
        following = state
        while following < len(segments) and segments[following] is None:
            following += 1
            states.add(following)
    return states


class Patterns:
    """The lines of one `.gitignore`: the last line that matches decides."""

    def __init__(self, lines: Iterable[str]) -> None:
        found = [pattern for line in lines if (pattern := Pattern.parse(line)) is not None]
        self._all = found[::-1]
        self._paths = [pattern for pattern in self._all if pattern.name is None]
        names = {name.pattern: None for pattern in self._all if (name := pattern.name) is not None}
        self._names = re.compile("|".join(f"(?:{name})" for name in names)) if names else None

    def match(self, path: Sequence[str], *, folder: bool) -> bool | None:
        """True: left out; False: taken back by a `!` line; None: not named. The folders above it are asked before."""
        named = self._names is not None and self._names.fullmatch(path[-1]) is not None
        for pattern in self._all if named else self._paths:
            if (folder or not pattern.folders_only) and pattern.matches(path):
                return not pattern.negated
        return None


def _expression(name: str) -> str:
    """The regular expression of a name in a pattern.

    Between two stars the first place that fits is as good as any later one, so an atomic group may keep it: what makes
    such expressions explode is trying the others.
    """
    chunks = [""]
    for piece in _PIECE.finditer(name):
        if piece["stars"]:
            chunks.append("")
        else:
            chunks[-1] += _character(piece)
    if len(chunks) == 1:
        return chunks[0]
    first, *middle, last = chunks
    return f"(?s:{first}{''.join(f'(?>.*?{chunk})' for chunk in middle if chunk)}.*{last})"


def _character(piece: re.Match[str]) -> str:
    if piece["any"]:
        return "[^/]"
    if piece["set"] is not None:
        members = "".join(map(_member, _MEMBER.finditer(piece["set"])))
        return f"[{'^' if piece['not'] else ''}{members}]"
    if piece["plain"] in {"[", "\\"}:
        raise re.error("unfinished")
    return re.escape(piece["escaped"] or piece["plain"])


def _member(piece: re.Match[str]) -> str:
    if piece["named"]:
        return _CLASSES[piece["named"]]
    return "-" if piece["range"] else re.escape(piece["escaped"] or piece["plain"])


_ANY_NAME: Final = re.compile(r"(?s:.*)")
