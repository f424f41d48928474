"""The examples of the rules, and a short way to fix a text, for the tests of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from backend_team.analysis.module import analyse
from backend_team.findings import Fix, Safety, Withheld
from backend_team.fixes.fix import FixAll, fix, fix_all
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.text import Source, apply

if TYPE_CHECKING:
    from backend_team.rules.model import Example, Rule, RuleSet

PATH = "shop.py"


@cache
def rules() -> RuleSet:
    return load_rules()


def examples() -> list[tuple[Rule, Example]]:
    """Every example that is fixed, or shows what is found and not fixed."""
    return [(rule, example) for rule in rules() for example in rule.examples if example.before is not None]


def only(*names: str) -> Settings:
    """Settings under which just these rules run, on or off by default."""
    if "unused-suppression" in names:  # it judges only what runs
        names = (*names, "comparison-to-none", "bare-except", "too-complex")
    versions = (rules().by_id[name].python or (3, 11) for name in names)
    return Settings(select=frozenset(names), target_version=max((3, 11), *versions))


def first_fix(text: str, rule: str) -> Fix | Withheld:
    """The fix of the first finding of the rule."""
    source = Source(PATH, text)
    finding = next(each for each in analyse(source, rules(), only(rule)).findings if each.rule == rule)
    return fix(source, finding, rules(), only(rule))


def fixed(text: str, rule: str) -> str:
    """The text after the fix of the first finding of the rule; the text itself when it is withheld."""
    done = first_fix(text, rule)
    return apply(text, done.edits) if isinstance(done, Fix) else text


def withheld(text: str, rule: str) -> str | None:
    """Why the fix of the first finding is withheld; None when it is not."""
    done = first_fix(text, rule)
    return done.reason if isinstance(done, Withheld) else None


def all_fixed(text: str, *names: str, path: str = PATH) -> FixAll:
    """Everything fixed, safe or not, of the named rules or of all."""
    settings = only(*names) if names else Settings()
    return fix_all(Source(path, text), rules(), settings, safety=Safety.REVIEW)
