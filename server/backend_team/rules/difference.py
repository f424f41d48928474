"""The difference of a pattern and its fix: the smallest parts of the pattern that a fix replaces."""

from __future__ import annotations

import ast
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from backend_team.parsing import syntax_tree
from backend_team.rules.model import Replacement
from backend_team.rules.pattern import hide, modules, parse, reveal, same

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
# What a fix can import: the modules of the standard library, and of those inside others the ones people use.
_MODULES = sys.stdlib_module_names | {
    "collections.abc",
    "concurrent.futures",
    "importlib.metadata",
    "importlib.resources",
    "urllib.parse",
    "urllib.request",
}


class Difference:
    """Replacements with the captures they need, found when they are asked for.

    Raises `SyntaxError` or `ValueError` then, when the fix can't be parsed or differs where nothing can be replaced.
    """

    def __init__(self, pattern: ast.AST, fix: str, number: int = 0) -> None:
        self._pattern = pattern
        self._fix = fix
        self._number = number  # of the pattern in its rule
        self._captured: dict[tuple[int, str], str] = {}
        self._replacements: list[Replacement] = []

    @cached_property
    def tree(self) -> ast.AST:
        """The tree of the fix."""
        return parse(self._fix, alone=True)

    @property
    def captured(self) -> Mapping[tuple[int, str], str]:
        """The names of the captures, such as `@0.1`, by nodes of the pattern: identity and part."""
        return self._found[0]

    @property
    def replacements(self) -> Sequence[Replacement]:
        """What takes the place of each capture."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[Mapping[tuple[int, str], str], Sequence[Replacement]]:
        self._modules = modules(self._pattern)
        self._text = hide(self._fix).strip() + "\n"
        self._compare(self._pattern, self.tree)
        return self._captured, self._replacements

    def _add(self, node: ast.AST, part: str, template: str) -> None:
        name = f"@{self._number}.{len(self._replacements)}"
        self._captured[id(node), part] = name
        self._replacements.append(Replacement(name, template, self._needs(template)))

    def _needs(self, template: str) -> tuple[tuple[str, str], ...]:
        """The attributes of modules that the pattern doesn't name, the longest first."""
        if "." not in template:
            return ()
        try:
            tree = syntax_tree(hide(template).strip())
        except SyntaxError:  # an operator
            return ()
        found: dict[tuple[str, str], None] = {}
        inner: set[ast.AST] = set()  # `collections.abc` in `collections.abc.Mapping`
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node not in inner:
                module = ast.unparse(node.value)
                if module.partition(".")[0] in modules(tree) - self._modules and module in _MODULES:
                    found[module, node.attr] = None
                    inner.add(node.value)
        return tuple(found)

    def _segment(self, node: ast.AST) -> str:
        if isinstance(node, ast.Starred) or not isinstance(node, (ast.expr, ast.stmt, ast.keyword)):
            raise SyntaxError("the fix differs from the pattern in a place that has no text of its own")
        segment = ast.get_source_segment(self._text, node)
        assert segment is not None
        return reveal(segment)

    def _compare(self, old: Any, new: Any) -> None:
        if same(old, new):
            return
        plain = old.__class__ is not new.__class__ or isinstance(old, ast.Name | ast.Constant)
        if plain or self._is_imported(new):
            self._add(old, "", self._segment(new))
            return
        changed = [
            name
            for name in old._fields
            if name != "ctx" and not same(getattr(old, name, None), getattr(new, name, None))
        ]
        if not self._within(old, new, changed):
            self._add(old, "", self._segment(new))

    def _is_imported(self, new: Any) -> bool:
        """Whether it is a name of a module that the pattern doesn't name: it may come to be written without the dot."""
        return isinstance(new, ast.Attribute) and not modules(new) <= self._modules

    def _within(self, old: Any, new: Any, changed: list[str]) -> bool:
        """Go into the parts that differ, when each of them can be replaced by itself."""
        if isinstance(old, ast.Compare) and len(old.ops) == len(new.ops) == 1:
            if "ops" in changed:
                self._add(old, "operator", _OPERATORS[type(new.ops[0])])
            for name in changed:
                if name != "ops":
                    self._parts(getattr(old, name), getattr(new, name))
            return True
        if isinstance(old, ast.Attribute) and "attr" in changed:
            self._add(old, "attr", reveal(new.attr))
            if "value" in changed:
                self._compare(old.value, new.value)
            return True
        values = [(getattr(old, name), getattr(new, name)) for name in changed]
        if not all(_replaceable(before, after) for before, after in values):
            return False
        for before, after in values:
            self._parts(before, after)
        return True

    def _parts(self, before: Any, after: Any) -> None:
        if isinstance(before, list):
            for left, right in zip(before, after, strict=True):
                self._compare(left, right)
        else:
            self._compare(before, after)


def _replaceable(before: Any, after: Any) -> bool:
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_replaceable, before, after))
    placed = ast.expr | ast.stmt | ast.keyword
    return isinstance(before, placed) and isinstance(after, placed)
