"""What a check sees: the text of a block, positions in it, scopes; and what it answers: hits."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from backend_team.checks.nodes import parents
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backend_team.findings import Safety
    from backend_team.settings import Settings

BlockKind = Literal["statement", "header", "member", "tail"]
ScopeKind = Literal["module", "class", "function"]
Placed = ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.excepthandler | ast.pattern  # has a position
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
ANY_NAME: Final = "*"  # among the names that are read: text is run as code here, so any may be
_KEYWORD: Final = re.compile(r"(?:def|class)[\s\\]+")
_HOOKS: Final = frozenset({"setUpModule", "tearDownModule", "load_tests"})  # unittest looks for them in a module


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must hold of a name: `builtin` (nothing rebinds it), or what all its bindings are.

    That is `dict`, `list`, `set`, `str`, `typing.Optional` for a name imported from there, or `module typing`.
    """

    name: str
    kind: str


def builtin(*names: str) -> tuple[Requirement, ...]:
    """Rely on built-in names."""
    return tuple(Requirement(name, "builtin") for name in names)


def origin(node: ast.expr, names: Mapping[str, Collection[str]]) -> tuple[str, str, Requirement] | None:
    """The module and the name in it that an expression says, and what that relies on; None for anything else.

    `names` are the names looked for, by module: `functools.cache`, or `cache` where it is imported from there.
    """
    if isinstance(node, ast.Attribute):
        owner = node.value
        if isinstance(owner, ast.Name):
            for module, known in names.items():
                if node.attr in known and owner.id in (module, _SHORT.get(module)):
                    return module, node.attr, Requirement(owner.id, f"module {module}")
    elif isinstance(node, ast.Name):
        for module, known in names.items():
            if node.id in known:
                return module, node.id, Requirement(node.id, f"{module}.{node.id}")
    return None


_SHORT: Final = {"typing": "t", "datetime": "dt"}  # what a module is often imported as


@dataclass(slots=True)
class Hit:
    """A place that offends the rule of a check.

    `message` None means the title of the rule, `safety` None the safety of the rule. `requires` is what the judgement
    relies on: the hit is dropped where it doesn't hold. `anchor` is a second place whose line can
    carry a suppression, such as the first line of the statement. `related` are other places worth a look, each with
    what is there.
    """

    span: Span
    message: str | None = None
    captures: tuple[tuple[str, Span], ...] = ()
    safety: Safety | None = None
    requires: tuple[Requirement, ...] = ()
    anchor: int | None = None
    related: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """One of our own suppressions that says something wrong, for the rule that reports it.

    `span` is the comment; `unused` and `unknown` are the ids it names in vain, each with its place, those of no rule
    with the nearest one ("" when none is near). `fault` says what is wrong with the comment itself.
    """

    span: Span
    unused: tuple[tuple[str, Span], ...] = ()
    unknown: tuple[tuple[str, Span, str], ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ImportedName:
    """A name bound by an import at the level of the module, or of a function.

    `shown` is the import as a person would say it. `kept` is true when it
    may be wanted though nothing reads it: an alias of the same name, an attempt in `try`, `__future__`, a submodule, a
    hook that a test runner looks for.
    """

    name: str
    shown: str
    span: Span
    statement: Span
    kept: bool = False


class Scope:
    """The names of a function, a class body or the module; comprehensions and lambdas count to the scope around them.

    `bound` counts bindings by name; `kinds` holds what is known of them: a name is a `dict` when each of its bindings
    is known to be one. `outer` are the names declared global or nonlocal, `attempts` identities of imports inside
    `try`; `opaque` says that locals(), eval() or exec() is called: any name may be read.
    """

    __slots__ = (
        "assignments",
        "attempts",
        "bound",
        "children",
        "complexity",
        "imports",
        "kind",
        "kinds",
        "loads",
        "node",
        "opaque",
        "outer",
        "parent",
    )

    def __init__(self, kind: ScopeKind, node: ast.AST | None = None, parent: Scope | None = None) -> None:
        self.kind: ScopeKind = kind
        self.node = node
        self.parent = parent
        self.bound: dict[str, int] = {}
        self.kinds: dict[str, list[str | None]] = {}
        self.loads: set[str] = set()
        self.outer: set[str] = set()
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.assignments: list[ast.Assign | ast.AnnAssign] = []
        self.attempts: set[int] = set()
        self.opaque = False
        self.children: list[Scope] = []
        self.complexity = 1

    def bind(self, name: str) -> None:
        """Count a binding."""
        self.bound[name] = self.bound.get(name, 0) + 1

    def kind_of(self, name: str) -> str | None:
        """What every binding of the name is known to be."""
        kinds = self.kinds.get(name)
        if not kinds or len(kinds) != self.bound.get(name) or kinds.count(kinds[0]) != len(kinds):
            return None
        return kinds[0]

    def loaded_below(self) -> set[str]:
        """The names read here or in a scope inside."""
        loads = set(self.loads)
        todo = list(self.children)
        while todo:
            scope = todo.pop()
            loads |= scope.loads
            loads |= scope.outer
            todo += scope.children
        return loads


_NO_SCOPE: Final = Scope("module")  # until the walk is in one


class View:
    """A block as a check sees it.

    Positions of `ast` become spans that count from the start of the block. `scope` is the scope of the node at hand.
    """

    __slots__ = (
        "_first",
        "_parents",
        "_starts",
        "base",
        "kind",
        "lines",
        "long_strings",
        "mentioned",
        "nodes",
        "owner",
        "scope",
        "settings",
        "text",
    )

    def __init__(self, text: str, lines: LineIndex, first: int, base: int, kind: BlockKind, settings: Settings) -> None:
        self.text = text  # of the block
        self.lines = lines  # of the text that was parsed
        self._first = first  # the number `ast` gives to the line 0 of `lines`
        self._starts = lines.starts
        self._parents: dict[ast.AST, ast.AST] | None = None
        self.base = base  # the offset of the block in the text of `lines`
        self.kind: BlockKind = kind
        self.settings = settings
        self.scope = _NO_SCOPE
        self.owner = ""  # the class of a member
        self.mentioned: set[str] = set()  # names in strings of annotations, type comments, doctests, fixtures
        self.nodes: Sequence[ast.AST] = ()  # the trees of the block
        self.long_strings: list[Span] = []  # strings over several lines: a `#` in them is no comment

    def start(self, node: Placed) -> int:
        """Where the node starts."""
        return self.lines.from_utf8(node.lineno - self._first, node.col_offset) - self.base

    def end(self, node: Placed) -> int:
        """Where the node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.lines.from_utf8(node.end_lineno - self._first, node.end_col_offset) - self.base

    def span(self, node: Placed) -> Span:
        """The place of a node; that of a decorated definition begins at `def` or `class`."""
        return Span(self.start(node), self.end(node))

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node this one is a part of; None for a statement of the block itself.

        The first call goes through the whole block, so it belongs after whatever rejects at less cost.
        """
        if self._parents is None:
            self._parents = parents(self.nodes)
        return self._parents.get(node)

    def over(self, nodes: Sequence[Placed]) -> Span:
        """From the start of the first node to the end of the last."""
        return Span(min(map(self.start, nodes)), max(map(self.end, nodes)))

    def whole(self, node: FunctionNode | ast.ClassDef) -> Span:
        """The place of a definition, its decorators and their `@` included."""
        if not node.decorator_list:
            return self.span(node)
        line = node.decorator_list[0].lineno - self._first
        start = self._starts[line] - self.base
        return Span(self.text.index("@", max(start, 0)), self.end(node))

    def begin(self, node: ast.stmt | ast.excepthandler) -> int:
        """Where a statement starts, its decorators included."""
        return self.whole(node).start if isinstance(node, (*FUNCTIONS, ast.ClassDef)) else self.start(node)

    def of(self, span: Span) -> str:
        """The text of a place."""
        return self.text[span.start : span.end]

    def keyword(self, node: ast.stmt, length: int) -> Span:
        """The first characters of a statement, to mark instead of the whole of it."""
        start = self.start(node)
        return Span(start, start + length)

    def name_of(self, node: FunctionNode | ast.ClassDef) -> Span:
        """The name of a definition."""
        found = _KEYWORD.search(self.text, self.start(node))
        assert found is not None
        start = found.end()
        return Span(start, start + len(node.name))

    def find(self, keyword: str, start: int, end: int) -> Span:
        """The place of a keyword between two places, comments passed over."""
        for found in re.finditer(rf"#[^\r\n]*|\b({keyword})\b", self.text[start:end]):
            if found[1]:
                return Span(start + found.start(), start + found.end())
        raise ValueError(f"no `{keyword}` here")

    def imported(self, node: ast.Import | ast.ImportFrom) -> list[ImportedName]:
        """The names an import binds."""
        names = []
        statement = self.span(node)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names:
            if alias.name == "*":
                continue
            bound = alias.asname or alias.name.partition(".")[0]
            shown = (
                alias.name if isinstance(node, ast.Import) else f"{'.' * node.level}{node.module or ''}.{alias.name}"
            )
            kept = future or alias.asname == alias.name or (alias.asname is None and "." in alias.name)
            kept = kept or bound in _HOOKS or bound.startswith("pytest_")
            names.append(ImportedName(bound, shown, self.span(alias), statement, kept))
        return names

    def is_elif(self, node: ast.If) -> bool:
        """Whether the statement is written as an `elif` of another."""
        return self.text.startswith("elif", self.start(node))
