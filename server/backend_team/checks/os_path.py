"""Functions of `os` and `os.path` that `pathlib` has, too: captures `call`, `argument` and the name of the function.

Only what has one argument, and gives back what the method of a path gives back, can be fixed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

# What `pathlib` says; the names with a method that takes the place of the call are fixed by it.
_OF_OS: Final = {
    "chmod": "chmod()",
    "getcwd": "Path.cwd()",
    "getcwdb": "Path.cwd()",
    "listdir": "iterdir()",
    "makedirs": "mkdir(parents=True)",
    "mkdir": "mkdir()",
    "readlink": "readlink()",
    "remove": "unlink()",
    "rename": "rename()",
    "replace": "replace()",
    "rmdir": "rmdir()",
    "stat": "stat()",
    "unlink": "unlink()",
}
_OF_PATH: Final = {
    "abspath": "resolve()",
    "basename": "name",
    "dirname": "parent",
    "exists": "exists()",
    "expanduser": "expanduser()",
    "getatime": "stat().st_atime",
    "getctime": "stat().st_ctime",
    "getmtime": "stat().st_mtime",
    "getsize": "stat().st_size",
    "isabs": "is_absolute()",
    "isdir": "is_dir()",
    "isfile": "is_file()",
    "islink": "is_symlink()",
    "join": "/",
    "samefile": "samefile()",
    "splitext": "suffix",
}
FIXABLE: Final = frozenset(
    {"exists", "getatime", "getctime", "getmtime", "getsize", "isabs", "isdir", "isfile", "islink"}
    | {"makedirs", "mkdir", "remove", "rmdir", "stat", "unlink"}
)
_BY_NUMBER: Final = frozenset({"dir_fd", "src_dir_fd", "dst_dir_fd", "follow_symlinks"})
CALLS: Final = (*_OF_OS, *_OF_PATH)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls of these functions, however they are imported."""
    found = _origin(node.func)
    if found is None or any(each.arg in _BY_NUMBER for each in node.keywords) or any(map(_is_number, node.args[:1])):
        return
    name, requirement = found
    if not node.args and not name.startswith("getcwd"):
        return
    instead = _OF_OS.get(name) or _OF_PATH[name]
    captures = [("call", view.span(node))]
    fixable = len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Starred)
    if fixable:
        captures += [("argument", view.span(node.args[0])), (name, view.span(node.func))]
    safety = None if fixable and name in FIXABLE else Safety.NONE
    yield Hit(view.span(node), f"Path has `{instead}`", tuple(captures), safety, (requirement,))


def _is_number(node: ast.expr) -> bool:
    """Whether it is, or looks like, the number of an open file, which no path stands for."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int)
    return isinstance(node, ast.Name) and node.id.endswith("fd")


def _origin(function: ast.expr) -> tuple[str, Requirement] | None:
    """The function, and what has to hold for it to be that one."""
    if isinstance(function, ast.Name):
        if function.id in _OF_PATH:
            return function.id, Requirement(function.id, f"os.path.{function.id}")
        return function.id, Requirement(function.id, f"os.{function.id}")
    if not isinstance(function, ast.Attribute):
        return None
    name, owner = function.attr, function.value
    if isinstance(owner, ast.Name):
        if name in _OF_PATH:
            return name, Requirement(owner.id, "os.path" if owner.id == "path" else "module os.path")
        return name, Requirement(owner.id, "module os")
    if name in _OF_PATH and isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name):
        return (name, Requirement(owner.value.id, "module os")) if owner.attr == "path" else None
    return None
