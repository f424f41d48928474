"""`backend-team rules`: list them, show one, start a new one, run their examples."""

from __future__ import annotations

import json
import sys
from difflib import get_close_matches
from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

from backend_team.analysis.table import stands_down
from backend_team.cli.excerpts import counted, shown
from backend_team.cli.terminal import coloured
from backend_team.errors import BackendTeamError
from backend_team.library import own_rules
from backend_team.rules.load import load_rules
from backend_team.settings import Settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from backend_team.rules.model import Rule, RuleSet


def run(options: argparse.Namespace) -> int:
    """Do the action; for `test`, 1 when an example is not as it says."""
    if options.action == "test":
        from backend_team.cli.rule_test import test

        return test([Path(name) for name in options.files])
    if options.action == "new":
        from backend_team.cli.rule_new import new

        return new(options)
    rules = rules_here()
    return _list(rules, options) if options.action == "list" else _show(rules, options.id)


def rules_here() -> RuleSet:
    """The shipped rules with those of the project around this folder."""
    own = own_folder()
    return load_rules(extra=[own] if own.is_dir() else [])


def own_folder() -> Path:
    """Where the project around this folder keeps its own rules."""
    here = Path.cwd()
    return own_rules(Settings.load(here), here)


def _list(rules: RuleSet, options: argparse.Namespace) -> int:
    chosen = [rule for rule in rules if not options.category or rule.category in options.category]
    known = {rule.category for rule in rules}
    for name in options.category or ():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(sorted(known))}"
            raise BackendTeamError(f'there is no category "{name}"', hint=hint)
    if options.format == "json":
        print(json.dumps([_item(rule) for rule in chosen], indent=1))
        return 0
    settings = Settings.load(Path.cwd())
    width = max((len(rule.id) for rule in chosen), default=0)
    heading = "\x1b[1m{}\x1b[0m" if coloured(sys.stdout) else "{}"
    for category in sorted({rule.category for rule in chosen}):
        print(heading.format(category))
        for rule in chosen:
            if rule.category == category:
                off = "" if rule.default else "  (off by default)"
                off = "  (stands down for Ruff)" if stands_down(rule, settings) else off
                print(f"  {rule.id:<{width}}  {rule.safety:<6}  {rule.title}{off}")
    print(f"\n{counted(len(chosen), 'rule')}; backend-team explain ID says more")
    return 0


def _item(rule: Rule) -> dict[str, Any]:
    from backend_team.rules.pages import page_url

    return {
        "id": rule.id,
        "category": rule.category,
        "title": rule.title,
        "why": rule.why,
        "severity": str(rule.severity),
        "fix": str(rule.safety),
        "default": rule.default,
        "python": None if rule.python is None else f"{rule.python[0]}.{rule.python[1]}",
        "equivalents": list(rule.equivalents),
        "page": page_url(rule),
    }


def _show(rules: RuleSet, name: str) -> int:
    rule = rules.by_id.get(name)
    if rule is None:
        near = get_close_matches(name, rules.by_id, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"backend-team explain {name} knows codes of other tools"
        raise BackendTeamError(f'there is no rule "{name}"', hint=hint)
    print(f"{rule.id}: {rule.title}\n\n{fill(rule.why, 100)}\n")
    state = "" if rule.default else ", off by default"
    print(f"category {rule.category}, severity {rule.severity}, fix: {rule.safety}{state}")
    for title, value in _says(rule):
        if value:
            print(f"{title}: {value}" if "\n" not in value else f"{title}:\n{indent(value, '    ')}")
    print(f"file: {shown(str(rule.path))}")
    for example in rule.examples:
        for title, code in (("found", example.before), ("fixed", example.after), ("kept", example.keep)):
            if code is not None:
                print(f"\n{title}:\n{indent(code.rstrip(), '    ')}")
    return 0


def _says(rule: Rule) -> Iterable[tuple[str, str | None]]:
    version = None if rule.python is None else f"{rule.python[0]}.{rule.python[1]} or newer"
    return (
        ("elsewhere", ", ".join(rule.equivalents)),
        ("Python", version),
        ("pattern", rule.pattern),
        ("check", rule.check),
        ("fix", rule.fix),
        ("rewrite", rule.rewrite),
    )
