"""What a check sees: the text of a block, positions in it, scopes; and what it answers: hits."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backend_team.findings import Safety
    from backend_team.settings import Settings

BlockKind = Literal["statement", "header", "member", "tail"]
ScopeKind = Literal["module", "class", "function"]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(slots=True)
class Hit:
    """A place that offends the rule of a check.

    `message` None means the title of the rule, `safety` None the safety of the rule. `builtins` are built-in names the
    judgement relies on: the hit is dropped where one of them is rebound. `anchor` is a second place whose line can
    carry a suppression, such as the first line of the statement.
    """

    span: Span
    message: str | None = None
    captures: tuple[tuple[str, Span], ...] = ()
    safety: Safety | None = None
    builtins: Iterable[str] = ()
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedName:
    """A name bound by an import at the level of the module, or of a function.

    `shown` is the import as a person would say it; `lines` are those whose suppressions count. `kept` is true when it
    may be wanted though nothing reads it: an alias of the same name, an attempt in `try`, `__future__`, a submodule.
    """

    name: str
    shown: str
    span: Span
    statement: Span
    lines: tuple[int, ...] = ()
    kept: bool = False


@dataclass(slots=True)
class Scope:
    """The names of a function, a class body or the module; comprehensions and lambdas count to the scope around them.

    `bound` counts bindings by name; `kinds` holds what is known of them: a name is a `dict` when each of its bindings
    is known to be one. `stores` are the names bound by plain assignments, for the checks of unused variables.
    """

    kind: ScopeKind
    node: ast.AST | None = None
    parent: Scope | None = None
    bound: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, list[str | None]] = field(default_factory=dict)
    loads: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)  # declared global or nonlocal
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    children: list[Scope] = field(default_factory=list)
    complexity: int = 1

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


class View:
    """A block as a check sees it.

    Positions of `ast` become spans that count from the start of the block. `scope` is the scope of the node at hand.
    """

    __slots__ = ("_first", "_starts", "base", "kind", "lines", "long_strings", "scope", "settings", "text")

    def __init__(self, text: str, lines: LineIndex, first: int, base: int, kind: BlockKind, settings: Settings) -> None:
        self.text = text  # of the block
        self.lines = lines  # of the text that was parsed
        self._first = first  # the number `ast` gives to the line 0 of `lines`
        self._starts = lines.starts
        self.base = base  # the offset of the block in the text of `lines`
        self.kind: BlockKind = kind
        self.settings = settings
        self.scope = Scope("module")
        self.long_strings: list[Span] = []  # strings over several lines: a `#` in them is no comment

    def start(
        self, node: ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.excepthandler | ast.pattern
    ) -> int:
        """Where the node starts."""
        return self.lines.from_utf8(node.lineno - self._first, node.col_offset) - self.base

    def end(
        self, node: ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.excepthandler | ast.pattern
    ) -> int:
        """Where the node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.lines.from_utf8(node.end_lineno - self._first, node.end_col_offset) - self.base

    def span(
        self, node: ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.excepthandler | ast.pattern
    ) -> Span:
        """The place of a node; that of a decorated definition begins at `def` or `class`."""
        return Span(self.start(node), self.end(node))

    def over(self, nodes: Sequence[ast.expr | ast.stmt | ast.keyword | ast.alias]) -> Span:
        """From the start of the first node to the end of the last."""
        return Span(min(map(self.start, nodes)), max(map(self.end, nodes)))

    def whole(self, node: FunctionNode | ast.ClassDef) -> Span:
        """The place of a definition, its decorators and their `@` included."""
        if not node.decorator_list:
            return self.span(node)
        line = node.decorator_list[0].lineno - self._first
        start = self._starts[line] - self.base
        return Span(self.text.index("@", max(start, 0)), self.end(node))

    def of(self, span: Span) -> str:
        """The text of a place."""
        return self.text[span.start : span.end]

    def keyword(self, node: ast.stmt, length: int) -> Span:
        """The first characters of a statement, to mark instead of the whole of it."""
        start = self.start(node)
        return Span(start, start + length)

    def name_of(self, node: FunctionNode | ast.ClassDef) -> Span:
        """The name of a definition."""
        start = self.text.index(
            node.name, self.start(node) + len("def" if isinstance(node, ast.FunctionDef) else "class")
        )
        return Span(start, start + len(node.name))

    def is_elif(self, node: ast.If) -> bool:
        """Whether the statement is written as an `elif` of another."""
        return self.text.startswith("elif", self.start(node))
