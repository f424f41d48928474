"""Baseline: the findings a project knows of and does not want to see again, in a file that is kept in git.

A line is `path  symbol  rule  hash`, separated by tabs, and `xN` for N of the same. The symbol is the qualified name of
the class or function around the finding, the hash is of the first line of the finding without blanks: no line numbers,
so code may move within its symbol, symbols within their file, and everything else may change. Lines are sorted, so that
git merges what two people wrote.
"""

from __future__ import annotations

import ast
import os
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self

from backend_team.errors import FileError, Place
from backend_team.parsing import syntax_tree
from backend_team.text import Source
from backend_team.workspace import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backend_team.findings import Finding, Problem
    from backend_team.settings import Settings

FOLDER: Final = ".backend-team"
DEFAULT_PLACE: Final = Path(FOLDER) / "baseline.txt"
MODULE: Final = "<module>"  # the symbol of what stands in no class or function
_HEAD: Final = "# backend-team baseline 1: findings that are known; `backend-team check --write-baseline` writes it\n"
_HEAD_OF_ANY: Final = re.compile(r"#\s*backend-team baseline (\d+)\b")
_CONFLICT: Final = re.compile(r"<{7}|={7}$|>{7}|\|{7}")
_LINE: Final = re.compile(r"([^\t]+)\t([^\t]+)\t([^\t]+)\t([0-9a-f]{12})(?:\tx([1-9][0-9]{0,8}))?")
_SPECIAL: Final = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]|^[#<=>|]")
_ESCAPED: Final = re.compile(r"\\u([0-9a-f]{4})")
_SYMBOL: Final = re.compile(r"([ \t]*)(?:async[ \t]+def|def|class)[ \t]+(\w+)")


class Checked(Protocol):
    """What was found in a file."""

    @property
    def path(self) -> str: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def problems(self) -> tuple[Problem, ...]: ...


class Entry(NamedTuple):
    """One known finding: where, which rule, and the hash of its line."""

    path: str
    symbol: str
    rule: str
    digest: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings of one file: those that are new and those that are known, and what is known but gone."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    stale: tuple[Entry, ...]


@dataclass(frozen=True)
class Baseline:
    """Known findings with how often each is there; paths count from the folder that holds `.backend-team`.

    A baseline in another place counts from its own folder.
    """

    path: Path
    entries: Mapping[Entry, int]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file; raises `FileError` when it is absent or damaged, with the line that is."""
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            hint = "backend-team check --write-baseline makes it"
            raise FileError(f"there is no baseline {path}", hint=hint) from None
        except OSError as error:
            raise FileError(f"{path} can't be read: {error.strerror or error}") from None
        except UnicodeDecodeError as error:
            raise FileError(f"{path} is not UTF-8: byte 0x{error.object[error.start]:02x}", hint=_ANEW) from None
        entries: dict[Entry, int] = {}
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
            if (read := _read_line(path, number, line)) is not None:
                entry, count = read
                entries[entry] = max(count, entries.get(entry, 0))  # both sides of a merge may have brought it
        return cls(path, entries)

    @classmethod
    def of(cls, path: Path, checked: Iterable[tuple[Checked, Source | None]]) -> Self:
        """The baseline of what was found; a source is needed only where there are findings."""
        return cls(path, {}).updated(checked)

    def __len__(self) -> int:
        return sum(self.entries.values())

    @property
    def root(self) -> Path:
        """The folder that the paths of entries count from."""
        folder = Path(os.path.abspath(self.path)).parent  # noqa: PTH100 - Path.absolute() keeps `..`
        return folder.parent if folder.name == FOLDER else folder

    def new(self, report: Checked, source: Source) -> tuple[Finding, ...]:
        """The findings that are not known."""
        return self.compare(report, source).new

    def compare(self, report: Checked, source: Source | None) -> Compared:
        """The findings of a file against what is known of it.

        Where more of the same are found than are known, the last ones are new. Of a file with problems nothing is gone:
        what was not understood may hold it.
        """
        name = self._name(report.path)
        left = dict(self._of_files.get(name, {}))
        new, known = [], []
        for finding, entry in _entries(name, report, source):
            if left.get(entry, 0):
                left[entry] -= 1
                known.append(finding)
            else:
                new.append(finding)
        stale = () if report.problems else tuple(sorted(Counter(left).elements()))
        return Compared(tuple(new), tuple(known), stale)

    def keys(self, report: Checked, source: Source | None) -> tuple[Entry, ...]:
        """What each finding of a file is known as, in their order."""
        return tuple(entry for _, entry in _entries(self._name(report.path), report, source))

    def gone(self) -> tuple[Entry, ...]:
        """The entries whose files no longer exist."""
        absent = {name for name in self._of_files if not os.path.lexists(self.root / _unescaped(name))}
        return tuple(sorted(entry for entry in Counter(self.entries).elements() if entry.path in absent))

    def updated(self, checked: Iterable[tuple[Checked, Source | None]]) -> Self:
        """The baseline with what was found put in the place of what was known of the same files.

        What is known of files that were not checked, or that have problems, stays, unless they are gone.
        """
        found: dict[str, Counter[Entry]] = {}
        for report, source in checked:
            name = self._name(report.path)
            found[name] = Counter(entry for _, entry in _entries(name, report, source))
            if report.problems:
                found[name] |= Counter(self._of_files.get(name, {}))
        absent = {entry.path for entry in self.gone()}
        kept = {one: count for one, count in self.entries.items() if one.path not in found and one.path not in absent}
        return replace(self, entries=kept | {one: n for counts in found.values() for one, n in counts.items()})

    def write(self, path: Path | None = None) -> None:
        """Write it in one step, sorted; raises `FileError` when that is impossible, and the file is as it was.

        A file that is no baseline is not replaced.
        """
        path = path or self.path
        if not _may_be_replaced(path):
            raise FileError(f"{path} is no baseline", hint="nothing was written: name another file, or remove this one")
        lines = ("\t".join(entry) + (f"\tx{count}" if count > 1 else "") for entry, count in self.entries.items())
        text = _HEAD + "".join(f"{line}\n" for line in sorted(lines))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"{path.parent} can't be made: {error.strerror or error}") from None
        files.write(Source(str(path), text))

    @cached_property
    def _of_files(self) -> Mapping[str, Mapping[Entry, int]]:
        found: dict[str, dict[Entry, int]] = {}
        for entry, count in self.entries.items():
            found.setdefault(entry.path, {})[entry] = count
        return found

    def _name(self, path: str) -> str:
        """How a file is called in the entries."""
        relative = os.path.relpath(os.path.abspath(path), self.root)  # noqa: PTH100
        return _SPECIAL.sub(lambda found: f"\\u{ord(found[0]):04x}", relative.replace(os.sep, "/"))


def _may_be_replaced(path: Path) -> bool:
    """Whether there is nothing yet, nothing in it, or a baseline, however damaged."""
    try:
        with path.open("rb") as stream:
            head = stream.read(200).decode("utf-8-sig", "replace")
    except OSError:
        return True  # writing says what is wrong with it
    return not head.strip() or _HEAD_OF_ANY.match(head) is not None


def baseline_of(settings: Settings, folder: Path) -> Path:
    """Where the baseline is: as the settings say, otherwise in `.backend-team` of their root, or of the folder."""
    return settings.baseline or (settings.root or folder) / DEFAULT_PLACE


def line_digest(line: str) -> str:
    """What stands for the first line of a finding."""
    # Formatters change blanks and quotes, and nothing else that matters here.
    plain = "".join(line.split()).replace('"', "'")
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:12]


_ANEW: Final = "backend-team check --write-baseline writes it anew"


def _read_line(path: Path, number: int, line: str) -> tuple[Entry, int] | None:
    head = _HEAD_OF_ANY.match(line)
    if head and head[1] != "1":
        raise FileError(f"{path} is a baseline of version {head[1]}; this program knows 1")
    if not line or line.startswith("#"):
        return None
    found = _LINE.fullmatch(line)
    if found:
        return Entry(found[1], found[2], found[3], found[4]), int(found[5] or 1)
    shown = line[:120].replace("\t", " ")
    place = Place(str(path), number, 1, len(shown), shown)
    if _CONFLICT.match(line):
        hint = "keep the lines of both sides and take the three marks out"
        raise FileError("unresolved merge conflict", place=place, hint=hint)
    raise FileError("this is no line of a baseline", place=place, hint=_ANEW)


def _unescaped(name: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)


def _entries(name: str, report: Checked, source: Source | None) -> Iterator[tuple[Finding, Entry]]:
    """Each finding with its entry."""
    if not report.findings:
        return
    source = source or files.read(Path(report.path))
    lines = source.lines
    symbols = _Symbols(source.text)
    for finding in report.findings:
        number = lines.line_of(min(finding.span.start, len(source.text)))
        yield finding, Entry(name, symbols.around(number), finding.rule, line_digest(lines.line_text(number)))


class _Symbols:
    """The classes and functions of a text by their lines, which count from 0."""

    def __init__(self, text: str) -> None:
        try:
            found = sorted(_parsed(syntax_tree(text)), key=lambda one: (one[0], -one[1]))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            found = list(_guessed(text))
        self._starts = [0]
        self._names = [MODULE]
        open_: list[tuple[int, str]] = []  # the last line and the name of what is around
        for start, end, name in found:
            self._close(open_, start)
            open_.append((end, f"{open_[-1][1]}.{name}" if open_ else name))
            self._begin(start, open_[-1][1])
        self._close(open_, 1 << 60)

    def around(self, line: int) -> str:
        """The qualified name of the innermost symbol around a line."""
        return self._names[bisect_right(self._starts, line) - 1]

    def _close(self, open_: list[tuple[int, str]], line: int) -> None:
        """End what ends before a line."""
        while open_ and open_[-1][0] < line:
            end, _ = open_.pop()
            self._begin(end + 1, open_[-1][1] if open_ else MODULE)

    def _begin(self, line: int, name: str) -> None:
        self._starts.append(line)
        self._names.append(name)


def _parsed(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """First line, last line and name of every class and function, decorators included."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            yield first - 1, (node.end_lineno or node.lineno) - 1, node.name
        if not isinstance(node, ast.expr):
            waiting += ast.iter_child_nodes(node)


def _guessed(text: str) -> Iterator[tuple[int, int, str]]:
    """The same by indentation, for a text that doesn't parse."""
    open_: list[tuple[int, int, str]] = []  # indentation, first line, name
    closed: list[tuple[int, int, str]] = []
    last = 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text)):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indentation = len(line.expandtabs()) - len(line.expandtabs().lstrip())
        while open_ and open_[-1][0] >= indentation:
            closed.append((open_[-1][1], last, open_.pop()[2]))
        if found := _SYMBOL.match(line):
            open_.append((indentation, number, found[2]))
        last = number
    closed += ((start, last, name) for _, start, name in open_)
    yield from sorted(closed)
