"""The command line: `backend-team COMMAND`. Exit codes: 0 nothing to say, 1 findings, 2 something is wrong."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from typing import TYPE_CHECKING, Final

from backend_team.errors import BackendTeamError

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN: Final = 0
FOUND: Final = 1
WRONG: Final = 2
INTERRUPTED: Final = 130

_EXAMPLES: Final = """\
examples:
  backend-team check                       check the folder you stand in
  backend-team check src --select imports  only the rules of one category
  backend-team fix src --diff              show what every safe fix would change
  backend-team rules show unused-import    what a rule is about, with examples

exit codes: 0 clean, 1 findings, 2 something is wrong (settings, arguments, files)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a person never sees a traceback for what they can mend."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["lsp"]:
        return _module("backend_team.lsp", given[1:], "lsp")
    options = _parser().parse_args(given)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BackendTeamError as error:
        print(f"error: {error.render()}", file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: say nothing at the end
        return WRONG
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backend-team",
        description="Keeps Python codebases clean, suggests with AI what rules cannot, deploys templates.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    check = commands.add_parser("check", help="find what makes the code hard to live in")
    _paths_and_rules(check)
    check.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for programs")
    check.add_argument("--fix", action="store_true", help="apply every safe fix first, then check")
    check.add_argument(
        "--changed",
        nargs="?",
        const="HEAD",
        metavar="REV",
        help="only lines changed since a revision (default HEAD: what is not committed)",
    )
    check.add_argument(
        "--statistics", action="store_true", help="count the findings of each rule instead of listing them"
    )
    check.set_defaults(run=_check)

    fix = commands.add_parser("fix", help="apply every fix that is shown to be safe")
    _paths_and_rules(fix)
    fix.add_argument("--unsafe", action="store_true", help="apply fixes that want a review too")
    fix.add_argument("--diff", action="store_true", help="print what would change and change nothing")
    fix.set_defaults(run=_fix)

    rules = commands.add_parser("rules", help="list, explain and test rules")
    actions = rules.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help="every rule, a line each").set_defaults(run=_rules, action="list")
    show = actions.add_parser("show", help="one rule: why, examples, equivalents in other tools")
    show.add_argument("id", help="the name of the rule, as in unused-import")
    show.set_defaults(run=_rules, action="show")
    test = actions.add_parser("test", help="run the examples of rule files as tests")
    test.add_argument("files", nargs="*", metavar="FILE", help="rule files (default: all that are shipped)")
    test.set_defaults(run=_rules, action="test")

    commands.add_parser(
        "lsp", help="serve an editor on stdin and stdout (--tcp HOST:PORT for a socket)", add_help=False
    )

    api = commands.add_parser("api", help="the embedded hosted API of this machine")
    wanted = api.add_subparsers(metavar="ACTION", required=True)
    wanted.add_parser("status", help="whether it runs, and where").set_defaults(run=_api, action="status")
    wanted.add_parser("start", help="start it in the background").set_defaults(run=_api, action="start")
    wanted.add_parser("stop", help="end it; what runs resumes with the next start").set_defaults(
        run=_api, action="stop"
    )
    serve = wanted.add_parser("serve", help="run it here, in the foreground", add_help=False)
    serve.add_argument("rest", nargs=argparse.REMAINDER)
    serve.set_defaults(run=_api, action="serve")

    ai = commands.add_parser("ai", help="AI providers and their keys")
    wanted = ai.add_subparsers(metavar="ACTION", required=True)
    wanted.add_parser("status", help="which providers have a key, what today cost").set_defaults(
        run=_ai, action="status"
    )
    login = wanted.add_parser("login", help="store a key in the keyring of the operating system")
    login.add_argument("provider", choices=("anthropic", "openai"))
    login.add_argument("--base-url", help="the address of a compatible server; the key is bound to its host")
    login.set_defaults(run=_ai, action="login")
    return parser


def _paths_and_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="files and folders (default: this folder)"
    )
    parser.add_argument("--select", action="append", metavar="RULES", help="only these rules or categories (a,b)")
    parser.add_argument("--ignore", action="append", metavar="RULES", help="not these rules or categories (a,b)")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="worker processes (default: one a core, at most 8)")


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"backend-team {version('ai-backend-team')}")
        parser.exit()


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


def _check(options: argparse.Namespace) -> int:
    from backend_team.cli.check import run

    return run(options)


def _fix(options: argparse.Namespace) -> int:
    from backend_team.cli.fix import run

    return run(options)


def _rules(options: argparse.Namespace) -> int:
    from backend_team.cli.rules import run

    return run(options)


def _api(options: argparse.Namespace) -> int:
    if options.action == "serve":
        return _module("backend_team.hosted", options.rest, "api serve")
    from backend_team.cli.api import run

    return run(options)


def _ai(options: argparse.Namespace) -> int:
    from backend_team.cli.ai import run

    return run(options)


if __name__ == "__main__":
    sys.exit(main())
