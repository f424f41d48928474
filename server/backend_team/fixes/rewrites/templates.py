"""Rewrites that a template says: what takes the place of the capture `target`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced, substitute
from backend_team.text import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings
    from backend_team.text import Span


_TEMPLATES: Final = {
    "bool-call": "bool($value)",
    "choose": "$name = $then if $test else $otherwise",
    "single-exception": "$item",
}


def _made(template: str) -> Rewrite:
    def rewrite(code: Code, finding: Finding, _: Settings) -> list[Edit]:
        places = captures_of(finding.captures)
        return [substitute(code, places["target"], template, places)]

    return rewrite


def attribute(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `x.name` for `getattr(x, "name")`."""
    places = captures_of(finding.captures)
    return [substitute(code, places["target"], f"$value.{_text(code, places['name'])}", places)]


def assign_attribute(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `x.name = value` for `setattr(x, "name", value)`."""
    places = captures_of(finding.captures)
    return [substitute(code, places["target"], f"$object.{_text(code, places['name'])} = $value", places)]


def get_with_default(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Ask the mapping, with the default."""
    places = captures_of(finding.captures)
    plain = code.of(places["default"]) == "None"
    asked = "$map.get($key)" if plain else "$map.get($key, $default)"
    if "elif" in places:
        return [_in_else(code, places, "" if plain else f", {code.of(places['default'])}")]
    return [substitute(code, places["target"], f"$name = {asked}" if "name" in places else asked, places)]


def _in_else(code: Code, places: Mapping[str, Span], default: str) -> Edit:
    """`else` with the question, for an `elif` and its `else`."""
    target = places["target"]
    choice = code.node(target, ast.If)
    body = choice.body[0]
    if "#" in code.of(target) or body.lineno == choice.lineno:
        raise NoFix("a comment stands there, or code in the line of the condition")
    margin = code.indentation(code.span(body).start)
    asked = f"{code.of(places['name'])} = {code.of(places['map'])}.get({code.of(places['key'])}{default})"
    return Edit(target, f"else:{code.line_break}{margin}{asked}")


def minimum_or_maximum(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say min() or max()."""
    places = captures_of(finding.captures)
    function = "max" if "max" in places else "min"
    return [substitute(code, places["target"], f"$name = {function}($name, $other)", places)]


def any_or_all(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Return any() or all() of what the loop asks."""
    places = captures_of(finding.captures)
    function = "any" if "any-positive" in places else "all"
    test = "not $test" if "all-opposite" in places else "$test"
    template = f"return {function}({test} for $item in $iterable)"
    between = code.text[places["target"].end : places["removed"].start]
    if "#" in between:
        raise NoFix("a comment stands between the loop and the `return`")
    return [substitute(code, places["target"], template, places), code.removal(places["removed"])]


def augmented(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `x += 1` for `x = x + 1`."""
    places = captures_of(finding.captures)
    operator = code.text[places["left"].end : places["value"].start].strip()
    if not operator or operator.strip("+-*/%&|^<>@"):
        raise NoFix("more than the operator stands between the two sides")
    return [substitute(code, places["statement"], f"$name {operator}= $value", places)]


def warning_method(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `warning` for `warn`."""
    return [Edit(captures_of(finding.captures)["name"], "warning")]


def raise_it(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put `raise` before an exception that was only made."""
    start = captures_of(finding.captures)["statement"]
    return [spaced(code, Edit(start, f"raise {code.of(start)}"))]


def raise_again(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `raise` alone."""
    return [Edit(captures_of(finding.captures)["statement"], "raise")]


def return_none(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `return None` for `return`."""
    return [Edit(captures_of(finding.captures)["statement"], "return None")]


def return_alone(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `return` for `raise StopIteration`."""
    return [Edit(captures_of(finding.captures)["statement"], "return")]


def _text(code: Code, place: Span) -> str:
    """The text a literal stands for."""
    value = ast.literal_eval(code.of(place))
    assert isinstance(value, str)
    return value


REWRITES: Final[Mapping[str, Rewrite]] = {
    **{name: _made(template) for name, template in _TEMPLATES.items()},
    "any-or-all": any_or_all,
    "assign-attribute": assign_attribute,
    "attribute": attribute,
    "augmented": augmented,
    "get-with-default": get_with_default,
    "minimum-or-maximum": minimum_or_maximum,
    "raise-again": raise_again,
    "raise-it": raise_it,
    "return-alone": return_alone,
    "return-none": return_none,
    "warning-method": warning_method,
}
