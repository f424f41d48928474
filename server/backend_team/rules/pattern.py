"""Patterns: Python with metavariables, compiled to a matcher over `ast`.

`$X` stands for one expression or one name, `$$X` for any number of statements or arguments. The same metavariable
twice must stand for the same code. A pattern is one expression or one statement.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from backend_team.parsing import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.rules.difference import Difference

ONE: Final = "one_metavariable_"
MANY: Final = "many_metavariable_"
_METAVARIABLE: Final = re.compile(r"(\$\$?)([A-Z][A-Z0-9_]*)")
_HIDDEN: Final = re.compile(f"({ONE}|{MANY})([A-Z][A-Z0-9_]*)")
_BUILTINS: Final = frozenset(vars(builtins))

# What a match binds: metavariables to what they stand for, and `@n` to what a fix replaces. An operator has no
# position of its own in `ast`, so it is bound as the comparison it belongs to (see `Operator`).
Bindings = dict[str, Any]
_Matcher = Callable[[Any, Bindings], bool]


class Operator:
    """The only operator of a comparison, as a thing that can be captured."""

    __slots__ = ("comparison",)

    def __init__(self, comparison: ast.Compare) -> None:
        self.comparison = comparison


class Attribute:
    """The name behind the dot, as a thing that can be captured."""

    __slots__ = ("node",)

    def __init__(self, node: ast.Attribute) -> None:
        self.node = node


def parse(text: str, alone: bool = False) -> ast.expr | ast.stmt:
    """The tree of a pattern, its metavariables hidden in names; raises `SyntaxError` when it is none.

    `alone` allows a metavariable alone, as a fix may be.
    """
    hidden = hide(text)
    body = syntax_tree(hidden.strip() + "\n").body
    if len(body) != 1:
        raise SyntaxError("a pattern is exactly one expression or one statement")
    statement = body[0]
    root = statement.value if isinstance(statement, ast.Expr) else statement
    if not alone and isinstance(root, ast.Name) and _HIDDEN.fullmatch(root.id):
        raise SyntaxError("a pattern must say more than one metavariable")
    return root


def hide(text: str) -> str:
    """The text with `$X` and `$$X` written as names that parse."""
    return _METAVARIABLE.sub(lambda found: (MANY if found[1] == "$$" else ONE) + found[2], text)


def reveal(text: str) -> str:
    """The text with the hidden metavariables written as `$X` and `$$X` again."""
    return _HIDDEN.sub(lambda found: ("$$" if found[1] == MANY else "$") + found[2], text)


def metavariables(text: str) -> set[str]:
    """The names of the metavariables of a pattern, without their `$`."""
    return {found[2] for found in _METAVARIABLE.finditer(text)}


class Pattern:
    """A pattern, compiled when it is first tried: most of a catalogue never is.

    `root` is the node type it can match, `tree` what it is compiled from; `difference` is what its fix changes.
    `called` is the name of the function or method when the pattern is a call, `meant` says it for metavariables.
    `owner` is the name of which any method is called; `assigned` what is called for the value of an assignment.
    """

    def __init__(
        self, tree: ast.expr | ast.stmt, difference: Difference | None = None, meant: Mapping[str, str] | None = None
    ) -> None:
        self.tree = tree
        self.root: type[ast.AST] = type(tree)
        self.called = _called(tree, meant or {})
        self.owner = _owner(tree) if self.called is None else None
        self.assigned = _called(tree.value, {}) if isinstance(tree, ast.Assign) else None
        self.difference = difference
        self._match: _Matcher = self._first_match

    def compile(self) -> None:
        """Compile it now; raises `SyntaxError` or `ValueError` when it or its fix can't be used."""
        self._match = _compile(self.tree, self.difference.captured if self.difference is not None else {})

    def _first_match(self, node: ast.AST, bindings: Bindings) -> bool:
        self.compile()
        return self._match(node, bindings)

    @cached_property
    def builtins(self) -> frozenset[str]:
        """The built-in names that it and its fix rely on: where one means something else is no match."""
        trees = (self.tree, *(() if self.difference is None else (self.difference.tree,)))
        return _BUILTINS & {node.id for tree in trees for node in ast.walk(tree) if type(node) is ast.Name}

    @cached_property
    def modules(self) -> frozenset[str]:
        """The modules of the standard library it relies on in the same way: `math` in `math.log($X)`."""
        return modules(self.tree)

    def match(self, node: ast.AST) -> Bindings | None:
        """What the metavariables and captures stand for when the node matches, None when it doesn't."""
        bindings: Bindings = {}
        return bindings if self._match(node, bindings) else None


def modules(tree: ast.AST) -> frozenset[str]:
    """The modules of the standard library whose attributes are named."""
    owners = (node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return frozenset(node.id for node in owners if isinstance(node, ast.Name) and node.id in sys.stdlib_module_names)


def _called(tree: ast.AST, meant: Mapping[str, str]) -> str | None:
    """The name of the function or method of a pattern that is a call; None when any will do."""
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, (ast.Name, ast.Attribute)):
        return None
    name = tree.func.attr if isinstance(tree.func, ast.Attribute) else tree.func.id
    hidden = _HIDDEN.fullmatch(name)
    return meant.get(hidden[2]) if hidden else name


def _owner(tree: ast.AST) -> str | None:
    """The name of a pattern that calls any method of it; None when it is another pattern."""
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Attribute):
        return None
    owner = tree.func.value
    return owner.id if isinstance(owner, ast.Name) and not _HIDDEN.fullmatch(owner.id) else None


def same(left: Any, right: Any) -> bool:
    """Whether two trees are the same code, wherever they stand."""
    if left.__class__ is not right.__class__:
        return False
    if isinstance(left, ast.AST):
        return all(
            same(getattr(left, name, None), getattr(right, name, None))
            for name in left._fields
            if name not in _IGNORED_FIELDS
        )
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


_IGNORED_FIELDS: Final = frozenset({"ctx", "type_comment", "kind"})


def _compile(tree: Any, captured: Mapping[tuple[int, str], str]) -> _Matcher:
    """The matcher of a tree; the nodes of `captured`, by identity and field, are bound under the names given there."""
    if isinstance(tree, ast.AST):
        matcher = _compile_node(tree, captured)
    elif isinstance(tree, list):
        matcher = _compile_list(tree, captured)
    elif isinstance(tree, str) and (found := _HIDDEN.fullmatch(tree)):
        matcher = _text_metavariable(found[2])
    else:
        matcher = _constant(tree)
    name = captured.get((id(tree), ""))
    return matcher if name is None else _bound(matcher, name)


def _compile_node(tree: Any, captured: Mapping[tuple[int, str], str]) -> _Matcher:
    metavariable = single(tree)
    if metavariable is not None:
        return _expression_metavariable(metavariable)
    kind = tree.__class__
    if kind is ast.Name and not _HIDDEN.fullmatch(tree.id):
        return _name(tree.id)
    if kind is ast.Constant:
        return _constant_node(tree.value)
    parts = [(name, _compile(value, captured)) for name, value in _parts(tree)]
    return _node(kind, parts, captured.get((id(tree), "operator")), captured.get((id(tree), "attr")))


def _parts(tree: Any) -> list[tuple[str, Any]]:
    """The fields of a node in the order they are compared."""
    if isinstance(tree, ast.Call):
        return _call_fields(tree)
    fields = [(name, getattr(tree, name, None)) for name in tree._fields if name not in _IGNORED_FIELDS]
    fields.sort(key=lambda field: _cost(field[1]))
    return fields


def _node(kind: Any, parts: list[tuple[str, _Matcher]], operator: str | None, attribute: str | None) -> _Matcher:
    def matches(node: Any, bindings: Bindings) -> bool:
        if node.__class__ is not kind:
            return False
        for name, matcher in parts:
            if not matcher(getattr(node, name, None), bindings):
                return False
        if operator is not None:
            bindings[operator] = Operator(node)
        if attribute is not None:
            bindings[attribute] = Attribute(node)
        return True

    return matches


def _cost(value: Any) -> int:
    """What is compared first: plain values, for most nodes differ there at little cost; what matches all comes last."""
    if isinstance(value, list):
        return 2
    if isinstance(value, ast.AST):
        return 3 if single(value) is not None else 1
    return 0


def _name(name: str) -> _Matcher:
    def matches(node: Any, bindings: Bindings) -> bool:
        return node.__class__ is ast.Name and node.id == name

    return matches


def _constant_node(expected: Any) -> _Matcher:
    kind = expected.__class__

    def matches(node: Any, bindings: Bindings) -> bool:
        return node.__class__ is ast.Constant and node.value.__class__ is kind and node.value == expected

    return matches


def _call_fields(tree: ast.Call) -> list[tuple[str, Any]]:
    """The fields of a call; `f($$X)` leaves its keywords free."""
    fields: list[tuple[str, Any]] = [("func", tree.func), ("args", tree.args)]
    if not any(_many(argument) for argument in tree.args) or tree.keywords:
        fields.append(("keywords", tree.keywords))
    return fields


def _compile_list(trees: list[Any], captured: Mapping[tuple[int, str], str]) -> _Matcher:
    many = [index for index, tree in enumerate(trees) if _many(tree)]
    if len(many) > 1:
        raise SyntaxError("only one $$ metavariable can stand in a list")
    if not many:
        return _exactly([_compile(tree, captured) for tree in trees])
    place = many[0]
    name = _many(trees[place])
    assert name is not None
    before = [_compile(tree, captured) for tree in trees[:place]]
    after = [_compile(tree, captured) for tree in trees[place + 1 :]]
    take = _take(name)

    def matches(nodes: Any, bindings: Bindings) -> bool:
        end = len(nodes) - len(after)
        return (
            end >= len(before)
            and all(matcher(node, bindings) for matcher, node in zip(before, nodes, strict=False))
            and all(matcher(node, bindings) for matcher, node in zip(after, nodes[end:], strict=True))
            and take(nodes[len(before) : end], bindings)
        )

    return matches


def _exactly(items: list[_Matcher]) -> _Matcher:
    if len(items) == 1:  # most are
        (item,) = items
        return lambda nodes, bindings: len(nodes) == 1 and item(nodes[0], bindings)

    def matches(nodes: Any, bindings: Bindings) -> bool:
        return len(nodes) == len(items) and all(
            matcher(node, bindings) for matcher, node in zip(items, nodes, strict=True)
        )

    return matches


def _take(name: str) -> _Matcher:
    def take(value: Any, bindings: Bindings) -> bool:
        known = bindings.get(name)
        if known is None:
            bindings[name] = value
            return True
        return same(known, value)

    return take


def _expression_metavariable(name: str) -> _Matcher:
    take = _take(name)

    def matches(node: Any, bindings: Bindings) -> bool:
        return isinstance(node, ast.expr) and not isinstance(node, ast.Starred) and take(node, bindings)

    return matches


def _text_metavariable(name: str) -> _Matcher:
    take = _take(name)

    def matches(value: Any, bindings: Bindings) -> bool:
        return isinstance(value, str) and take(value, bindings)

    return matches


def _constant(expected: Any) -> _Matcher:
    kind = expected.__class__

    def matches(value: Any, bindings: Bindings) -> bool:
        return value.__class__ is kind and value == expected

    return matches


def _bound(matcher: _Matcher, name: str) -> _Matcher:
    def matches(node: Any, bindings: Bindings) -> bool:
        if not matcher(node, bindings):
            return False
        bindings[name] = node
        return True

    return matches


def single(tree: ast.AST) -> str | None:
    """The name of the `$` metavariable that a tree is."""
    found = _HIDDEN.fullmatch(tree.id) if isinstance(tree, ast.Name) else None
    return found[2] if found and found[1] == ONE else None


def is_many(tree: Any) -> bool:
    """Whether a tree is a `$$` metavariable."""
    return _many(tree) is not None


def _many(tree: Any) -> str | None:
    """The name of the `$$` metavariable that a tree is."""
    if isinstance(tree, ast.Expr):
        tree = tree.value
    found = _HIDDEN.fullmatch(tree.id) if isinstance(tree, ast.Name) else None
    return found[2] if found and found[1] == MANY else None
