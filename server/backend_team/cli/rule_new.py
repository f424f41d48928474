"""`backend-team rules new`: the file of a rule of the project's own, ready to be changed, its examples passing."""

from __future__ import annotations

import ast
import json
import re
from difflib import get_close_matches
from textwrap import indent
from typing import TYPE_CHECKING, Final

from backend_team.cli.excerpts import shown
from backend_team.cli.rules import own_folder
from backend_team.errors import BackendTeamError, FileError, RuleError
from backend_team.fixes.examples import complaints
from backend_team.rules.load import load_rule, load_rules

if TYPE_CHECKING:
    import argparse

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


def new(options: argparse.Namespace) -> int:
    """Write the file; refuses to replace one. 1 when its examples still have to be mended by hand."""
    _refuse(options)
    path = own_folder() / options.category / f"{options.id}.yaml"
    if path.exists():
        raise FileError(f"{shown(str(path))} is there already", hint="choose another name, or change that file")
    text = _text(options, shown(str(path)))
    rule = load_rule(path, text)  # raises when the pattern or the fix can't be
    wrong = [complaint for _, complaint in complaints(rule)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise FileError(f"{shown(str(path))} can't be written: {error.strerror or error}") from None
    print(f"{shown(str(path))} is written.")
    for complaint in wrong:
        print(f"  to mend in its examples: {complaint}")
    print(f"Change it, then: backend-team rules test {shown(str(path))}")
    return int(bool(wrong))


def _refuse(options: argparse.Namespace) -> None:
    for name, what in ((options.id, "id"), (options.category, "category")):
        if not _NAME.fullmatch(name):
            near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            hint = f"for example {near}" if _NAME.fullmatch(near) else "for example old-name"
            raise RuleError(f'the {what} "{name}" is not of the form "else-after-return"', hint=hint)
    if options.id in (shipped := load_rules().by_id):
        hint = f"backend-team explain {options.id}; another name makes another rule"
        raise RuleError(f'there is a rule "{options.id}" already', hint=hint)
    if options.fix is not None and options.pattern is None:
        raise BackendTeamError("--fix needs --pattern", hint="what is to be replaced?")
    for alike in get_close_matches(options.id, shipped, 1, 0.9):
        print(f'note: there is a rule "{alike}": backend-team explain {alike}')


def _text(options: argparse.Namespace, file: str) -> str:
    pattern = options.pattern if options.pattern is not None else _PATTERN
    fix = options.fix if options.pattern is not None else _FIX
    title = options.title or (f"Say in one sentence what is wrong with {options.id}")
    return _TEXT.format(
        file=file,
        id=options.id,
        title=_scalar(title),
        pattern=_scalar(pattern),
        fix="" if fix is None else _FIX_TEXT.format(fix=_scalar(fix)),
        after_said="" if fix is None else " and becomes `after` when it is fixed",
        before=_block(_example(pattern)),
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
        return kept if ast.dump(ast.parse(kept)) != ast.dump(ast.parse(_example(pattern))) else "something_else()\n"
    except (SyntaxError, ValueError):
        return kept
