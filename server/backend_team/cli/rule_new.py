"""`backend-team rules new`: the file of a rule of the project's own, ready to be changed, its examples passing."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from backend_team.cli.excerpts import shown
from backend_team.cli.rules import own_folder
from backend_team.errors import BackendTeamError, FileError
from backend_team.fixes.examples import complaints
from backend_team.rules.load import load_rule, load_rules
from backend_team.rules.new import refuse, rule_text

if TYPE_CHECKING:
    import argparse


def new(options: argparse.Namespace) -> int:
    """Write the file; refuses to replace one. 1 when its examples still have to be mended by hand."""
    _refuse(options)
    path = own_folder() / options.category / f"{options.id}.yaml"
    if path.exists():
        raise FileError(f"{shown(str(path))} is there already", hint="choose another name, or change that file")
    text = rule_text(options.id, shown(str(path)), title=options.title, pattern=options.pattern, fix=options.fix)
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
    refuse(options.id, options.category)
    if options.fix is not None and options.pattern is None:
        raise BackendTeamError("--fix needs --pattern", hint="what is to be replaced?")
    for alike in get_close_matches(options.id, load_rules().by_id, 1, 0.9):
        print(f'note: there is a rule "{alike}": backend-team explain {alike}')
