"""Imports that nothing reads: captures `alias` (the name in the import) and `statement` (the whole import).

Removing an import can change a program: the import may have effects, and another module may take the name from here.
So the fix is called safe only for public names of the standard library, unless one statement has three unused ones (it
is then probably there for others), the module is one of compatibility or runs text as code, or belongs to a package of
that name. Everything else is for review. Not found at all: names of `__init__.py` and `__all__`, `import a.b`,
`import a as a`, attempts in `try`, hooks of test runners, names read in strings of annotations.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import ANY_NAME, Hit
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from backend_team.checks.view import ImportedName, Scope, View


SCOPES: Final = ("function",)
WANTS: Final = ("imports",)
_FACADE: Final = 3  # so many unused names of one import are probably there for others
_WITH_EFFECTS: Final = frozenset({"antigravity", "encodings", "readline", "rlcompleter", "site", "this"})


def check_module(
    imports: Iterable[ImportedName], used: Collection[str], path: str
) -> Iterator[tuple[ImportedName, Hit]]:
    """Find imports of the module that nothing in it reads."""
    unused = [name for name in imports if not name.kept and name.name not in used]
    if not unused:
        return
    file = PurePath(path.replace("\\", "/"))
    if file.name in {"__init__.py", "__init__.pyi"}:
        return
    shared = file.name == "conftest.py" or "compat" in file.stem or ANY_NAME in used  # names meant for others
    by_statement = Counter(name.statement for name in unused)
    for name in unused:
        own = name.shown.partition(".")[0] in file.parts  # this file belongs to a package of that name
        yield name, _hit(name, shared or own or by_statement[name.statement] >= _FACADE)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find imports of a function that nothing in it reads."""
    if scope.kind != "function" or not scope.imports or scope.opaque:
        return
    loads = scope.loaded_below() | scope.outer
    for node in scope.imports:
        if id(node) in scope.attempts:
            continue
        for name in view.imported(node):
            if not name.kept and name.name not in loads and name.name not in view.mentioned:
                yield _hit(name, False)


def _hit(name: ImportedName, reviewed: bool) -> Hit:
    parts = name.shown.split(".")
    standard = parts[0] in sys.stdlib_module_names and parts[0] not in _WITH_EFFECTS
    private = any(part.startswith("_") for part in parts)
    return Hit(
        name.span,
        f"`{name.shown}` is imported but unused",
        (("alias", name.span), ("statement", name.statement)),
        None if standard and not private and not reviewed else Safety.REVIEW,
        anchor=name.statement.start,
    )
