"""Results of files, kept between runs: a file that is as it was is not analysed again.

What was found in a folder is one record on disk, under the hash of all it depends on besides the files themselves: this
engine, the running Python, the rules, the settings, the folder. In it a file is known by its size, its inode and the
moments it was written and changed, or else by the hash of its bytes. No text of a file is kept, only places and
messages; they may name names of the code, so the folder is its owner's alone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from backend_team.findings import UNJUDGED, Finding, ModuleReport, Problem, Safety, Severity, Tag
from backend_team.settings import state_folder
from backend_team.text import Span
from backend_team.workspace.disk_cache import DiskCache

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_team.settings import Settings
    from backend_team.workspace.disk_cache import Extent

SIZE: Final = 200 * 2**20
DAY: Final = 86_400
LIFETIME: Final = 30 * DAY  # since the last use
SETTLED: Final = 3_000_000_000  # nanoseconds: file systems count in up to two seconds
MANY: Final = 64  # records that are kept in memory until they are written

_ENGINE: Final = ("analysis", "checks", "rules", "settings", "workspace")
_LAST_RUN: Final = "last run"
_CHECKSUM: Final = 16
_SEVERITIES: Final = {str(one): one for one in Severity}
_SAFETIES: Final = {str(one): one for one in Safety}
_TAGS: Final = {str(one): one for one in Tag}

Row = list[Any]  # a report as plain lists, see `packed`


class Mark(NamedTuple):
    """What a file was when it was read: its content for sure, and how to recognise it without reading.

    `stat` is None while the file is so young that another text could come without a trace.
    """

    content: str
    stat: list[int] | None


class LastRun(NamedTuple):
    """How the cache served the last run: files looked up, and those known."""

    at: float
    files: int
    hits: int


@dataclass(slots=True)
class _Record:
    """What is known of the files of a folder, by name; `day` is when it was last written, in days."""

    folder: str
    day: int
    rows: dict[str, list[Any]]
    changed: bool = False


@dataclass
class Results:
    """The results of earlier runs, for one run: made, used and closed by one thread. Trouble is a miss."""

    disk: DiskCache
    python: str = sys.version
    files: int = 0
    hits: int = 0
    _records: dict[str, _Record] = field(default_factory=dict)
    _keys: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _today: int = field(default_factory=lambda: int(time.time() // DAY))

    @classmethod
    def of_this_machine(cls) -> Self:
        """The results kept in the state folder."""
        return cls(DiskCache(results_folder(), SIZE))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, path: str, rules: str, settings: Settings) -> ModuleReport | None:
        """The report of a file under the rules of a digest, None when it is not known or the file has changed."""
        self.files += 1
        try:
            status = os.stat(path)  # noqa: PTH116 - asked for every file: Path takes twice as long
        except (OSError, ValueError):  # it vanished, or its name holds a zero
            return None
        folder, name = os.path.split(path)
        record = self._record(folder, rules, settings)
        known = record.rows.get(name)
        if known is None:
            return None
        try:
            if known[1] != _signature(status):
                mark = read_marked(path)[1] if S_ISREG(status.st_mode) else None  # a pipe would be waited for
                if mark is None or mark.content != known[0]:
                    return None
                known[1] = mark.stat
                record.changed = True
            report = unpacked(path, known[2])
        except (OSError, ValueError, TypeError, KeyError, IndexError):
            return None  # it vanished, or the record is not what this version writes
        if record.day < self._today:
            record.changed = True  # what is used lives on
        self.hits += 1
        return report

    def keep(self, path: str, rules: str, settings: Settings, mark: Mark, row: Row) -> None:
        """Remember the report of a file, in the form of `packed`."""
        if any(problem[3] in UNJUDGED for problem in row[1]):
            return
        folder, name = os.path.split(path)
        record = self._record(folder, rules, settings)
        record.rows[name] = [mark.content, mark.stat, row]
        record.changed = True

    def close(self) -> None:
        """Write what is new and let go of the disk."""
        self._write()
        if self.files:
            said = json.dumps(LastRun(time.time(), self.files, self.hits)).encode()
            self.disk.put({_LAST_RUN: _sealed(_LAST_RUN, said)}, LIFETIME)
        self.disk.close()

    def last_run(self) -> LastRun | None:
        """How the run before went."""
        try:
            content = _unsealed(_LAST_RUN, self.disk.get(_LAST_RUN))
            return None if content is None else LastRun(*json.loads(content))
        except (ValueError, TypeError):
            return None

    def extent(self) -> Extent:
        """Records and bytes on disk."""
        return self.disk.extent()

    def _record(self, folder: str, rules: str, settings: Settings) -> _Record:
        place = (folder, rules, settings.digest)
        key = self._keys.get(place)
        if key is None:
            key = self._keys[place] = _key(self.python, *place)
        record = self._records.get(key)
        if record is None:
            if len(self._records) >= MANY:
                self._write()
            record = self._records[key] = self._load(key, folder)
        return record

    def _load(self, key: str, folder: str) -> _Record:
        try:
            content = _unsealed(key, self.disk.get(key))
            if content is not None:
                day, rows = json.loads(content)
                return _Record(folder, int(day), dict(rows))
        except (ValueError, TypeError):
            pass  # not what this version writes: a miss
        return _Record(folder, self._today, {})

    def _write(self) -> None:
        """Write the records that changed, and forget all."""
        values = {}
        for key, record in self._records.items():
            if record.changed:
                there = _names(record.folder)
                rows = {name: row for name, row in record.rows.items() if name in there}
                values[key] = _sealed(key, json.dumps([self._today, rows], separators=(",", ":")).encode())
        self._records.clear()
        if values:
            self.disk.put(values, LIFETIME)


def results_folder() -> Path:
    """Where results are kept; it need not exist."""
    try:
        return state_folder() / "results"
    except OSError:  # no home, or a full disk: nothing will be kept
        return Path(os.devnull) / "results"


def read_marked(path: str) -> tuple[bytes, Mark]:
    """The bytes of a file, and how it is known again. Raises `OSError`."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - asked for every file
        status = os.fstat(file.fileno())  # before it is read: what is written meanwhile will differ from it
        settled = max(status.st_mtime_ns, status.st_ctime_ns) + SETTLED < time.time_ns()
        content = file.readall()
    return content, Mark(blake2b(content, digest_size=20).hexdigest(), _signature(status) if settled else None)


def packed(report: ModuleReport) -> Row:
    """A report as plain lists, which JSON can say."""
    return [
        [
            [
                one.rule,
                *one.span,
                one.message,
                str(one.severity),
                str(one.safety),
                [[name, *span] for name, span in one.captures],
                [str(tag) for tag in one.tags],
                [[message, *span] for message, span in one.related],
            ]
            for one in report.findings
        ],
        [[one.message, *one.span, one.kind] for one in report.problems],
        report.lines,
    ]


def unpacked(path: str, row: Row) -> ModuleReport:
    """The report that was packed. Raises `ValueError`, `TypeError` or a `LookupError` for anything else."""
    findings, problems, lines = row
    return ModuleReport(
        path,
        None,
        tuple(
            [
                Finding(
                    rule,
                    Span(start, end),
                    message,
                    _SEVERITIES[severity],
                    _SAFETIES[safety],
                    tuple([(name, Span(first, last)) for name, first, last in captures]),
                    tuple([_TAGS[tag] for tag in tags]),
                    tuple([(said, Span(first, last)) for said, first, last in related]),
                )
                for rule, start, end, message, severity, safety, captures, tags, related in findings
            ]
        ),
        tuple([Problem(message, Span(start, end), kind) for message, start, end, kind in problems]),
        int(lines),
    )


def _signature(status: os.stat_result) -> list[int]:
    # The moment of change too: a tool that gives a file its old time back can't give it that one.
    return [status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns]


def _key(python: str, folder: str, rules: str, settings: str) -> str:
    place = os.path.abspath(folder)  # noqa: PTH100 - Path.absolute() keeps `..`
    # The folder as it was named, too: a few rules look at the names in a path.
    parts = (_this_engine(), python, rules, settings, folder, place)
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()


@cache
def _this_engine() -> str:
    return engine_digest(Path(__file__).resolve().parent.parent)


def engine_digest(package: Path) -> str:
    """What stands for the code that finds: its files as they lie on disk, so that an edited checkout counts, too."""
    digest = blake2b(digest_size=20)
    for place in (*(package / name for name in _ENGINE), package):
        for entry in sorted(_entries(place), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                status = entry.stat()
                digest.update(f"{place.name}/{entry.name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _names(folder: str) -> set[str]:
    return {entry.name for entry in _entries(folder or ".")}


def _entries(folder: str | Path) -> Iterable[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return ()


def _sealed(key: str, content: bytes) -> bytes:
    """The content with its checksum: what decays on disk must not be taken for a result."""
    return blake2b(content, digest_size=_CHECKSUM, key=key.encode()).digest() + content


def _unsealed(key: str, value: bytes | None) -> bytes | None:
    if value is None or _sealed(key, content := value[_CHECKSUM:]) != value:
        return None
    return content
