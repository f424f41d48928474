"""Files that are made of `protocol.py`: written, or only compared."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write(target: Path, wanted: str, module: str, about: str | None, arguments: list[str] | None) -> int:
    """Write a file as `module` makes it, or compare it with `--check`; 1 when it differs."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    parser.add_argument("--check", action="store_true", help="only say whether the file is up to date")
    if parser.parse_args(arguments).check:
        if target.is_file() and target.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{target.name} differs from protocol.py: run python -m {module}", file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(wanted, encoding="utf-8")
    return 0
