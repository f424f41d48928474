"""The arguments of every command; `run` of what they are parsed into names the module that does the work."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NoReturn

from backend_team.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"

FORMATS: Final = ("text", "json", "sarif", "github", "junit")
# `--changed src` must not take the folder for a revision: their value follows only after `=`.
_VALUE_OPTIONAL: Final = ("--changed", "--baseline", "--write-baseline")

_EXAMPLES: Final = """\
examples:
  backend-team check                       check the folder you stand in
  backend-team check src --select imports  only the rules of one category
  backend-team check --fix --watch         fix what is safe, again whenever a file changes
  backend-team fix src --diff              show what every safe fix would change
  backend-team explain unused-import       what a rule is about; takes codes of other tools, too

exit codes: 0 clean, 1 findings, 2 something is wrong (settings, arguments, files)
"""


def parse(given: Sequence[str]) -> argparse.Namespace:
    """What was asked for; ends the process with 2 when it is not understood, with 0 after `--help`."""
    arguments = [f"{one}=" if one in _VALUE_OPTIONAL else one for one in given]
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:
        command: argparse.ArgumentParser = options.parser
        known = [name for action in command._actions for name in action.option_strings]  # there is no public way
        name = unknown[0].partition("=")[0]
        if not name.startswith("-"):
            command.error(f'unexpected argument "{name}"')
        near = get_close_matches(name, known, 1)
        asked = f'did you mean "{near[0]}"?' if near else f"all options: {command.prog} --help"
        command.error(f'unknown option "{name}"\n   {asked}')
    if hasattr(options, "stdin_filename"):
        options.stdin = "-" in options.paths or options.stdin_filename is not None
        if options.stdin and any(path != "-" for path in options.paths):
            options.parser.error("- and --stdin-filename read one text from stdin: name no other path")
    return options


class _Parser(argparse.ArgumentParser):
    """Says what is wrong as every other error is said, and marks what it parses as its own."""

    def __init__(self, **options: object) -> None:
        super().__init__(allow_abbrev=False, **options)  # type: ignore[arg-type]
        self.set_defaults(parser=self)

    def error(self, message: str) -> NoReturn:
        """End with 2."""
        way_out = "" if "\n" in message else f"\n   {self.prog} --help"
        self.exit(2, f"error: {message}{way_out}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="backend-team",
        description="Keeps Python codebases clean, suggests with AI what rules cannot, deploys templates.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for declare in (_check, _fix, _rules, _explain, _cache, _lsp, _api, _ai):
        declare(commands)
    return parser


def _check(commands: Commands) -> None:
    check = commands.add_parser("check", help="find what makes the code hard to live in")
    _paths_and_rules(check)
    check.add_argument("--fix", action="store_true", help="apply every safe fix, then say what is left")
    check.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    check.add_argument("--unsafe", action="store_true", help="with --fix or --diff: fixes that want a review, too")
    check.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="text for people (default), json for programs, sarif for code scanning, github for annotations of a "
        "pull request, junit for CI servers",
    )
    check.add_argument(
        "--statistics", action="store_true", help="count the findings of each rule instead of listing them"
    )
    check.add_argument(
        "--baseline",
        metavar="FILE",
        help="only findings that are not known (--baseline=FILE; alone: .backend-team/baseline.txt)",
    )
    check.add_argument(
        "--write-baseline", metavar="FILE", help="make what is found now what is known (--write-baseline=FILE)"
    )
    check.add_argument("--no-cache", action="store_true", help="analyse every file anew, and keep no results")
    check.add_argument("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    check.set_defaults(run="check")


def _fix(commands: Commands) -> None:
    fix = commands.add_parser("fix", help="apply every fix that is shown to be safe")
    _paths_and_rules(fix)
    fix.add_argument("--diff", action="store_true", help="print what would change and change nothing")
    fix.add_argument("--unsafe", action="store_true", help="apply fixes that want a review, too")
    fix.set_defaults(run="fix")


def _paths_and_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: this folder); - reads from stdin"
    )
    parser.add_argument("--select", action="append", metavar="RULES", help="only these rules or categories (a,b)")
    parser.add_argument(
        "--extend-select", action="append", metavar="RULES", help="these rules, too: for those that are off by default"
    )
    parser.add_argument("--ignore", action="append", metavar="RULES", help="not these rules or categories (a,b)")
    parser.add_argument(
        "--changed",
        metavar="REV",
        help="only what changed since a revision (--changed=main; alone: what is not committed): "
        "check looks at its lines, fixing at its files",
    )
    parser.add_argument("--stdin-filename", metavar="FILE", help="where the text from stdin belongs: its settings hold")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="worker processes (default: one a core)")


def _rules(commands: Commands) -> None:
    rules = commands.add_parser("rules", help="list, show, start and test rules")
    rules.set_defaults(run="rules", action="list", category=None, format="text")
    actions = rules.add_subparsers(metavar="ACTION")
    every = actions.add_parser("list", help="every rule, a line each")
    every.add_argument("--category", action="append", help="only those of a category; may be given again")
    every.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for programs")
    every.set_defaults(action="list")
    show = actions.add_parser("show", help="one rule: why, how it is found, examples")
    show.add_argument("id", help="the name of the rule, as in unused-import")
    show.set_defaults(action="show")
    new = actions.add_parser("new", help="start a rule of this project's own, below .backend-team/rules/")
    new.add_argument("id", help="names what is wrong, as in old-name")
    new.add_argument("--category", default="own", help="the folder it goes into (default: own)")
    new.add_argument("--title", help="one sentence, shown where the rule is offended")
    new.add_argument("--pattern", help="what is wrong, in Python with $X and $$X: 'old_name($X)'")
    new.add_argument("--fix", help="what is right, with the same names: 'new_name($X)'")
    new.set_defaults(action="new")
    test = actions.add_parser("test", help="run the examples of rules as tests")
    test.add_argument("files", nargs="*", metavar="PATH", help="rule files and folders of them (default: every rule)")
    test.set_defaults(action="test")


def _explain(commands: Commands) -> None:
    explain = commands.add_parser("explain", help="all about a rule: why, examples, safety, how to suppress it")
    explain.add_argument("name", metavar="ID", help="a rule, a category, or a code of another tool: F401, SIM102")
    explain.set_defaults(run="explain")


def _cache(commands: Commands) -> None:
    cache = commands.add_parser("cache", help="results of earlier runs: where they are, how to forget them")
    cache.set_defaults(run="cache", action="info")
    actions = cache.add_subparsers(metavar="ACTION")
    actions.add_parser("info", help="where it is, how large, how it served the last run").set_defaults(action="info")
    actions.add_parser("clear", help="forget all results").set_defaults(action="clear")


def _lsp(commands: Commands) -> None:
    # Only for the list of commands: main hands its arguments on as they are.
    commands.add_parser(
        "lsp", help="serve an editor on stdin and stdout (--tcp HOST:PORT for a socket)", add_help=False
    )


def _api(commands: Commands) -> None:
    api = commands.add_parser("api", help="the embedded hosted API of this machine")
    actions = api.add_subparsers(metavar="ACTION", required=True)
    for name, said in (
        ("status", "whether it runs, and where"),
        ("start", "start it in the background"),
        ("stop", "end it; what runs resumes with the next start"),
    ):
        actions.add_parser(name, help=said).set_defaults(run="api", action=name)
    # As with lsp: main hands its arguments on.
    actions.add_parser("serve", help="run it here, in the foreground", add_help=False)


def _ai(commands: Commands) -> None:
    ai = commands.add_parser("ai", help="AI providers and their keys")
    actions = ai.add_subparsers(metavar="ACTION", required=True)
    status = actions.add_parser("status", help="which providers have a key, what today cost")
    status.set_defaults(run="ai", action="status")
    login = actions.add_parser("login", help="store a key in the keyring of the operating system")
    login.add_argument("provider", choices=("anthropic", "openai"))
    login.add_argument("--base-url", help="the address of a compatible server; the key is bound to its host")
    login.set_defaults(run="ai", action="login")


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"backend-team {VERSION}")
        parser.exit()
