"""The outline of a block: what checks of the whole module look at."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_team.checks.import_order import line_of
from backend_team.checks.view import FUNCTIONS
from backend_team.checks.whole import Definition

if TYPE_CHECKING:
    from backend_team.checks.import_order import ImportLine
    from backend_team.checks.view import ImportedName, Scope, View


def import_lines(view: View, root: Scope) -> tuple[ImportLine, ...]:
    """The imports of a block that is nothing but imports."""
    nodes = [node for node in view.nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    alone = view.kind == "statement" and len(nodes) == len(view.nodes)
    return tuple(map(line_of, nodes)) if alone and root.kind == "module" else ()


def imported_names(view: View, root: Scope) -> tuple[ImportedName, ...]:
    """The names that the imports of a block bind, but those that are one of several choices, for others to import."""
    sure = [node for node in root.imports if id(node) not in root.attempts]
    return tuple(name for node in sure for name in view.imported(node) if root.bound[name.name] == 1)


def definition_of(view: View) -> Definition | None:
    """The function or class that a block consists of."""
    node = view.nodes[0] if len(view.nodes) == 1 else None
    if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return None
    return Definition(node.name, view.name_of(node), not node.decorator_list)
