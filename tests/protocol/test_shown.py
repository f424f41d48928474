"""What a diagnostic carries for a client that can show it: tags, and the other place a finding is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TAGGED = "import os\nfrom datetime import datetime\n\nnow = datetime.utcnow()\n"
KEYS = 'prices = {  # 😀\n    "a": 1,\n    "a": 2,\n}\n'
OTHER = {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 7}}


def able(**shown: Any) -> dict[str, Any]:
    """What a client can do that shows this, too."""
    text = CAPABILITIES["textDocument"]
    return CAPABILITIES | {"textDocument": text | {"publishDiagnostics": {"versionSupport": True, **shown}}}


def tags(items: list[dict[str, Any]]) -> dict[str, list[int]]:
    return {item["code"]: item["tags"] for item in items if "tags" in item}


@pytest.mark.parametrize("known", [[1, 2], [2], [], None])
def test_tags_the_client_knows(folder: Path, start: Callable[..., Client], known: list[int] | None) -> None:
    (folder / "b.py").write_text(TAGGED)
    client = start(capabilities=able(**({} if known is None else {"tagSupport": {"valueSet": known}})))
    every = {"unused-import": [1], "naive-utc-time": [2]}
    wanted = {code: numbers for code, numbers in every.items() if numbers[0] in (known or ())}
    found = tags(client.diagnostics(client.uri("b.py"), None))
    assert found == wanted
    assert tags(client.open("a.py", TAGGED)) == wanted


@pytest.mark.parametrize("shows", [True, False])
def test_the_other_place_is_shown(folder: Path, start: Callable[..., Client], shows: bool) -> None:
    (folder / "b.py").write_text(KEYS)
    client = start(capabilities=able(relatedInformation=shows))
    for name, version in (("b.py", None), ("a.py", 1)):
        uri = client.uri(name)
        (item,) = client.diagnostics(uri, None) if version is None else client.open(name, KEYS)
        assert item["code"] == "duplicate-dict-key"
        if shows:
            (other,) = item["relatedInformation"]
            assert other == {"location": {"uri": uri, "range": OTHER}, "message": "the key is here already"}
        else:
            assert "relatedInformation" not in item
