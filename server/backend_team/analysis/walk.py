"""The one pass over the tree of a block: all rules, and the facts of the block, in a single loop."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from backend_team.analysis.facts import BlockAnalysis, BlockFacts, FunctionFacts
from backend_team.analysis.matches import hit_of
from backend_team.analysis.outline import definition_of, import_lines, imported_names
from backend_team.analysis.plans import called, plans_of
from backend_team.analysis.settle import candidate_of, outer_names, place_of
from backend_team.analysis.suppressions import silencers, suppressions
from backend_team.checks.meaning import kind_of_annotation, kind_of_value
from backend_team.checks.nodes import TYPE_PARAMETERS, below
from backend_team.checks.view import ANY_NAME, FUNCTIONS, Hit, Scope, View
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from backend_team.analysis.signs import Signs
    from backend_team.analysis.suppressions import Suppression
    from backend_team.analysis.table import Entry, Table

_BRANCHES: Final = frozenset(
    {ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.comprehension, ast.match_case}
)
_WORD: Final = re.compile(r"[^\W\d]\w*")
_TYPE_COMMENT: Final = re.compile(r"#\s*type:\s*(?!ignore)(.+)")
_DOCTEST: Final = re.compile(r"^\s*(?:>>>|\.\.\.) (.*)$", re.MULTILINE)
_TYPING_CALLS: Final = frozenset({"cast", "TypeVar", "NewType", "ForwardRef", "NamedTuple", "TypedDict", "assert_type"})
_READERS: Final = frozenset({"locals", "eval", "exec", "vars"})
_RUNNERS: Final = frozenset({"eval", "exec", "globals"})
_NAMESPACES: Final = frozenset({"dir", "locals", "vars"})  # all names of the module, where it calls them itself
_MEANING_CALLS: Final = _TYPING_CALLS | _READERS | _RUNNERS | _NAMESPACES | {"extend", "append"}
_GENERICS: Final = frozenset({"list", "dict", "set", "frozenset", "tuple", "type", "deque", "defaultdict"})
_LONGEST_NAME: Final = 80
# Before Python 3.12 the parts of an f-string have wrong positions: only their names are read.
_NAME, _CONSTANT, _ATTRIBUTE, _STORE = ast.Name, ast.Constant, ast.Attribute, ast.Store  # looked up for every node
_PLACED_FORMATS: Final = sys.version_info >= (3, 12)


class Walk:
    """One pass over the statements of a block."""

    def __init__(self, table: Table, view: View, root: Scope, signs: Signs) -> None:
        self._table = table
        self._signs = signs
        self._view = view
        self._root = root
        self._plans = plans_of(table, _MEANINGS)
        self._hits: list[tuple[Entry, Hit, Scope]] = []
        self._scopes: list[Scope] = []
        self._functions: list[tuple[Scope, str]] = []
        self._faults: list[tuple[str, Span]] = []
        self._attributes: set[str] = set()
        self._strings: set[str] = set()
        self._used = view.mentioned
        self._exported: set[str] = set()

    def run(self, nodes: Sequence[ast.AST]) -> BlockAnalysis:
        """Analyse the nodes, which are the whole of the block."""
        todo: list[tuple[Scope, Sequence[ast.AST], str]] = [(self._root, nodes, "")]
        while todo:
            scope, body, prefix = todo.pop()
            self._scopes.append(scope)
            self._visit(scope, body, prefix, todo)
        for scope in reversed(self._scopes):  # innermost first: complexity and `global` go outwards
            self._close(scope)
        result = self._result()
        for scope in self._scopes:  # scopes and trees go at once, not with a later collection
            scope.parent = None
            scope.children.clear()
        return result

    def _visit(
        self, scope: Scope, body: Sequence[ast.AST], prefix: str, todo: list[tuple[Scope, Sequence[ast.AST], str]]
    ) -> None:
        """Visit the nodes of one scope; the bodies of scopes inside are put off."""
        self._view.scope = scope
        plans, look = self._plans, self._look
        read, bind, attribute = scope.loads.add, scope.bind, self._attributes.add
        stack: list[Any] = list(body)
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = node.__class__
            if kind is _NAME:  # the leaves first: they are more than half of all nodes
                (bind if node.ctx.__class__ is _STORE else read)(node.id)
            elif kind is _CONSTANT:
                if node.value.__class__ is str:
                    self._string(node)
            elif kind is _ATTRIBUTE:
                attribute(node.attr)
                push(node.value)
            rules, choose, meaning, fields = plans[kind]
            if choose is not None:
                rules = choose(node)
            if rules:
                look(node, rules, scope)
            if meaning is not None and meaning(self, node, scope, stack, prefix, todo):
                continue
            for name in fields:
                value = getattr(node, name)
                if value.__class__ is list:
                    stack += value
                elif value is not None:
                    push(value)

    def _look(self, node: Any, rules: Sequence[Any], scope: Scope) -> None:
        view = self._view
        for entry, check, pattern in rules:
            try:
                if pattern is None:
                    for hit in check(node, view):
                        self._hits.append((entry, hit, scope))
                elif (bindings := pattern.match(node)) is not None:
                    found = hit_of(entry.rule, pattern, node, bindings, view)
                    if found is not None:
                        self._hits.append((entry, found, scope))
            except Exception as error:  # a rule that fails must not take the others along
                self._fault(entry, error, node)

    def _fault(self, entry: Entry, error: Exception, node: Any = None) -> None:
        try:
            span = self._view.span(node)
        except Exception:
            span = Span(0, 0)
        self._faults.append((f'the rule "{entry.rule.id}" failed: {type(error).__name__}: {error}', span))

    # What some nodes mean besides their parts; true when their parts are already on the stack ----------------------

    def _function(self, node: Any, scope: Scope, stack: list[Any], prefix: str, todo: list[Any]) -> bool:
        scope.bind(node.name)
        inner = Scope("function", node, scope)
        scope.children.append(inner)
        arguments = node.args
        stack += node.decorator_list
        stack += arguments.defaults
        stack += arguments.kw_defaults
        if node.returns is not None:
            stack.append(node.returns)
            self._annotation(node.returns)
        self._arguments(arguments, inner, stack)
        self._functions.append((inner, name := prefix + node.name))
        if node.name.startswith("test") or node.decorator_list:  # fixtures of pytest are asked for by their name
            self._used.update(inner.bound)
        todo.append((inner, [*getattr(node, "type_params", ()), *node.body], f"{name}.<locals>."))
        return True

    def _arguments(self, arguments: ast.arguments, inner: Scope, stack: list[Any]) -> None:
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            inner.bind(argument.arg)
            inner.kinds.setdefault(argument.arg, []).append(kind_of_annotation(argument.annotation))
            if (annotation := argument.annotation) is not None:
                self._annotation(annotation)
                stack.append(annotation)
        for starred in (arguments.vararg, arguments.kwarg):
            if starred is not None:
                inner.bind(starred.arg)
                self._annotation(starred.annotation)
                stack.append(starred.annotation)

    def _class(self, node: ast.ClassDef, scope: Scope, stack: list[Any], prefix: str, todo: list[Any]) -> bool:
        scope.bind(node.name)
        inner = Scope("class", node, scope)
        scope.children.append(inner)
        stack += node.decorator_list
        stack += node.bases
        stack += node.keywords
        todo.append((inner, [*getattr(node, "type_params", ()), *node.body], f"{prefix}{node.name}."))
        return True

    def _lambda(self, node: ast.Lambda, scope: Scope, *_: Any) -> bool:
        arguments = node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        for argument in every:
            if argument is not None:
                scope.bind(argument.arg)
        return False

    def _assign(self, node: ast.Assign, scope: Scope, *_: Any) -> bool:
        scope.assignments.append(node)
        for target in node.targets:
            if isinstance(target, ast.Name):
                scope.kinds.setdefault(target.id, []).append(kind_of_value(node.value))
                if target.id == "__all__":
                    self._export(node.value)
        return False

    def _annotated(self, node: ast.AnnAssign, scope: Scope, *_: Any) -> bool:
        if isinstance(node.target, ast.Name):
            scope.assignments.append(node)
            scope.kinds.setdefault(node.target.id, []).append(kind_of_annotation(node.annotation))
            if node.target.id == "__all__" and node.value is not None:
                self._export(node.value)
        self._annotation(node.annotation)
        if any(getattr(part, "attr", getattr(part, "id", "")) == "TypeAlias" for part in below(node.annotation)):
            self._annotation(node.value)
        return False

    def _augmented(self, node: ast.AugAssign, scope: Scope, *_: Any) -> bool:
        if isinstance(node.target, ast.Name):
            scope.loads.add(node.target.id)
            if node.target.id == "__all__":
                self._export(node.value)
        return False

    def _call(self, node: ast.Call, scope: Scope, *_: Any) -> bool:
        function = node.func
        name = called(function)
        if name not in _MEANING_CALLS:
            return False
        if name in _TYPING_CALLS:
            self._annotation(node)
        elif name in _READERS and isinstance(function, ast.Name):
            scope.opaque = True
        if name in _RUNNERS and isinstance(function, ast.Name):
            self._used.add(ANY_NAME)
            self._annotation(node)
        elif name in _NAMESPACES and isinstance(function, ast.Name) and not node.args and scope.kind == "module":
            self._used.add(ANY_NAME)
        if name in {"extend", "append"} and isinstance(function, ast.Attribute):
            owner = function.value
            if isinstance(owner, ast.Name) and owner.id == "__all__":
                self._export(node)
        return False

    def _subscript(self, node: ast.Subscript, *_: Any) -> bool:
        value = node.value
        name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
        if name[:1].isupper() or name in _GENERICS:
            self._annotation(node.slice)
        elif name == "modules" and isinstance(node.slice, ast.Name) and node.slice.id == "__name__":
            self._used.add(ANY_NAME)  # the module itself
        return False

    def _formatted(self, node: ast.FormattedValue, scope: Scope, stack: list[Any], *_: Any) -> bool:
        parts = [node.value]
        if isinstance(node.format_spec, ast.JoinedStr):  # the specification is not a string of its own
            parts += [part for part in node.format_spec.values if not isinstance(part, ast.Constant)]
        if _PLACED_FORMATS:
            stack += parts
            return True
        for part in (inner for outer in parts for inner in ast.walk(outer)):
            if isinstance(part, ast.Name):
                scope.loads.add(part.id)
                if isinstance(part.ctx, ast.Store):
                    scope.bind(part.id)
            elif isinstance(part, ast.Attribute):
                self._attributes.add(part.attr)
        return True

    def _joined(self, node: ast.JoinedStr, scope: Scope, stack: list[Any], *_: Any) -> bool:
        if node.lineno != node.end_lineno:
            self._view.long_strings.append(self._view.span(node))
        stack += [part for part in node.values if not isinstance(part, ast.Constant)]
        return True

    def _declared(self, node: ast.Global | ast.Nonlocal, scope: Scope, *_: Any) -> bool:
        scope.outer.update(node.names)
        return True

    def _handler(self, node: ast.ExceptHandler, scope: Scope, *_: Any) -> bool:
        if node.name is not None:
            scope.bind(node.name)
        return False

    def _attempt(self, node: Any, scope: Scope, *_: Any) -> bool:
        if node.handlers:
            scope.attempts.update(id(part) for part in below(node) if isinstance(part, (ast.Import, ast.ImportFrom)))
        return False

    def _delete(self, node: ast.Delete, scope: Scope, *_: Any) -> bool:
        if scope.kind == "module":
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del):
                    scope.bind(part.id)  # from here on it is not what it was bound to
        return False

    def _match_name(self, node: Any, scope: Scope, *_: Any) -> bool:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name is not None:
            scope.bind(name)
        return False

    def _type_parameter(self, node: Any, scope: Scope, *_: Any) -> bool:
        scope.bind(node.name)
        return False

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope, *_: Any) -> bool:
        for alias in node.names:
            name = (alias.asname or alias.name).partition(".")[0]
            scope.bind(name)
            if isinstance(node, ast.Import):
                module = alias.name if alias.asname else name  # `import os.path` binds `os`
                scope.kinds.setdefault(name, []).append(f"module {module}")
            elif not node.level:
                scope.kinds.setdefault(name, []).append(f"{node.module}.{alias.name}")
        scope.imports.append(node)
        return True

    def _string(self, node: Any) -> None:
        value: str = node.value
        if node.lineno != node.end_lineno:
            self._view.long_strings.append(self._view.span(node))
        if len(value) <= _LONGEST_NAME and value.isidentifier():
            self._strings.add(value)
        elif ">>>" in value:
            for line in _DOCTEST.findall(value):
                self._used.update(_WORD.findall(line))

    def _annotation(self, node: ast.AST | None) -> None:
        """Count the names in strings of an annotation as used."""
        if node is None or node.__class__ is ast.Name:
            return
        for part in below(node):
            if part.__class__ is ast.Constant and isinstance(part.value, str):
                self._used.update(_WORD.findall(part.value))

    def _export(self, node: ast.expr) -> None:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                self._exported.add(part.value)

    # The end -------------------------------------------------------------------------------------------------------

    def _close(self, scope: Scope) -> None:
        parent = scope.parent
        if parent is not None and scope.kind == "function" and parent.kind == "function":
            parent.complexity += scope.complexity
        if scope.outer and scope is not self._root:
            for name in scope.outer & scope.bound.keys():  # bound elsewhere, and not known as what
                self._root.bind(name)
                if parent is not None and parent is not self._root:
                    parent.bind(name)

    def _late_checks(self) -> None:
        """Run the checks that look at whole scopes and at the text."""
        view, scopes = self._view, self._table.scopes
        for scope in self._scopes:
            view.scope = scope
            for entry, check in scopes[scope.kind, bool(scope.assignments), bool(scope.imports)]:
                self._ask(entry, scope, check, scope, view)
        for entry, text_check, signs in self._signs.texts:
            for sign in signs:
                if sign in view.text:
                    self._ask(entry, self._root, text_check, view)
                    break

    def _ask(self, entry: Entry, scope: Scope, check: Callable[..., Iterable[Hit]], *asked: object) -> None:
        try:
            for hit in check(*asked):
                self._hits.append((entry, hit, scope))
        except Exception as error:
            self._fault(entry, error, scope.node)

    def _result(self) -> BlockAnalysis:
        view = self._view
        if self._signs.suppressions and "type:" in view.text:
            for comment in _TYPE_COMMENT.findall(view.text):
                self._used.update(_WORD.findall(comment))
        self._late_checks()
        asked = self._signs.suppressions
        found = suppressions(view.text, view.nodes, view.begin, view.kind == "header") if asked else ()
        lines = LineIndex(view.text) if found else None
        candidates = []
        for entry, hit, scope in self._hits:
            silenced_by: tuple[int, ...] = ()
            if lines is not None:
                start, end = hit.span
                anchor = start if hit.anchor is None else hit.anchor
                silenced_by = silencers(found, entry.names, [lines.line_of(place) for place in (start, end, anchor)])
            candidate = candidate_of(entry, hit, scope, silenced_by)
            if candidate is not None:
                candidates.append(candidate)
        candidates.sort(key=place_of)
        return BlockAnalysis(tuple(candidates), self._facts(found), tuple(self._faults))

    def _facts(self, found: tuple[Suppression, ...]) -> BlockFacts:
        view = self._view
        root = self._root
        scopes = self._scopes
        at_module = root.kind == "module"
        return BlockFacts(
            {name: root.kind_of(name) for name in root.bound} if at_module else outer_names(scopes),
            frozenset(self._used).union(*[scope.loads for scope in scopes], *[scope.outer for scope in scopes]),
            frozenset(self._attributes),
            frozenset(self._strings),
            frozenset(self._exported),
            imported_names(view, root) if at_module and root.imports else (),
            import_lines(view, root) if root.imports else (),
            definition_of(view),
            tuple(
                [
                    FunctionFacts(scope.node.name, name, view.whole(scope.node), scope.complexity)
                    for scope, name in self._functions
                    if isinstance(scope.node, FUNCTIONS)
                ]
            ),
            found,
        )


_SPECIAL: Final[dict[type[ast.AST], Any]] = {
    ast.FunctionDef: Walk._function,
    ast.AsyncFunctionDef: Walk._function,
    ast.ClassDef: Walk._class,
    ast.Lambda: Walk._lambda,
    ast.Assign: Walk._assign,
    ast.AnnAssign: Walk._annotated,
    ast.AugAssign: Walk._augmented,
    ast.Call: Walk._call,
    ast.Subscript: Walk._subscript,
    ast.FormattedValue: Walk._formatted,
    ast.JoinedStr: Walk._joined,
    ast.Global: Walk._declared,
    ast.Nonlocal: Walk._declared,
    ast.ExceptHandler: Walk._handler,
    ast.MatchAs: Walk._match_name,
    ast.MatchStar: Walk._match_name,
    ast.MatchMapping: Walk._match_name,
    ast.Delete: Walk._delete,
    ast.Try: Walk._attempt,
    ast.TryStar: Walk._attempt,
    ast.Import: Walk._import,
    ast.ImportFrom: Walk._import,
    **dict.fromkeys(TYPE_PARAMETERS, Walk._type_parameter),
}


def _branch(_: Walk, __: Any, scope: Scope, *___: Any) -> bool:
    scope.complexity += 1
    return False


def _handled(walk: Walk, node: ast.ExceptHandler, scope: Scope, *_: Any) -> bool:
    scope.complexity += 1
    return walk._handler(node, scope)


_MEANINGS: Final[dict[type, Any]] = {
    **dict.fromkeys(_BRANCHES, _branch),
    **_SPECIAL,
    ast.ExceptHandler: _handled,
}
