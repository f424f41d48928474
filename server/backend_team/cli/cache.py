"""`backend-team cache`: the results of earlier runs: where they are, how they served, how to forget them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from backend_team.cli.excerpts import counted
from backend_team.errors import FileError
from backend_team.workspace.results import DAY, LIFETIME, SIZE, Results

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Show or forget what is kept."""
    with Results.of_this_machine() as results:
        if options.action == "clear":
            return _clear(results)
        return _info(results)


def _info(results: Results) -> int:
    last = results.last_run()  # before its extent: a damaged file is moved aside then
    extent = results.extent()
    print(f"results of earlier runs  {results.disk.folder}")
    print(f"size                     {_megabytes(extent.size)} of at most {_megabytes(SIZE)}")
    print(f"entries                  {extent.entries:,}, each gone {LIFETIME // DAY} days after its last use")
    if last is None:
        print("last run                 none that is known")
    else:
        share = f", {last.hits / last.files:.0%}" if last.files else ""
        moment = f"{datetime.fromtimestamp(last.at).astimezone():%Y-%m-%d %H:%M}"
        print(f"last run                 {last.hits:,} of {counted(last.files, 'file')} known{share} ({moment})")
    return 0


def _clear(results: Results) -> int:
    extent = results.extent()
    try:
        results.disk.clear()
    except OSError as error:
        raise FileError(f"{results.disk.folder} can't be removed: {error.strerror or error}") from None
    print(f"{counted(extent.entries, 'entry', 'entries')} forgotten, {_megabytes(extent.size)}")
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
