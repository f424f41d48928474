"""What a check of the whole module sees: its blocks, in order, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from backend_team.checks.import_order import ImportLine
    from backend_team.checks.view import BlockKind, ImportedName
    from backend_team.text import Span


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class that a block consists of; `plain` when no decorator stands above it."""

    name: str
    span: Span
    plain: bool


class Facts(Protocol):
    """What is known of a block from its text alone; `lines` when it is nothing but imports."""

    @property
    def lines(self) -> tuple[ImportLine, ...]: ...
    @property
    def definition(self) -> Definition | None: ...
    @property
    def bound(self) -> Mapping[str, str | None]: ...
    @property
    def exported(self) -> AbstractSet[str]: ...
    @property
    def imports(self) -> tuple[ImportedName, ...]: ...
    @property
    def used(self) -> AbstractSet[str]: ...


class Analysis(Protocol):
    """The analysis of a block."""

    @property
    def facts(self) -> Facts: ...


class Block(Protocol):
    """A block: a statement of the module, the head of a class or one of its members; `error` when it doesn't parse."""

    @property
    def kind(self) -> BlockKind: ...
    @property
    def text(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def error(self) -> object | None: ...
    @property
    def analysis(self) -> Analysis: ...
