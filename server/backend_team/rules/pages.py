"""Pages about rules, written from their files: `python -m backend_team.rules.pages [--check]`."""

from __future__ import annotations

import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.catalogue import catalogue_folder
from backend_team.findings import Safety
from backend_team.rules.load import load_rules
from backend_team.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backend_team.rules.model import Rule, RuleSet

# Where the folder `rules/` is published; without such a place pages are the files of this installation.
PUBLISHED: Final[str | None] = None

_SHOWN: Final = (
    "the result was shown to parse, to keep every comment, to end this finding and to bring no other of this rule"
)
SAFETY: Final = {
    Safety.SAFE: (
        "Safe: it does not change what the program does, and is applied by `backend-team fix` and on save. "
        f"It is made only when {_SHOWN}."
    ),
    Safety.REVIEW: (
        "To be reviewed: it may change what the program does, so it is offered one by one, and in bulk only with "
        f"`--unsafe`. It is made only when {_SHOWN}."
    ),
    Safety.NONE: "There is none: what is right here, only a person can tell.",
}

_MARK: Final = "<!-- Written from {name} by `python -m backend_team.rules.pages`: change that file. -->\n"
_OWN: Final = re.compile(r"<!-- Written from \S+ by `python -m backend_team\.rules\.pages`")
_CODE: Final = re.compile(r"[A-Z]+[0-9]+")
_INDEX: Final = "INDEX.md"
_HOMES: Final = {
    "ruff": "https://docs.astral.sh/ruff/rules/{code}/",
    "sourcery": "https://docs.sourcery.ai/Reference/Rules-and-In-Line-Suggestions/Python/Default-Rules/{code}/",
    "refurb": "https://github.com/dosisod/refurb/blob/master/docs/checks.md",
    "pylint": "https://pylint.readthedocs.io/en/stable/user_guide/messages/messages_overview.html",
    "pyupgrade": "https://github.com/asottile/pyupgrade#implemented-features",
    "bugbear": "https://github.com/PyCQA/flake8-bugbear#list-of-warnings",
    "simplify": "https://github.com/MartinThoma/flake8-simplify#rules",
    "pyflakes": "https://flake8.pycqa.org/en/latest/user/error-codes.html",
    "pycodestyle": "https://pycodestyle.pycqa.org/en/latest/intro.html#error-codes",
    "mccabe": "https://github.com/PyCQA/mccabe",
    "eradicate": "https://github.com/wemake-services/flake8-eradicate",
    "bandit": "https://bandit.readthedocs.io/en/latest/plugins/index.html",
    "isort": "https://pycqa.github.io/isort/",
    "mypy": "https://mypy.readthedocs.io/en/stable/error_code_list.html",
    "pep597": "https://peps.python.org/pep-0597/",
    "vulture": "https://github.com/jendrikseipp/vulture",
}


def page(rule: Rule) -> str:
    """What there is to know about a rule, as Markdown."""
    parts = [f"# {rule.id}", _sentence(rule.title), rule.why, _facts(rule)]
    for example in rule.examples:
        if example.before is not None:
            parts += ["## Found", _block(example.before)]
            if example.after is not None:
                parts += ["fixed:", _block(example.after)]
    kept = [example.keep for example in rule.examples if example.keep is not None]
    if kept:
        parts += ["## Not found", *map(_block, kept)]
    parts += ["## Fix", SAFETY[rule.safety], "## Settings", _settings(rule), "## Suppressing", _suppressing(rule)]
    if rule.equivalents:
        parts += ["## Elsewhere", "\n".join(f"- {_link(name)}" for name in rule.equivalents)]
    return "\n\n".join(parts) + "\n"


def page_url(rule: Rule) -> str:
    """The address of a rule's page: where pages are published, else the file of it, or the rule file itself."""
    local = rule.path.absolute().with_suffix(".md")
    if PUBLISHED is not None and rule.path.absolute().is_relative_to(catalogue_folder("rules")):
        return f"{PUBLISHED}/{rule.category}/{rule.id}.md"
    return (local if local.is_file() else rule.path.absolute()).as_uri()


def index(rules: RuleSet) -> str:
    """The table of all rules, by category."""
    on = sum(rule.default for rule in rules)
    parts = ["# All rules", f"{len(rules)} rules, {on} of them on by default. The names link to what there is to know."]
    for category in sorted({rule.category for rule in rules}):
        rows = ["| rule | what is wrong | fix | default | elsewhere |", "|---|---|---|---|---|"]
        rows += [_row(rule) for rule in rules if rule.category == category]
        parts += [f"## {category}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def pages(rules: RuleSet, folder: Path) -> Iterator[tuple[Path, str]]:
    """Each page with the file it belongs into."""
    yield folder / _INDEX, _MARK.format(name="*/*.yaml") + index(rules)
    for rule in rules:
        yield rule.path.with_suffix(".md"), _MARK.format(name=rule.path.name) + page(rule)


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` say which are not what their rules say; 1 when there are such."""
    folder = catalogue_folder("rules")
    if "--check" not in arguments:
        written, removed = write(folder)
        print(f"{written} pages written, {removed} removed")
        return 0
    wrong = stale(folder)
    for path in wrong:
        print(f"{path.relative_to(folder.parent)} is not what its rule says", file=sys.stderr)
    if wrong:
        print("make pages mends this (python -m backend_team.rules.pages)", file=sys.stderr)
    return int(bool(wrong))


def write(folder: Path) -> tuple[int, int]:
    """Write the pages of the rules in a folder that are not current, and remove those without a rule; how many."""
    wanted = dict(pages(load_rules(folder), folder))
    wrong = _stale(wanted, folder)
    for path in wrong:
        if path in wanted:
            path.write_text(wanted[path], "utf-8", newline="\n")
        else:
            path.unlink()
    removed = sum(path not in wanted for path in wrong)
    return len(wrong) - removed, removed


def stale(folder: Path) -> list[Path]:
    """The pages that are not what their rules say, those that are missing, and those whose rule is gone."""
    return _stale(dict(pages(load_rules(folder), folder)), folder)


def _stale(wanted: Mapping[Path, str], folder: Path) -> list[Path]:
    old = [path for path in folder.rglob("*.md") if path not in wanted and _OWN.match(path.read_text("utf-8"))]
    changed = (path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text)
    return sorted((*old, *changed))


def _facts(rule: Rule) -> str:
    facts = [
        ("category", rule.category),
        ("severity", str(rule.severity)),
        ("fix", str(rule.safety)),
        ("default", "on" if rule.default else f'off: `extend-select = ["{rule.id}"]` turns it on'),
    ]
    if rule.python is not None:
        facts.append(("for code that needs", f"Python {rule.python[0]}.{rule.python[1]} or newer"))
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts)])


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?" else f"{text}."


def _block(text: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}python\n{text.rstrip()}\n{fence}"


def _settings(rule: Rule) -> str:
    lines = [
        f'- `select`, `extend-select`, `ignore`: by the name `{rule.id}`, or its category `"{rule.category}"`',
        f'- `severity`: `severity = {{ {rule.id} = "error" }}`',
    ]
    if rule.python is not None:
        lines.append("- `target-version`")
    lines += [f"- `{name}`" for name in _read_by(rule)]
    return "\n".join(lines)


def _read_by(rule: Rule) -> Iterable[str]:
    """The settings that the check of a rule reads, besides those that hold for every rule."""
    if rule.check is None:
        return ()
    code = Path(__file__).resolve().parents[1] / "checks" / f"{rule.check.replace('-', '_')}.py"
    read = set(re.findall(r"\bsettings\.(\w+)", code.read_text("utf-8"))) if code.is_file() else set()
    known = {field.name for field in fields(Settings)}
    if rule.python is not None:
        known -= {"target_version"}
    return sorted(name.replace("_", "-") for name in read & known)


def _suppressing(rule: Rule) -> str:
    ways = [
        f"- behind the line: `# backend-team: ignore[{rule.id}] reason`",
        "- for a whole statement: the same on a line of its own above it",
        f"- for the file: `# backend-team: ignore-file[{rule.id}] reason` before its first statement",
    ]
    codes = [name.split(":", 1) for name in rule.equivalents]
    noqa = dict.fromkeys(code for tool, code in codes if tool != "pylint" and _CODE.fullmatch(code))
    if noqa:
        ways.append(f"- as other tools do: {', '.join(f'`# noqa: {code}`' for code in noqa)}")
    disable = dict.fromkeys(code for tool, code in codes if tool == "pylint")
    if disable:
        ways.append(f"- as Pylint does: {', '.join(f'`# pylint: disable={code}`' for code in disable)}")
    return "\n".join(ways)


def _link(name: str) -> str:
    tool, _, code = name.partition(":")
    home = _HOMES.get(tool) or _HOMES.get(tool.removeprefix("flake8-"))
    return f"[{tool} {code}]({home.format(code=code)})" if home else f"{tool} {code}"


def _row(rule: Rule) -> str:
    title = rule.title.replace("|", "\\|")
    elsewhere = ", ".join(_link(name) for name in rule.equivalents)
    state = "on" if rule.default else "off"
    return f"| [{rule.id}]({rule.category}/{rule.id}.md) | {title} | {rule.safety} | {state} | {elsewhere} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
