"""The examples of every rule, fixed: they become what the rule file says, or what is withheld says why."""

from __future__ import annotations

import pytest

from backend_team.findings import Fix
from backend_team.fixes.proof import comments, compiles
from backend_team.rules.model import Example, Rule
from backend_team.text import apply
from tests.fixes.examples import all_fixed, examples, first_fix

FIXABLE = [(rule, example) for rule, example in examples() if rule.fixable]
LINE_ENDS = pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])


def example_id(value: object) -> str:
    return value.id if isinstance(value, Rule) else f"line-{value.line}" if isinstance(value, Example) else str(value)


@LINE_ENDS
@pytest.mark.parametrize(("rule", "example"), FIXABLE, ids=example_id)
def test_becomes_what_the_rule_says(rule: Rule, example: Example, line_end: str) -> None:
    assert example.before is not None
    before = example.before.replace("\n", line_end)
    done = first_fix(before, rule.id)
    if example.after is None:
        assert not isinstance(done, Fix)
        assert done.reason
    else:
        assert isinstance(done, Fix), done.reason
        assert apply(before, done.edits) == example.after.replace("\n", line_end)


@pytest.mark.parametrize("indented", [False, True], ids=["margin", "indented"])
@pytest.mark.parametrize(("rule", "example"), FIXABLE, ids=example_id)
def test_all_fixed_keeps_comments_and_changes_nothing_twice(rule: Rule, example: Example, indented: bool) -> None:
    text = example.before or ""
    if indented:
        text = "def around():\n" + "".join(f"    {line}".rstrip(" ") for line in text.splitlines(keepends=True))
    once = all_fixed(text, rule.id)
    assert apply(text, once.edits) == once.source.text
    if rule.rewrite != "shorten-suppression":  # it is about a comment
        assert comments(text) == comments(once.source.text)
    assert compiles(text) <= compiles(once.source.text)
    assert all_fixed(once.source.text, rule.id).edits == ()
