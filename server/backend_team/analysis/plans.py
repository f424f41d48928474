"""Plans: what the walk does at each type of node, put together once for a table of rules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.nodes import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backend_team.analysis.table import Table


# What to do at a node: its rules, or how to choose them, what it means besides its parts, the fields of these. A plain
# tuple, for it is taken apart at every node, and Python does that with a named one several times slower.
Plan = tuple["Sequence[Any] | None", "Callable[[Any], Sequence[Any]] | None", Any, tuple[str, ...]]


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
    elif kind in table.keyed:
        rules, choose = None, _by_key(kind, table)
    is_leaf = kind in (ast.Name, ast.Constant, ast.Attribute)  # the walk knows them
    return rules, choose, meaning, () if is_leaf else fields


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
    methods = table.methods

    def of(node: Any) -> Sequence[Any]:
        function = node.func
        rules = rules_of(node)
        if function.__class__ is ast.Attribute:
            chooser = choosers.get(function.attr)
            owner = function.value
            if owner.__class__ is ast.Name and owner.id in methods:
                rules = [*rules, *methods[owner.id]]
        else:
            chooser = choosers.get(getattr(function, "id", ""))
        return rules if chooser is None else [*rules, *chooser(node)]

    return of


def _called_for_value(node: Any) -> str:
    """What an assignment or a statement calls for its value; empty when it calls nothing."""
    value = node.value
    return called(value.func) if value.__class__ is ast.Call else ""


# The name in a node of each type by which its rules can be told.
_KEYS: Final[Mapping[type[ast.AST], Callable[[Any], str]]] = {
    ast.Assign: _called_for_value,
    ast.Expr: _called_for_value,
    ast.Subscript: lambda node: called(node.value),
}


def _by_key(kind: type[ast.AST], table: Table) -> Callable[[Any], Sequence[Any]]:
    """What chooses the rules for a node of a type: those for all, and those for the name in it."""
    every = table.nodes.get(kind)
    rules_of: Callable[[Any], Sequence[Any]] = (lambda _: ()) if every is None else every.chooser()
    name_of, rules_for = _KEYS[kind], table.keyed[kind].get

    def of(node: Any) -> Sequence[Any]:
        known = rules_for(name_of(node))
        return rules_of(node) if known is None else [*rules_of(node), *known]

    return of


def called(function: Any) -> str:
    """The name of what is called or indexed, without what stands before its dot; empty when it has none."""
    name: str = function.attr if function.__class__ is ast.Attribute else getattr(function, "id", "")
    return name
