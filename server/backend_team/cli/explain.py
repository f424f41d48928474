"""`backend-team explain`: all there is to know about a rule, by its name or by the code another tool has for it."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

from backend_team.cli.excerpts import counted
from backend_team.cli.rules import rules_here
from backend_team.cli.terminal import coloured
from backend_team.errors import BackendTeamError
from backend_team.rules.pages import page

if TYPE_CHECKING:
    import argparse

    from backend_team.rules.model import Rule, RuleSet


def run(options: argparse.Namespace) -> int:
    """Print the page of the rule, or which rules a code or a category stands for."""
    rules = rules_here()
    name = options.name
    if name in rules.by_id:
        _print(page(rules.by_id[name]))
        return 0
    found = equivalents(rules, name)
    if len(found) == 1:
        _print(page(found[0]))
        return 0
    found = found or [rule for rule in rules if rule.category == name]
    if not found:
        raise _unknown(rules, name)
    width = max(len(rule.id) for rule in found)
    for rule in found:
        print(f"{rule.id:<{width}}  {rule.title}")
    print(f"\n{counted(len(found), 'rule')} for {name}; backend-team explain ID says more")
    return 0


def equivalents(rules: RuleSet, code: str) -> list[Rule]:
    """The rules that do what another tool does under a code: `F401`, `ruff:F401` or a name of Sourcery."""
    wanted = code.lower()
    return [
        rule
        for rule in rules
        if any(wanted in (name.lower(), name.partition(":")[2].lower()) for name in rule.equivalents)
    ]


def _unknown(rules: RuleSet, name: str) -> BackendTeamError:
    codes = {equivalent.partition(":")[2] for rule in rules for equivalent in rule.equivalents}
    near = get_close_matches(name, [*rules.by_id, *{rule.category for rule in rules}], 3)
    near = near or get_close_matches(name.upper(), codes, 3, 0.7)
    hint = f"did you mean {' or '.join(near)}?" if near else "backend-team rules list shows every rule"
    return BackendTeamError(f'there is no rule "{name}", nor a rule for a code like this', hint=hint)


def _print(text: str) -> None:
    if not (sys.stdout.isatty() and coloured(sys.stdout)):
        print(text, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    console.print(Markdown(text, code_theme="ansi_dark"), width=min(console.width, 100))
