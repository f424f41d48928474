"""Formats of output, a module each: a stream of reports goes in, a stream of text comes out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from backend_team.library import Report
    from backend_team.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class Context:
    """What a format may need beside the reports.

    `root` is the folder that paths in the output count from where other tools read them: the repository's.
    `keys` gives for each finding of a report a text that stays when lines move.
    """

    rules: RuleSet
    root: Path
    keys: Callable[[Report], Sequence[str]]
    colour: bool = False


class Format(Protocol):
    """Turns reports, those of clean files included, into text, piece by piece."""

    def __call__(self, reports: Iterable[Report], context: Context, /) -> Iterator[str]: ...


def format_named(name: str) -> Format:
    """The format of a name of the command line."""
    return cast("Format", import_module(f"{__name__}.{name}").render)


def root_of(folder: Path) -> Path:
    """The root of the repository around a folder, else the folder."""
    start = folder.absolute()
    return next((place for place in (start, *start.parents) if (place / ".git").exists()), start)


def within(path: str, root: Path) -> str | None:
    """The path below the root with `/`; None when it lies elsewhere."""
    try:
        return Path(os.path.abspath(path)).relative_to(root).as_posix()  # noqa: PTH100 - Path.absolute() keeps `..`
    except ValueError:
        return None
