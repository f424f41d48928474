"""Differences as patches: in the bytes of the file, so that `git apply` and `patch` take them whatever its encoding."""

from __future__ import annotations

import re
import sys
from difflib import diff_bytes, unified_diff
from typing import TYPE_CHECKING, Final

from backend_team.cli.terminal import coloured, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+")
_UNQUOTED: Final = re.compile(r'[^\x00-\x1f\x7f"\\]*')
_COLOURS: Final = {b"+": "32", b"-": "31", b"@": "36"}


def patch(name: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """The unified difference of a file, a line each; nothing when there is none."""
    old, new = _LINE.findall(before), _LINE.findall(after)  # a patch counts `\n` alone as the end of a line
    lines = diff_bytes(unified_diff, old, new, _header("a", name), _header("b", name), lineterm=b"\n")
    for line in lines:
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def write_patch(name: str, before: bytes, after: bytes) -> None:
    """Write the difference to stdout: as it is into a pipe or a file, painted onto a terminal."""
    sys.stdout.flush()
    for line in patch(name, before, after):
        if sys.stdout.isatty():
            text = harmless(line.decode("utf-8", "replace").rstrip("\n"))
            colour = _COLOURS.get(line[:1]) if coloured(sys.stdout) else None
            print(f"\x1b[{colour}m{text}\x1b[0m" if colour else text)
        else:
            sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _header(side: str, name: str) -> bytes:
    """The name as git writes it: quoted where it would be ambiguous, ended by a tab where it holds a space."""
    full = f"{side}/{name.lstrip('/')}"
    if _UNQUOTED.fullmatch(full):
        return (full + "\t" * (" " in full)).encode("utf-8", "surrogateescape")
    quoted = "".join(
        f"\\{char}" if char in '"\\' else char if char.isprintable() else f"\\{ord(char):03o}" for char in full
    )
    return f'"{quoted}"'.encode("utf-8", "surrogateescape")
