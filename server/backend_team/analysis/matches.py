"""From a matched pattern to a hit: conditions, and places for what the metavariables stand for."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.meaning import boolean_builtins, is_boolean, is_simple, kind_of_value
from backend_team.checks.view import Hit, Placed, Requirement
from backend_team.rules.conditions import INFERRED, Condition
from backend_team.rules.pattern import Attribute, Operator
from backend_team.text import Span

if TYPE_CHECKING:
    from backend_team.checks.view import View
    from backend_team.rules.model import Rule
    from backend_team.rules.pattern import Bindings, Pattern

_EXCEPTIONS: Final = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
)
_OF_MODULES: Final = frozenset({"path", "pattern"})  # kinds that are no built-in types

# Between the two sides of a comparison stand parentheses, comments, line ends and the operator.
_OPERATOR: Final = re.compile(r"#[^\r\n]*|(==|!=|<>|<=|>=|<|>|\bis\b(?:[\s\\]+not\b)?|\bnot[\s\\]+in\b|\bin\b)")


def hit_of(rule: Rule, pattern: Pattern, node: Any, bindings: Bindings, view: View) -> Hit | None:
    """The hit of a match, with what remains to be shown; None when a condition does not hold."""
    requires: list[Requirement] = []
    relied = set(pattern.builtins)
    for condition in rule.where:
        value = bindings.get(condition.metavariable)
        if value is None:  # in another pattern of the rule
            continue
        if condition.is_origin:
            came = _origin(value, condition.kind)
            if came is None:
                return None
            requires.append(came)
        elif isinstance(value, ast.Name) and condition.kind in INFERRED:
            requires.append(Requirement(value.id, condition.kind))  # the scopes know what the name stands for
        elif _holds(condition, value):
            relied |= _relied_on(condition, value)
        else:
            return None
    places = ((name, _span(value, view)) for name, value in bindings.items())
    captures = tuple((name, span) for name, span in places if span is not None)
    requires += [Requirement(name, "builtin") for name in sorted(relied)]
    requires += [Requirement(name, f"module {name}") for name in sorted(pattern.modules)]
    return Hit(_mark(node, view), captures=captures, requires=tuple(requires))


def _origin(value: Any, name: str) -> Requirement | None:
    """What has to hold for the expression to mean a name of a module; None when it means something else."""
    module, _, last = name.rpartition(".")
    if isinstance(value, ast.Name):
        return Requirement(value.id, name)
    if not isinstance(value, ast.Attribute) or value.attr != last:
        return None
    owner = value.value
    if isinstance(owner, ast.Name):
        return Requirement(owner.id, module if "." in module else f"module {module}")
    package, _, inner = module.rpartition(".")
    if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.attr == inner:
        return Requirement(owner.value.id, f"module {package}")
    return None


def _relied_on(condition: Condition, value: ast.expr) -> set[str]:
    """The built-in names on which it rests that the condition holds."""
    if condition.kind == "boolean":
        return boolean_builtins(value)
    if condition.kind in INFERRED and isinstance(value, ast.Call):
        return {condition.kind} - _OF_MODULES
    return {value.id} if condition.kind == "exception" and isinstance(value, ast.Name) else set()


def _holds(condition: Condition, value: Any) -> bool:
    if not isinstance(value, ast.expr):
        return False
    if condition.kind in INFERRED:
        held = kind_of_value(value) == condition.kind
    elif condition.kind == "name":
        held = isinstance(value, ast.Name)
    elif condition.kind == "constant":
        held = isinstance(value, ast.Constant)
    elif condition.kind == "literal":
        held = _is_literal(value)
    elif condition.kind == "exception":
        held = isinstance(value, ast.Name) and value.id in _EXCEPTIONS
    elif condition.kind == "simple":
        held = is_simple(value)
    else:
        held = is_boolean(value)
    return held != condition.negated


def _is_literal(node: ast.expr) -> bool:
    kinds = (str, bytes, int, float, complex)
    return isinstance(node, ast.Constant) and isinstance(node.value, kinds) and not isinstance(node.value, bool)


def _mark(node: Any, view: View) -> Span:
    """What is underlined: an expression, or a statement without its body."""
    body = getattr(node, "body", None)
    span = view.span(node)
    if not isinstance(body, list) or not body or isinstance(node, ast.expr):
        return span
    header = view.text[span.start : view.start(body[0])]
    colon = header.rfind(":")
    return Span(span.start, span.start + colon) if colon > 0 else span


def _span(value: Any, view: View) -> Span | None:
    if isinstance(value, list):
        return view.over(value) if value else None
    if isinstance(value, Operator):
        return operator_span(value.comparison, view)
    if isinstance(value, Attribute):
        end = view.end(value.node)
        return Span(end - len(value.node.attr), end)
    return view.span(value) if isinstance(value, Placed) else None


def operator_span(node: ast.Compare, view: View) -> Span:
    """The place of the operator of a comparison of two."""
    start = view.end(node.left)
    for found in _OPERATOR.finditer(view.text, start, view.start(node.comparators[0])):
        if found[1]:
            return Span(found.start(1), found.end(1))
    raise ValueError("a comparison without operator")
