"""The text of a new rule file: explained line by line, with examples that pass."""

from __future__ import annotations

import ast
import json
import re
from textwrap import indent
from typing import Final

from backend_team.errors import RuleError
from backend_team.parsing import syntax_tree
from backend_team.rules.load import load_rules

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_METAVARIABLE: Final = re.compile(r"\$\$?([A-Z][A-Z0-9_]*)")
_PATTERN: Final = "old_name($X)"
_FIX: Final = "new_name($X)"

_TEXT: Final = """\
# A rule of this project: data only, nothing in it is executed. Its examples are its tests:
#     backend-team rules test {file}

# The name of what is wrong; also the name of the file, and what `# backend-team: ignore[{id}]` says.
id: {id}

# One sentence, shown where the rule is offended.
title: {title}

# The reason, for whoever meets it.
why: >-
  Say here why it is wrong, and what is better.

# error, warning, information or hint
severity: warning

# What is wrong, in Python. $X stands for one expression or name, $$X for any number of arguments or statements, the
# same name twice for the same code. Layout and comments don't matter.
pattern: {pattern}

# Conditions that must all hold (take the # away):
# where:
#   - $X is name        # or: dict, list, set, str, int, simple, boolean, constant, literal; `is not name` and so on
{fix}
# `before` offends the rule{after_said}; `keep` does not offend it.
examples:
  - before: |
{before}{after}
  - keep: |
{keep}
"""
_FIX_TEXT: Final = """
# What is right, with the same names.
fix: {fix}

# safe: it never changes what the program does, and is applied in bulk; review: offered one by one
safety: review
"""


def refuse(rule: str, category: str) -> None:
    """Raise `RuleError` for an id or a category that can't be, and for the id of a shipped rule."""
    for name, what in ((rule, "id"), (category, "category")):
        if not _NAME.fullmatch(name):
            near = slug(name)
            hint = f"for example {near}" if _NAME.fullmatch(near) else "for example old-name"
            raise RuleError(f'the {what} "{name}" is not of the form "else-after-return"', hint=hint)
    if rule in load_rules().by_id:
        hint = f"backend-team explain {rule}; another name makes another rule"
        raise RuleError(f'there is a rule "{rule}" already', hint=hint)


def slug(text: str) -> str:
    """The words of a text in the form of an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def rule_text(
    rule: str,
    file: str,
    *,
    title: str | None = None,
    pattern: str | None = None,
    fix: str | None = None,
    before: str | None = None,
) -> str:
    """The text of a rule; `file` is how its comment calls it.

    Without a pattern it has one to be changed, without `before` the code of the pattern is its example.
    """
    if pattern is None:
        pattern, fix = _PATTERN, _FIX
    title = title or f"Say in one sentence what is wrong with {rule}"
    return _TEXT.format(
        file=file,
        id=rule,
        title=_scalar(title),
        pattern=_scalar(pattern),
        fix="" if fix is None else _FIX_TEXT.format(fix=_scalar(fix)),
        after_said="" if fix is None else " and becomes `after` when it is fixed",
        before=_block(_example(pattern) if before is None else before),
        after="" if fix is None else f"\n    after: |\n{_block(_example(fix))}",
        keep=_block(_kept(pattern, fix)),
    )


def _scalar(text: str) -> str:
    """The text in YAML, in quotes: JSON's are YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _block(code: str) -> str:
    return indent(code.rstrip("\n"), " " * 6)


def _example(code: str) -> str:
    """Code of a pattern: a name for each metavariable."""
    return _METAVARIABLE.sub(lambda match: match[1].lower(), code).strip("\n") + "\n"


def _kept(pattern: str, fix: str | None) -> str:
    """Code that does not offend: what the fix would give, or something else altogether."""
    kept = _example(fix) if fix is not None else "something_else()\n"
    try:
        return kept if ast.dump(syntax_tree(kept)) != ast.dump(syntax_tree(_example(pattern))) else "something_else()\n"
    except (SyntaxError, ValueError):
        return kept
