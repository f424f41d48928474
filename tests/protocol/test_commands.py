"""Commands: progress, cancel, refusals; AI suggestions against a provider on loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import PATIENCE, Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
CHECK = "backendTeam.server.checkWorkspace"
NONE = "x = load()\nif x == None:\n    x = 1\n"


def progress_of(client: Client, token: str) -> list[dict[str, Any]]:
    """All values of a token, from begin to end."""
    values: list[dict[str, Any]] = []
    while not values or values[-1]["kind"] != "end":
        values.append(client.notification("$/progress", lambda params: params["token"] == token)["value"])
    assert [value["kind"] for value in values] == ["begin", *["report"] * (len(values) - 2), "end"]
    return values


def test_check_workspace_reports_progress(folder: Path, start: Callable[..., Client]) -> None:
    for number in range(40):
        (folder / f"m{number}.py").write_text(NONE)
    client = start()
    for number in range(40):
        client.diagnostics(client.uri(f"m{number}.py"), None)
    client.open("m3.py", "x = 1\n")
    result = client.execute(CHECK, {}, workDoneToken="t")
    assert result == {"files": 40, "findings": 39, "cancelled": False}
    again = [one for one in client.unread if one.get("method") == "textDocument/publishDiagnostics"]
    assert again == [], "what has not changed is not sent again"
    values = progress_of(client, "t")
    assert values[0]["cancellable"] is True
    percentages = [value["percentage"] for value in values[:-1]]
    assert percentages == sorted(percentages)
    assert percentages[-1] == 100


@pytest.mark.parametrize("how", ["window/workDoneProgress/cancel", "$/cancelRequest"])
def test_check_workspace_is_cancelled(folder: Path, start: Callable[..., Client], how: str) -> None:
    for number in range(100):
        (folder / f"m{number}.py").write_text("".join(f"def f{one}(a):\n    return a\n" for one in range(200)))
    client = start()
    number = client.start_request(
        "workspace/executeCommand", {"command": CHECK, "arguments": [{}], "workDoneToken": "t"}
    )
    client.notification("$/progress", lambda params: params["value"]["kind"] == "begin")
    client.notify(how, {"token": "t"} if "Progress" in how else {"id": number})
    result = client.answer(number)
    assert result["cancelled"] is True
    assert result["files"] < 100
    while client.notification("$/progress")["value"]["kind"] != "end":
        pass
    assert client.open("other.py", "x = 1\n") == []


@pytest.mark.parametrize(
    ("command", "argument"),
    [
        ("unknown", {}),
        ("backendTeam.server.fixFile", {}),
        ("backendTeam.server.fixFile", {"uri": 1, "version": 1}),
        ("backendTeam.server.fixFile", {"uri": "file:///nowhere.py", "version": 1}),
        ("backendTeam.server.fixFile", []),
        ("backendTeam.server.runTemplate", {"template": "x"}),
        ("backendTeam.server.acceptSuggestion", {"id": "unknown"}),
        ("backendTeam.server.prepareSuggestion", {"uri": "file:///a.py", "version": 1, "line": 0, "character": 0}),
    ],
)
def test_refusals_say_why(shared: Client, command: str, argument: Any) -> None:
    with pytest.raises(Refused) as refused:
        shared.execute(command, argument)
    assert refused.value.code in (-32602, -32803)
    assert len(str(refused.value)) > 10


class Provider:
    """The provider's process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.assist.loopback", "--port", "0", "--key", "of-the-test"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def fault(self, **fault: Any) -> None:
        body = json.dumps([fault]).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/control/next", body, method="POST")).close()

    def requests(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/control/requests") as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    made = Provider()
    for name in [name for name in os.environ if name.endswith(("ANTHROPIC_API_KEY", "OPENAI_API_KEY"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BACKEND_TEAM_ANTHROPIC_KEY", "of-the-test")
    monkeypatch.setenv("BACKEND_TEAM_ANTHROPIC_BASE_URL", made.url)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    yield made
    made.close()


@pytest.fixture
def pricing(folder: Path, start: Callable[..., Client], provider: Provider) -> tuple[Client, dict[str, Any]]:
    """The sample's pricing module, open, and the place of its too complex function."""
    shutil.copytree(ROOT / "tests" / "editor" / "sample" / "shop", folder / "shop")
    client = start()
    text = (folder / "shop" / "pricing.py").read_text()
    client.open("shop/pricing.py", text)
    line = text[: text.index("def price_order")].count("\n")
    # What closed files hold is not the matter here.
    client.unread = [one for one in client.unread if one.get("method") != "textDocument/publishDiagnostics"]
    return client, {"uri": client.uri("shop/pricing.py"), "version": 1, "line": line + 3, "character": 4}


def test_a_suggestion_from_price_to_accepted(pricing: tuple[Client, dict[str, Any]], provider: Provider) -> None:
    client, place = pricing
    estimate = client.execute("backendTeam.server.prepareSuggestion", place)
    assert estimate["symbol"] == "price_order"
    assert estimate["host"] == provider.url.removeprefix("http://")
    assert estimate["cached"] is False
    assert 0 < estimate["maximumCost"] < estimate["dailyCap"]
    assert provider.requests() == []
    suggestion = client.execute("backendTeam.server.suggestRefactoring", place, workDoneToken="ai")
    assert len(progress_of(client, "ai")) > 2
    assert suggestion["version"] == 1
    assert suggestion["original"] in client.texts[place["uri"]]
    assert 0 < suggestion["cost"] <= estimate["maximumCost"]
    usage = client.notification("backendTeam/usage")
    assert usage["aiRequests"]["used"] == 1
    assert usage["costToday"] == pytest.approx(suggestion["cost"])
    again = client.execute("backendTeam.server.suggestRefactoring", place)
    assert again["cached"] is True
    assert again["cost"] == 0
    assert len(provider.requests()) == 1
    client.notification("backendTeam/usage", lambda params: params["cacheHits"] == 1)
    client.execute("backendTeam.server.acceptSuggestion", {"id": suggestion["id"]})
    assert suggestion["suggested"] in client.texts[place["uri"]]
    left = [item["code"] for item in client.diagnostics(place["uri"], 2)]
    assert "too-complex" not in left
    with pytest.raises(Refused, match="has changed"):
        client.execute("backendTeam.server.acceptSuggestion", {"id": again["id"]})
    with pytest.raises(Refused, match="not known any more"):
        client.execute("backendTeam.server.acceptSuggestion", {"id": suggestion["id"]})


def test_a_suggestion_is_cancelled(pricing: tuple[Client, dict[str, Any]], provider: Provider) -> None:
    client, place = pricing
    provider.fault(delay=30)
    number = client.start_request(
        "workspace/executeCommand",
        {"command": "backendTeam.server.suggestRefactoring", "arguments": [place], "workDoneToken": "ai"},
    )
    client.notification("$/progress", lambda params: params["value"]["kind"] == "report")
    client.notify("window/workDoneProgress/cancel", {"token": "ai"})
    with pytest.raises(Refused) as refused:
        client.answer(number)
    assert refused.value.code == -32800
    while client.notification("$/progress")["value"]["kind"] != "end":
        pass


def test_a_suggestion_for_another_version_is_refused(
    pricing: tuple[Client, dict[str, Any]], provider: Provider
) -> None:
    client, place = pricing
    client.change(place["uri"], insertion(0, 0, "\n"))
    with pytest.raises(Refused) as refused:
        client.execute("backendTeam.server.suggestRefactoring", place)
    assert refused.value.code == -32801
    assert provider.requests() == []
    with pytest.raises(Refused, match="no function here"):
        client.execute("backendTeam.server.prepareSuggestion", place | {"version": 2, "line": 0})


def test_settings_of_the_editor_reach_the_assistant(pricing: tuple[Client, dict[str, Any]], provider: Provider) -> None:
    client, place = pricing

    def choose(**ai: Any) -> None:
        client.notify("workspace/didChangeConfiguration", {"settings": {"backendTeam": {"ai": ai}}})

    choose(anthropic={"model": "claude-of-the-test"})
    assert client.execute("backendTeam.server.prepareSuggestion", place)["model"] == "claude-of-the-test"
    choose(dailyCap=0)
    assert client.execute("backendTeam.server.prepareSuggestion", place)["dailyCap"] == 0
    with pytest.raises(Refused, match="cap"):
        client.execute("backendTeam.server.suggestRefactoring", place)
    assert provider.requests() == []
    choose(antropic={"baseUrl": "x"})
    with pytest.raises(Refused, match="unknown AI setting"):
        client.execute("backendTeam.server.prepareSuggestion", place)
