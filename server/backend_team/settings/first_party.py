"""First-party modules: the names of what can be imported from a project's own folders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIXES: Final = (".py", ".pyi", ".pyw", ".so", ".pyd")
_NO_SOURCE: Final = frozenset({"__pycache__", "build", "dist", "env", "node_modules", "venv"})


def module_names(folders: Iterable[str]) -> frozenset[str]:
    """The names of the top-level modules and packages in folders; a folder that can't be listed has none."""
    found: set[str] = set()
    for folder in folders:
        for entry in _entries(folder):
            name = entry.name.partition(".")[0]
            if name in found or not name.isidentifier():
                continue
            if entry.name.endswith(SUFFIXES) or (entry.name == name and name not in _NO_SOURCE and _is_package(entry)):
                found.add(name)
    return frozenset(found)


def _is_package(entry: os.DirEntry[str]) -> bool:
    """Whether a folder holds Python: a folder `docker` with other things in it must not hide the package `docker`."""
    try:
        if not entry.is_dir():
            return False
    except OSError:
        return False
    inner = _entries(entry.path)
    return any(one.name.endswith(SUFFIXES) for one in inner) or any(
        os.path.exists(os.path.join(one.path, "__init__.py"))  # noqa: PTH110, PTH118 - a namespace package
        for one in inner
        if one.name.isidentifier()
    )


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
