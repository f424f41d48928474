"""The examples of a rule as its tests: what they say that is not so."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from textwrap import indent
from typing import TYPE_CHECKING

from backend_team.analysis.module import analyse
from backend_team.findings import Withheld
from backend_team.rules.load import load_rules
from backend_team.rules.model import RuleSet
from backend_team.settings import ALL, Settings
from backend_team.text import Source, apply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.rules.model import Example, Rule

OLDEST = (3, 11)  # examples are judged for this Python, or for the one their rule asks for


def complaints(rule: Rule) -> Iterator[tuple[Example, str]]:
    """What the examples of a rule say that is not so."""
    rules = _with(rule)
    for example in rule.examples:
        for complaint in _complaints(rule, example, rules):
            yield example, complaint


@cache
def _shipped() -> RuleSet:
    return load_rules()


def _with(rule: Rule) -> RuleSet:
    """All rules, this one as its file says: an example may speak of other rules, as a suppression does."""
    shipped = _shipped()
    if shipped.by_id.get(rule.id) is not None and shipped.by_id[rule.id].text == rule.text:
        return shipped
    digest = sha256(f"{shipped.digest} {rule.category} {rule.text}".encode("utf-8", "replace")).hexdigest()
    return RuleSet({**shipped.by_id, rule.id: rule}, digest)


def _complaints(rule: Rule, example: Example, rules: RuleSet) -> Iterator[str]:
    from backend_team.fixes.fix import fix

    settings = Settings(select=frozenset({ALL}), target_version=max(rule.python or OLDEST, OLDEST))
    text = example.before if example.before is not None else example.keep or ""
    source = Source(f"{rule.id}.py", text)
    report = analyse(source, rules, settings)
    found = [finding for finding in report.findings if finding.rule == rule.id]
    for problem in report.problems:
        if problem.kind == "syntax":
            yield f"an example does not parse: {problem.message}"
        elif f'"{rule.id}"' in problem.message:
            yield problem.message
    if example.before is None:
        if found:
            yield "an example to keep is found"
        return
    if not found:
        yield "an example is not found"
    elif example.after is not None:
        outcome = fix(source, found[0], rules, settings)
        if isinstance(outcome, Withheld):
            yield f"the fix of an example is withheld: {outcome.reason}"
        elif (got := apply(text, outcome.edits)) != example.after:
            yield f"an example is fixed to something else:\n{indent(got, '    ')}"
