"""Plans: what the walk does at each type of node, put together once for a table of rules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from backend_team.checks.nodes import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backend_team.analysis.table import Table


class Plan(NamedTuple):
    """What to do at a node: its rules, or how to choose them, what it means besides its parts, the fields of these."""

    rules: Sequence[Any] | None
    choose: Callable[[Any], Sequence[Any]] | None
    meaning: Any
    fields: tuple[str, ...]


def plans_of(table: Table, meanings: Mapping[type, Any]) -> dict[type, Plan]:
    """The plans for all types of nodes under a table, made once; `meanings` is what the walk does at some of them."""
    if not table.plans:
        for kind, fields in FIELDS.items():
            table.plans[kind] = _plan(table, kind, meanings.get(kind), fields)
    return table.plans


def _plan(table: Table, kind: type, meaning: Any, fields: tuple[str, ...]) -> Plan:
    choice = table.nodes.get(kind)
    rules = None if choice is None else choice.all
    choose = None if choice is None or rules is not None else choice.chooser()
    if kind is ast.Call:
        rules, choose = None, _calls_of(table)
    elif kind is ast.Attribute and table.attributes:
        rules, choose = None, _attributes_of(table)
    is_leaf = kind in (ast.Name, ast.Constant, ast.Attribute)  # the walk knows them
    return Plan(rules, choose, meaning, () if is_leaf else fields)


def _attributes_of(table: Table) -> Callable[[Any], Sequence[Any]]:
    """What chooses the rules for an attribute: those for all, and those for its name."""
    every = table.nodes.get(ast.Attribute)
    named = table.attributes
    if every is None:
        return lambda node: named.get(node.attr, ())
    of = every.chooser()
    return lambda node: [*of(node), *named.get(node.attr, ())]


def _calls_of(table: Table) -> Callable[[Any], Sequence[Any]]:
    """What chooses the rules for a call: those for all calls, and those for the name that is called."""
    every = table.nodes.get(ast.Call)
    rules_of: Callable[[Any], Sequence[Any]] = (lambda _: ()) if every is None else every.chooser()
    choosers = {name: choice.chooser() for name, choice in table.calls.items()}

    def of(node: Any) -> Sequence[Any]:
        function = node.func
        chooser = choosers.get(function.attr if function.__class__ is ast.Attribute else getattr(function, "id", ""))
        return rules_of(node) if chooser is None else [*rules_of(node), *chooser(node)]

    return of


def called(function: Any) -> str:
    """The name of the function or method that is called; empty when it has none."""
    name: str = function.attr if function.__class__ is ast.Attribute else getattr(function, "id", "")
    return name
