"""The document of our own messages: up to date, complete, and strict about what is not described."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend_team.lsp import protocol, protocol_document
from backend_team.lsp.commands import COMMANDS

HEAD = '"""Title.\n\nSource.\n\nHow."""\n# Commands ---\n'
PAYLOAD = 'class P(TypedDict):\n    """What it is. More."""\n    a: NotRequired[int | None]\n'


def test_it_is_up_to_date() -> None:
    assert protocol_document.main(["--check"]) == 0


def test_every_message_is_in_it() -> None:
    text = protocol_document.document(Path(protocol.__file__).read_text(encoding="utf-8"))
    for name in (*COMMANDS, protocol.STATUS, protocol.USAGE, protocol.CLIENT_SUGGEST_REFACTORING):
        assert text.count(f"### `{name}`\n\n- Direction: ") == 1
    fix = text.partition(f"### `{protocol.FIX_FILE}`")[2].partition("###")[0]
    assert "- Reports progress and can be cancelled." in fix
    assert "[`FixFileParams`](#fixfileparams): Apply all safe fixes to one open document" in fix
    status = text.partition(f"### `{protocol.STATUS}`")[2].partition("###")[0]
    assert "server to client" in status


def test_keys_that_may_be_missing_and_choices() -> None:
    text = protocol_document.document(f'{HEAD}A: Final = "a"  # P -> null\n{PAYLOAD}')
    assert "| `a?` | `int \\| None` |" in text
    assert "- Result: `null`" in text


@pytest.mark.parametrize("row", ['A: Final = "a"', 'A: Final = "a"  # Q -> null', 'A: Final = "a"  # P -> Q'])
def test_what_is_not_described_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=r"not described|no payload"):
        protocol_document.document(f"{HEAD}{row}\n{PAYLOAD}")
