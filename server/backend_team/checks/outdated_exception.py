"""Exceptions by their old names: captures `item`, and `type` (all that is caught or raised)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement, builtin, origin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler, ast.Raise)
_BUILTINS: Final = frozenset({"IOError", "EnvironmentError", "WindowsError"})
_ALWAYS: Final = (3, 0)
_MOVED: Final = {  # by the module: the name, its own since, what it is
    "os": {"error": (_ALWAYS, "OSError")},
    "socket": {"error": (_ALWAYS, "OSError"), "timeout": ((3, 10), "TimeoutError")},
    "select": {"error": (_ALWAYS, "OSError")},
    "mmap": {"error": (_ALWAYS, "OSError")},
    "asyncio": {"TimeoutError": ((3, 11), "TimeoutError")},
}
_NAMES: Final = {module: frozenset(names) for module, names in _MOVED.items()}
_LAST: Final = frozenset(_BUILTINS.union(*_NAMES.values()))


def check(node: ast.ExceptHandler | ast.Raise, view: View) -> Iterator[Hit]:
    """Find aliases of OSError and TimeoutError where they are caught or raised."""
    kind = node.type if isinstance(node, ast.ExceptHandler) else node.exc
    if isinstance(kind, ast.Call) and isinstance(node, ast.Raise):
        kind = kind.func
    items = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    for item in items:
        last = item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", None)
        if last not in _LAST or not isinstance(item, ast.expr) or kind is None:
            continue
        found = modern(item, view.settings.target_version)
        if found is not None:
            name, requires = found
            captures = (("item", view.span(item)), ("type", view.span(kind)))
            # elsewhere than on Windows the name does not exist, and a handler of it fails
            safety = Safety.REVIEW if last == "WindowsError" else None
            yield Hit(view.span(item), f"Say `{name}`", captures, safety, (requires, *builtin(name)))


def modern(item: ast.expr, version: tuple[int, int]) -> tuple[str, Requirement] | None:
    """The name that an exception has now, and what that relies on."""
    if isinstance(item, ast.Name) and item.id in _BUILTINS:
        return "OSError", builtin(item.id)[0]
    found = origin(item, _NAMES)
    if found is None:
        return None
    since, name = _MOVED[found[0]][found[1]]
    return (name, found[2]) if since <= version and (found[1] != name or isinstance(item, ast.Attribute)) else None
