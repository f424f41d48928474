"""What is asked of the assistant, what it would cost, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from backend_team.text import Edit, Source, Span


@dataclass(frozen=True, slots=True)
class SuggestionRequest:
    """A function to be refactored.

    `path` is the file's absolute path, `root` the workspace folder, `span` the whole definition with its decorators,
    `symbol` its qualified name, `reason` why (the message of the finding), `notes` what the model should know besides.
    """

    path: Path
    root: Path | None
    source: Source
    span: Span
    symbol: str
    reason: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request would send, where, and what it can cost at most: US dollars, 0 when the answer is in the cache."""

    symbol: str
    provider: str
    model: str
    host: str
    maximum_cost: Decimal
    cached: bool
    redactions: int
    prompt: str
    spent_today: Decimal
    daily_cap: Decimal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A checked answer, bound to the version of the document it was made for.

    `original` and `suggested` are the function before and after, as they stand in the file; `edits` are counted in the
    source of the request. `cost` is what all tries together cost. `checks` says, a sentence each, what was shown.
    """

    id: str
    path: Path
    version: int | None
    symbol: str
    original: str
    suggested: str
    edits: tuple[Edit, ...]
    reason: str
    provider: str
    model: str
    cost: Decimal
    cached: bool
    checks: tuple[str, ...]
