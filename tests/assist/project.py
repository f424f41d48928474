"""A desk to work at in tests: a project, a state folder, a provider, and assistants that belong together."""

from __future__ import annotations

import ast
import asyncio
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backend_team.assist.service import Assist
from backend_team.assist.suggestion import SuggestionRequest
from backend_team.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backend_team.assist.suggestion import Suggestion
    from tests.assist.loopback import Loopback

REASON = "price_order is too complex (20 > 10)"


class Desk:
    """Everything a test of suggestions needs."""

    def __init__(self, root: Path, state: Path, provider: Loopback) -> None:
        self.root = root
        self.state = state
        self.provider = provider
        self.path = root / "shop" / "pricing.py"
        self.progress: list[str] = []
        self._open: list[Assist] = []
        self.environ = {
            "BACKEND_TEAM_ANTHROPIC_KEY": "key-of-claude",
            "BACKEND_TEAM_ANTHROPIC_BASE_URL": provider.anthropic_url,
        }

    def with_openai(self, base_url: str | None = None) -> Desk:
        """OpenAI gets a key and an address too, that of the same server unless given."""
        self.environ |= {
            "BACKEND_TEAM_OPENAI_KEY": "key-of-openai",
            "BACKEND_TEAM_OPENAI_BASE_URL": base_url or self.provider.openai_url,
        }
        return self

    def assist(self, **overrides: Any) -> Assist:
        """Another assistant on the same state folder."""
        made = Assist.open(self.state, self.environ, overrides)
        self._open.append(made)
        return made

    def request(self, text: str | None = None, symbol: str = "price_order") -> SuggestionRequest:
        """A request for a function of the file, with the text it has on disk or another."""
        text = self.path.read_text() if text is None else text
        return request_for(text, symbol, self.path, self.root)

    async def suggest(self, assist: Assist, text: str | None = None) -> Suggestion:
        """Ask for a refactoring of `price_order`."""
        return await assist.suggest(self.request(text), self.progress.append)

    def rows(self) -> list[dict[str, Any]]:
        """The ledger as it is on disk, oldest first."""
        database = sqlite3.connect(self.state / "ai" / "ledger.db")
        try:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute("SELECT * FROM calls ORDER BY rowid")]
        finally:
            database.close()

    def statuses(self) -> list[str]:
        """How the rows of the ledger ended."""
        return [row["status"] for row in self.rows()]

    async def aclose(self) -> None:
        """Close every assistant."""
        for assist in self._open:
            await assist.aclose()


def request_for(text: str, symbol: str, path: Path, root: Path | None) -> SuggestionRequest:
    """A request for the function of a (dotted) name in a text."""
    source = Source(str(path), text, 1)
    body: list[ast.stmt] = ast.parse(text).body
    node: Any = None
    for name in symbol.split("."):
        node = next(item for item in body if getattr(item, "name", None) == name)
        body = node.body
    first = min([node, *node.decorator_list], key=lambda part: part.lineno)
    column = first.col_offset - (first is not node)  # the @
    span = Span(
        source.lines.from_utf8(first.lineno - 1, column),
        source.lines.from_utf8(node.end_lineno - 1, node.end_col_offset),
    )
    return SuggestionRequest(path, root, source, span, symbol, REASON)


async def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def dollars(nano: int) -> Decimal:
    """A cost of the ledger in US dollars."""
    return Decimal(nano) / 10**9
