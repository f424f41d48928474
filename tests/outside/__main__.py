"""Score the rules on the test suites of other tools: `python -m tests.outside [SUITE …] [--missed]`.

The suites are read from the folder that `OUTSIDE_SUITES` names, and cloned there when they are absent. Nothing of them
is imported, run or copied: their files are parsed. Ends with 1 when a score is under its floor.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.outside.score import Score

SUITES: Final = {  # by the name of the clone: where it comes from, and our module that scores it
    "pyupgrade": ("https://github.com/asottile/pyupgrade", "pyupgrade"),
    "refurb": ("https://github.com/dosisod/refurb", "refurb"),
    "flake8-simplify": ("https://github.com/MartinThoma/flake8-simplify", "simplify"),
}


def clone(name: str, folder: Path) -> Path:
    """The clone of a suite; made when absent."""
    place = folder / name
    if not place.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["git", "clone", "--quiet", "--depth", "1", SUITES[name][0], str(place)], check=False)
        if done.returncode:
            sys.exit(f"{name} could not be cloned; put a clone of {SUITES[name][0]} into {folder}")
    return place


def main() -> int:
    """Run the suites that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.outside", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all when none is named")
    parser.add_argument("--missed", action="store_true", help="show the cases that we get wrong")
    asked = parser.parse_args()
    if unknown := set(asked.suites) - set(SUITES):
        parser.error(f"unknown suite: {', '.join(sorted(unknown))}")
    folder = Path(os.environ.get("OUTSIDE_SUITES") or Path(tempfile.gettempdir(), "outside-suites"))
    passed = True
    for name in asked.suites or SUITES:
        began = time.perf_counter()
        score: Score = importlib.import_module(f"tests.outside.{SUITES[name][1]}").score(clone(name, folder))
        if asked.missed:
            print(*score.missed, sep="\n\n")
        print(*score.lines(), f"{'':<16} in {time.perf_counter() - began:.0f} s", sep="\n", flush=True)
        passed &= score.passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
