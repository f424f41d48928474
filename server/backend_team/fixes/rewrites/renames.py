"""Names and forms that changed: exceptions, assertions, annotations, loops that hand on, classes made by a call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.functional_class import fields
from backend_team.checks.old_assertion import ALIASES
from backend_team.checks.outdated_exception import modern
from backend_team.fixes.code import NoFix
from backend_team.fixes.imports import remove_alias
from backend_team.fixes.rewrites.six import class_around, without_base
from backend_team.fixes.template import captures_of, spaced
from backend_team.text import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


def modern_exception(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Say what the exception is called; in a tuple only once: captures `item` and `type`."""
    places = captures_of(finding.captures)
    found = modern(code.node(places["item"], ast.expr), settings.target_version)
    if found is None:
        raise NoFix("the exception could not be read")
    kind = code.node(places["type"], ast.expr)
    if not isinstance(kind, ast.Tuple):
        return [spaced(code, Edit(places["item"], found[0]))]
    old = code.of(places["item"])
    texts = [code.of(code.span(item)) for item in kind.elts]
    return _each_once(code, kind, [found[0] if text == old else text for text in texts])


def each_once(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Name each type of a tuple only once: capture `tuple`."""
    kinds = code.node(captures_of(finding.captures)["tuple"], ast.Tuple)
    return _each_once(code, kinds, [ast.unparse(item) for item in kinds.elts])


def _each_once(code: Code, kinds: ast.Tuple, names: list[str]) -> list[Edit]:
    """The edits that make a tuple one of these names, without what it then has twice."""
    once = list(dict.fromkeys(names))
    place = code.span(kinds)
    if len(once) == 1:
        return [spaced(code, Edit(place, once[0]))]
    if len(once) < len(names):
        return [spaced(code, Edit(place, f"({', '.join(once)})"))]
    return [
        Edit(code.span(item), name)
        for item, name in zip(kinds.elts, names, strict=True)
        if code.of(code.span(item)) != name
    ]


def modern_assertion(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say the assertion by its name: capture `name`."""
    place = captures_of(finding.captures)["name"]
    return [Edit(place, ALIASES[code.of(place)])]


def without_quotes(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the quotes of an annotation away: capture `text`."""
    place = captures_of(finding.captures)["text"]
    node = code.node(place, ast.Constant)
    if "\n" in code.of(place):
        raise NoFix("the text stands on several lines")
    return [spaced(code, Edit(place, str(node.value).strip()))]


def yield_from(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Hand on all of the iterable: captures `statement` and `iterable`."""
    places = captures_of(finding.captures)
    loop = code.node(places["statement"], ast.For)
    value = code.of(places["iterable"])
    bare = isinstance(loop.iter, ast.Tuple) and not value.startswith("(")
    if bare or (("\n" in value or "\r" in value) and value[-1] not in ")]}"):
        value = f"({value})"
    return [Edit(places["statement"], f"yield from {value}")]


def as_class(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write the class: capture `statement`."""
    place = captures_of(finding.captures)["statement"]
    statement = code.node(place, ast.Assign)
    call = statement.value
    target = statement.targets[0]
    assert isinstance(call, ast.Call)
    assert isinstance(target, ast.Name)
    base = code.of(code.span(call.func))
    found = fields(call, base.rpartition(".")[2])
    if found is None:
        raise NoFix("the fields could not be read")
    if code.text[place.end : code.line_end(place.end)].strip().startswith(";"):
        raise NoFix("other code stands in its line")
    indentation = code.indentation(place.start)
    options = [code.of(code.span(each)) for each in call.keywords if each.arg == "total" and len(call.args) == 2]
    if any(name == target.id for name, _ in found):
        raise NoFix("a field has the name of the class")
    lines = [f"class {target.id}({', '.join([base, *options])}):"]
    for name, value in found:
        text = code.of(code.span(value))
        if "\n" in text or "\r" in text:
            raise NoFix("a type stands on several lines")
        lines.append(f"{indentation}    {name}: {text}")
    return [Edit(place, code.line_break.join(lines))]


def one_base_less(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take a base of a class away: capture `base`."""
    base = captures_of(finding.captures)["base"]
    return [without_base(code, class_around(code, base), base)]


def plain_text(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `str`: at one place, or at all of them when the import of the alias goes."""
    places = captures_of(finding.captures)
    if "name" in places:
        return [spaced(code, Edit(places["name"], "str"))]
    statement = code.node(places["statement"], ast.ImportFrom)
    alias = next(each for each in statement.names if code.span(each) == places["alias"])
    bound = alias.asname or alias.name
    edits = []
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Name) and node.id == bound:
            if not isinstance(node.ctx, ast.Load):
                raise NoFix("the name is bound elsewhere, too")
            edits.append(spaced(code, Edit(code.span(node), "str")))
        elif (isinstance(node, ast.arg) and node.arg == bound) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and bound in node.value.split("[")
        ):
            raise NoFix("the name stands elsewhere, too")
    if not edits:
        raise NoFix("nothing here reads it: another module may take it from here")
    return [*edits, remove_alias(code, places["statement"], places["alias"])]


def star(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Unpack types by a star: captures `expression` and `types`."""
    places = captures_of(finding.captures)
    return [Edit(places["expression"], f"*{code.of(places['types'])}")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "as-class": as_class,
    "each-once": each_once,
    "modern-assertion": modern_assertion,
    "modern-exception": modern_exception,
    "one-base-less": one_base_less,
    "plain-text": plain_text,
    "star": star,
    "without-quotes": without_quotes,
    "yield-from": yield_from,
}
