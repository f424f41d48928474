"""Texts of a hover: Markdown, or plain text for clients that show no Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backend_team.lsp.capabilities import Capabilities
    from backend_team.lsp.convert import JSON

_HEAD: Final = re.compile(r"^\*\*(.+?)\*\*")  # what is bold stands at the beginning of a line


def contents(client: Capabilities, text: str) -> JSON:
    """A text in Markdown as the client shows it."""
    if client.shows_markdown:
        return {"kind": "markdown", "value": text}
    return {"kind": "plaintext", "value": plain(text)}


def plain(text: str) -> str:
    """Markdown of ours without its marks: code is set in, what was bold is not."""
    rows, fence = [], ""
    for row in text.split("\n"):
        if fence and row != fence:
            rows.append(f"    {row}".rstrip())
        elif fence:
            fence = ""
        elif row.startswith("```"):
            fence = row[: len(row) - len(row.lstrip("`"))]
        else:
            rows.append(_HEAD.sub(r"\1", row))
    return "\n".join(rows)
