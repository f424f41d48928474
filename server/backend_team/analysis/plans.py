"""Plans: what the walk does at each type of node, put together once for a table of rules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from backend_team.checks.nodes import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backend_team.analysis.table import Table

# What to do at a node: its rules, or how to choose them, what it means besides its parts, and the fields of these.
Plan = tuple["Sequence[Any] | None", "Callable[[Any], Sequence[Any]] | None", Any, tuple[str, ...]]


def plans_of(table: Table, meanings: Mapping[type, Any]) -> dict[type, Plan]:
    """The plans for all types of nodes under a table, made once; `meanings` is what the walk does at some of them."""
    if not table.plans:
        for kind, fields in FIELDS.items():
            choice = table.nodes.get(kind)
            table.plans[kind] = (
                choice.all if choice is not None else None,
                choice.of if choice is not None and choice.all is None else None,
                meanings.get(kind),
                () if kind in (ast.Name, ast.Constant, ast.Attribute) else fields,
            )
        rules, _, meaning, fields = table.plans[ast.Call]
        table.plans[ast.Call] = rules, _calls_of(table), meaning, fields
        if table.attributes:
            _, _, meaning, fields = table.plans[ast.Attribute]
            table.plans[ast.Attribute] = None, _attributes_of(table), meaning, fields
    return table.plans


def _attributes_of(table: Table) -> Callable[[Any], Sequence[Any]]:
    """What chooses the rules for an attribute: those for all, and those for its name."""
    every = table.nodes.get(ast.Attribute)
    named = table.attributes
    if every is None:
        return lambda node: named.get(node.attr, ())
    return lambda node: [*every.of(node), *named.get(node.attr, ())]


def _calls_of(table: Table) -> Callable[[Any], Sequence[Any]]:
    """What chooses the rules for a call: those for all calls, and those for the name that is called."""
    every, calls = table.nodes.get(ast.Call), table.calls

    def of(node: Any) -> Sequence[Any]:
        rules = every.of(node) if every is not None else ()
        named = calls.get(called(node.func))
        return rules if named is None else [*rules, *named.of(node)]

    return of


def called(function: Any) -> str:
    """The name of the function or method that is called; empty when it has none."""
    name: str = function.attr if function.__class__ is ast.Attribute else getattr(function, "id", "")
    return name
