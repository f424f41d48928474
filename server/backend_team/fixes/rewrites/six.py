"""What `six` says, said in Python 3."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.six_call import ASSERTIONS, ITERATORS, LITERALS, TEMPLATES
from backend_team.checks.six_name import MOVES, NAMES
from backend_team.fixes.code import NoFix
from backend_team.fixes.imports import remove_alias
from backend_team.fixes.rewrites.arguments import opening, slots, tokens, without
from backend_team.fixes.rewrites.literals import bytes_edits
from backend_team.fixes.template import captures_of, spaced, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_CLASS_CHECKS: Final = frozenset({"isinstance", "issubclass"})


def six_name(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say the built-in name: at one place, or at all of them when the import of it goes."""
    places = captures_of(finding.captures)
    if "name" in places:
        read = code.node(places["name"], ast.Attribute)
        known = MOVES if isinstance(read.value, ast.Attribute) else NAMES
        return [spaced(code, Edit(places["name"], _said(known[read.attr], read, _asked(code))))]
    statement = code.node(places["statement"], ast.ImportFrom)
    alias = next(each for each in statement.names if code.span(each) == places["alias"])
    bound = alias.asname or alias.name
    name = (MOVES if statement.module == "six.moves" else NAMES)[alias.name]
    asked = _asked(code)
    edits = []
    for node in ast.walk(code.tree):
        if isinstance(node, ast.JoinedStr) and any(isinstance(e, ast.Name) and e.id == bound for e in ast.walk(node)):
            raise NoFix("the name stands in an f-string")
        if isinstance(node, ast.Name) and node.id == bound:
            if not isinstance(node.ctx, ast.Load):
                raise NoFix("the name is bound elsewhere, too")
            edits.append(spaced(code, Edit(code.span(node), _said(name, node, asked))))
        elif isinstance(node, ast.arg) and node.arg == bound:
            raise NoFix("the name is bound elsewhere, too")
        elif isinstance(node, ast.Constant) and node.value == bound:
            raise NoFix("the name stands in a text")
    if not edits:
        raise NoFix("nothing here reads it: another module may take it from here")
    return [*edits, remove_alias(code, places["statement"], places["alias"])]


def _asked(code: Code) -> set[int]:
    """The identities of what isinstance() and issubclass() are asked for, and of the items of a tuple there."""
    found: set[int] = set()
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CLASS_CHECKS:
            for kinds in node.args[1:]:
                found.add(id(kinds))
                if isinstance(kinds, ast.Tuple):
                    found.update(map(id, kinds.elts))
    return found


def _said(name: str, node: ast.expr, asked: set[int]) -> str:
    return name.strip("(,)") if id(node) in asked else name


def six_call(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say what the function does: captures `call`, and `statement` where it is one."""
    places = captures_of(finding.captures)
    place = places["call"]
    call = code.node(place, ast.Call)
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if isinstance(call.args[0], ast.Starred):
        return [Edit(places["statement"], "raise")]
    items = [code.span(argument) for argument in call.args]
    captures = dict(zip("abc", items, strict=False))
    if name in LITERALS:
        if name in {"b", "ensure_binary"}:
            edits = bytes_edits(code, items[0], "latin-1" if name == "b" else "utf-8")
            return [Edit(Span(place.start, items[0].start), ""), *edits, Edit(Span(items[0].end, place.end), "")]
        return [substitute(code, place, "$a", captures)]
    if name in ASSERTIONS:
        begin = opening(code, call)
        first = slots(code, begin, place.end)[0]
        rest = without(code, begin, place.end, first)
        return [Edit(code.span(call.func), f"{code.of(items[0])}.{name}"), rest]
    template = TEMPLATES[name, len(call.args)]
    if "statement" in places:
        return [substitute(code, places["statement"], template, captures)]
    if name in ITERATORS and _is_advanced(code, call):
        template = f"iter({template})"
    return [substitute(code, place, template, captures)]


def _is_advanced(code: Code, call: ast.Call) -> bool:
    """Whether it stands in next()."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "next" and call in node.args
        for node in ast.walk(code.tree)
    )


def six_class(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say the metaclass in the class, and take away what is for Python 2."""
    places = captures_of(finding.captures)
    edits: list[Edit] = []
    if "decorator" in places:
        edits.append(_without_decorator(code, places["decorator"]))
        if "call" not in places:
            return edits
    owner = class_around(code, places["base" if "base" in places else "call"])
    if "base" in places:
        return [without_base(code, owner, places["base"])]
    call = code.node(places["call"], ast.Call)
    items = [code.of(code.span(argument)) for argument in call.args]
    metaclass = f"metaclass={items[0]}"
    if "decorator" not in places:
        bases = [item for item in items[1:] if item != "object"]
        return [Edit(places["call"], ", ".join([*bases, metaclass]))]
    head = _head(code, owner)
    if head is None:
        return [*edits, Edit(Span(_name_end(code, owner), _name_end(code, owner)), f"({metaclass})")]
    inside = slots(code, *head)
    if not inside:
        return [*edits, Edit(Span(head[0] + 1, head[1] - 1), metaclass)]
    return [*edits, Edit(Span(inside[-1].end, inside[-1].end), f", {metaclass}")]


def remove_decorator(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take a decorator away: capture `decorator`."""
    return [_without_decorator(code, captures_of(finding.captures)["decorator"])]


def _without_decorator(code: Code, decorator: Span) -> Edit:
    """The edit that takes the lines of a decorator away."""
    start, end = code.line_start(decorator.start), code.next_line(decorator.end)
    line = code.text[start:end].replace(code.of(decorator), "", 1).strip()
    if line != "@":
        raise NoFix("something else stands in the line of the decorator")
    return Edit(Span(start, end), "")


def class_around(code: Code, place: Span) -> ast.ClassDef:
    """The class whose head or decorators a place is in."""
    for statement in code.around(place):
        if isinstance(statement, ast.ClassDef):
            return statement
    raise NoFix("the class could not be found")


def without_base(code: Code, owner: ast.ClassDef, base: Span) -> Edit:
    """The edit that takes a base of a class away, with the parentheses when it is all that is in them."""
    head = _head(code, owner)
    if head is None:
        raise NoFix("the bases could not be found")
    if len(slots(code, *head)) == 1:
        return Edit(Span(_name_end(code, owner), head[1]), "")
    return without(code, *head, base)


def _name_end(code: Code, owner: ast.ClassDef) -> int:
    start = code.text.index(owner.name, code.span(owner).start + len("class"))
    return start + len(owner.name)


def _head(code: Code, owner: ast.ClassDef) -> tuple[int, int] | None:
    """Where the parentheses of a class open, and the place behind them; None when it has none."""
    position = _name_end(code, owner)
    while code.text[position] in " \t\\\r\n":
        position += 1
    if code.text[position] != "(":
        return None
    depth = 0
    for token, span in tokens(code, position, code.whole(owner.body[0]).start):
        depth += (token in "([{") - (token in ")]}") if len(token) == 1 else 0
        if not depth:
            return position, span.end
    raise NoFix("the bases could not be told apart")


REWRITES: Final[Mapping[str, Rewrite]] = {
    "remove-decorator": remove_decorator,
    "six-call": six_call,
    "six-class": six_class,
    "six-name": six_name,
}
