"""Rewrites: what the YAML of a rule calls by `rewrite:`. Each is given the code and the finding, and returns edits.

They are found where they are: the table `REWRITES` of every module here says what its functions are called.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from backend_team.fixes.code import NoFix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.settings import Settings
    from backend_team.text import Edit

    Rewrite = Callable[[Code, Finding, Settings], list[Edit]]


@cache
def rewrites() -> Mapping[str, Rewrite]:
    """All rewrites by name."""
    found: dict[str, Rewrite] = {}
    for module in iter_modules(__path__):
        table: Mapping[str, Rewrite] = import_module(f"{__name__}.{module.name}").REWRITES
        if twice := found.keys() & table.keys():
            raise ValueError(f"{module.name}.py has rewrites whose names are taken: {', '.join(sorted(twice))}")
        found.update(table)
    return found


def rewrite(name: str, code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """The edits of a named rewrite; raises `NoFix`."""
    found = rewrites().get(name)
    if found is None:
        raise NoFix(f'there is no rewrite "{name}"')
    return found(code, finding, settings)
