"""`backend-team rules`: list them, explain one, run their examples."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING

from backend_team.analysis.module import analyse
from backend_team.cli.excerpts import counted
from backend_team.errors import BackendTeamError
from backend_team.findings import Withheld
from backend_team.rules.load import load_rule, load_rules
from backend_team.rules.model import RuleSet
from backend_team.settings import Settings
from backend_team.text import Source, apply

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from backend_team.rules.model import Example, Rule

OWN_RULES = Path(".backend-team") / "rules"


def run(options: argparse.Namespace) -> int:
    """Do the action; for `test`, 1 when an example is not as it says."""
    if options.action == "test":
        return _test([Path(name) for name in options.files])
    rules = load_rules(extra=[OWN_RULES] if OWN_RULES.is_dir() else [])
    return _list(rules) if options.action == "list" else _show(rules, options.id)


def _list(rules: RuleSet) -> int:
    width = max(len(rule.id) for rule in rules)
    for category in sorted({rule.category for rule in rules}):
        print(f"{category}")
        for rule in rules:
            if rule.category == category:
                print(f"  {rule.id:<{width}}  {rule.safety.value:<6}  {rule.title}")
    print(f"\n{counted(len(rules), 'rule')}; backend-team rules show ID explains one")
    return 0


def _show(rules: RuleSet, name: str) -> int:
    from difflib import get_close_matches

    rule = rules.by_id.get(name)
    if rule is None:
        near = get_close_matches(name, rules.by_id, 1)
        raise BackendTeamError(f'there is no rule "{name}"', hint=f'did you mean "{near[0]}"?' if near else None)
    print(f"{rule.id}: {rule.title}\n\n{fill(rule.why, 100)}\n")
    print(f"category {rule.category}, severity {rule.severity.value}, fix: {rule.safety.value}")
    if rule.equivalents:
        print(f"elsewhere: {', '.join(rule.equivalents)}")
    for example in rule.examples:
        for title, code in (("found", example.before), ("fixed", example.after), ("kept", example.keep)):
            if code is not None:
                print(f"\n{title}:\n{indent(code.rstrip(), '    ')}")
    return 0


def _test(files: list[Path]) -> int:
    tested = [load_rule(path) for path in files] if files else list(load_rules())
    wrong = 0
    examples = 0
    for rule in tested:
        for example in rule.examples:
            examples += 1
            for complaint in _complaints(rule, example):
                wrong += 1
                print(f"{rule.path}:{example.line}: {complaint}")
    print(f"{counted(examples, 'example')} of {counted(len(tested), 'rule')}, {wrong} wrong")
    return int(wrong > 0)


def _complaints(rule: Rule, example: Example) -> Iterator[str]:
    from backend_team.fixes.fix import fix

    rules = RuleSet({rule.id: rule}, f"{rule.path}:{rule.id}")
    version = max(rule.python or (3, 11), (3, 11))
    settings = Settings(select=frozenset({rule.id}), target_version=version)
    text = example.before if example.before is not None else example.keep or ""
    source = Source(f"{rule.id}.py", text)
    report = analyse(source, rules, settings)
    for problem in report.problems:
        yield f"an example does not parse: {problem.message}"
    if example.before is None:
        if report.findings:
            yield "an example to keep is found"
        return
    if not report.findings:
        yield "an example is not found"
    elif example.after is not None:
        outcome = fix(source, report.findings[0], rules, settings)
        if isinstance(outcome, Withheld):
            yield f"the fix of an example is withheld: {outcome.reason}"
        elif (got := apply(text, outcome.edits)) != example.after:
            yield f"an example is fixed to something else:\n{indent(got, '    ')}"
