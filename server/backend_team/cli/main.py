"""The command line: `backend-team COMMAND`. Exit codes: 0 nothing to say, 1 findings, 2 something is wrong."""

from __future__ import annotations

import os
import runpy
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from backend_team.errors import BackendTeamError

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN: Final = 0
FOUND: Final = 1
WRONG: Final = 2
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a person never sees a traceback for what they can mend."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["lsp"]:
        return _module("backend_team.lsp", given[1:], "lsp")
    if given[:2] == ["api", "serve"]:
        return _module("backend_team.hosted", given[2:], "api serve")
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack characters, a name of a file be no text
    try:
        from backend_team.cli.arguments import parse

        options = parse(given)
        code: int = import_module(f"backend_team.cli.{options.run}").run(options)
        sys.stdout.flush()
    except BackendTeamError as error:
        print(f"error: {error.render()}", file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        _close_output()  # the reader left
        return WRONG
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"error: {name}{error.strerror or error}", file=sys.stderr)
        _close_output()
        return WRONG
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return code


def _open_what_is_closed() -> None:
    """Whoever started us without a stream has one that is empty: the next file must not come to its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _close_output() -> None:
    """What is still to be written to stdout goes nowhere, and nobody complains of it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _module(name: str, arguments: list[str], command: str) -> int:
    """Run another part of the product as a program of its own: the command line imports neither."""
    sys.argv = [f"backend-team {command}", *arguments]
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("backend_team"):
            raise
        extra = {"lsp": "lsp,ai,api", "api serve": "api"}[command]
        print(f'error: {error.name} is missing\n   pip install "ai-backend-team[{extra}]"', file=sys.stderr)
        return WRONG
    except SystemExit as end:
        if isinstance(end.code, str):
            print(f"error: {end.code}", file=sys.stderr)
            return WRONG
        return end.code or CLEAN
    return CLEAN


if __name__ == "__main__":
    sys.exit(main())
