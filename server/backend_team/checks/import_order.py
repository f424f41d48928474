"""The order of imports: sections, modules and names, as isort has it in its profile "black" and Ruff in I001."""

from __future__ import annotations

import ast
import re
import sys
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from backend_team.settings import Settings

FUTURE, STANDARD, FOREIGN, OWN, RELATIVE = range(5)
_PARTS: Final = re.compile(r"(\d+)")


class ImportLine(NamedTuple):
    """An import statement: `names` are what it imports and under which name, empty when that is the same.

    `module` is empty in `import a, b`, whose names are modules; `level` counts the dots before the module.
    """

    module: str
    level: int
    names: tuple[tuple[str, str], ...]
    is_from: bool

    @property
    def joins(self) -> bool:
        """Whether it can be one statement with another from the same module."""
        return self.is_from and not any(alias or name == "*" for name, alias in self.names)


def line_of(node: ast.Import | ast.ImportFrom) -> ImportLine:
    """What an import statement says."""
    names = tuple((alias.name, alias.asname or "") for alias in node.names)
    if isinstance(node, ast.Import):
        return ImportLine("", 0, names, False)
    return ImportLine(node.module or "", node.level, names, True)


def own_modules(settings: Settings, path: str) -> frozenset[str]:
    """The top-level modules of the project: those of the settings, or the folders the file is in."""
    return settings.modules or frozenset(PurePath(path.replace("\\", "/")).parts[:-1])


@lru_cache(4096)
def section(line: ImportLine, own: frozenset[str]) -> int:
    """The section a statement belongs to."""
    if line.level:
        return RELATIVE
    top = (line.module or line.names[0][0]).partition(".")[0]
    if top == "__future__":
        return FUTURE
    if top in sys.stdlib_module_names:
        return STANDARD
    return OWN if top in own or top == "__main__" else FOREIGN


@lru_cache(4096)
def order(line: ImportLine, own: frozenset[str]) -> tuple[Any, ...]:
    """What statements are sorted by: section, `import` before `from`, more dots first, module, first name."""
    first = min(map(member, line.names))
    if line.is_from:
        return section(line, own), 1, -line.level, _natural(line.module.lower()), _natural(line.module), first
    name, alias = line.names[0]
    return section(line, own), 0, 0, _natural(name.lower()), _natural(name), (0, 0, [], [], alias)


@lru_cache(4096)
def member(name: tuple[str, str]) -> tuple[Any, ...]:
    """What the names of a statement are sorted by: `*`, CONSTANTS, Classes, the rest."""
    text, alias = name
    kind = 0 if len(text) > 1 and text.isupper() else 1 if text[:1].isupper() else 2
    return text != "*", kind, _natural(text.lower()), _natural(text), alias


def _natural(text: str) -> list[tuple[int, int]]:
    """Numbers count by their value: `x9` before `x10`."""
    found: list[tuple[int, int]] = []
    for part in _PARTS.split(text):
        found += [(ord("0"), int(part))] if part.isdecimal() else [(ord(char), 0) for char in part]
    return found


@lru_cache(4096)
def is_ordered(line: ImportLine) -> bool:
    """Whether the names of one statement are."""
    if not line.is_from:
        return len(line.names) == 1
    keys = [member(name) for name in line.names]
    return all(one < other for one, other in pairwise(keys))
