"""The same short session as real editors begin it; `python -m tests.editors.record` recorded their `initialize`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.protocol.client import Client

PROFILES = sorted((Path(__file__).parent / "profiles").glob("*.json"))
TEXT = """\
import sys

totals = {"one": 1}
print("ä😀", totals == None)
for name in totals.keys():
    print(name)
"""
FIXED = TEXT.replace("== None", "is None")
ALL = FIXED.replace("import sys\n\n", "").replace("totals.keys()", "totals")


@pytest.fixture(params=PROFILES, ids=[path.stem for path in PROFILES])
def profile(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What an editor sends as `initialize`."""
    found: dict[str, Any] = json.loads(request.param.read_text())
    return found


def test_a_session(profile: dict[str, Any], start: Callable[..., Client]) -> None:
    client = start(**profile)
    text = profile["capabilities"]["textDocument"]
    assert text["publishDiagnostics"]  # so they are pushed
    assert "diagnosticProvider" not in client.capabilities
    uri = client.uri("a.py")
    found = client.open("a.py", TEXT)
    assert {item["code"] for item in found} == {"unused-import", "comparison-to-none", "dict-keys-iteration"}

    place = next(item["range"]["start"] for item in found if item["code"] == "comparison-to-none")
    shown = client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})["contents"]
    assert shown["kind"] in text["hover"]["contentFormat"]
    assert "comparison-to-none" in shown["value"]

    resolves = "edit" in text["codeAction"].get("resolveSupport", {}).get("properties", ())

    def take(action: dict[str, Any]) -> set[str]:
        """Take an action as the editor does; the rules of what is found afterwards."""
        if resolves:
            client.apply(client.request("codeAction/resolve", action)["edit"])
        else:
            named = {key: action["command"][key] for key in ("command", "arguments")}
            client.request("workspace/executeCommand", named)
        return {item["code"] for item in client.diagnostics(uri, client.versions[uri])}

    fix = client.actions(uri, place["line"], place["character"])[0]
    assert fix["kind"] == "quickfix"
    assert take(fix) == {"unused-import", "dict-keys-iteration"}
    assert client.texts[uri] == FIXED
    (fix_all,) = client.actions(uri, 0, only=["source.fixAll"])
    assert take(fix_all) == set()
    assert client.texts[uri] == ALL
    (client.folder / "a.py").write_text(TEXT)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert {item["code"] for item in client.diagnostics(uri, None)} == {item["code"] for item in found}
    client.forgo()  # that the file was written may be noticed once more
