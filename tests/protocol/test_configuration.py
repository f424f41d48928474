"""The editor's settings of rules: asked for by folder, below those of the project, changed while the server runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from backend_team.lsp.person import checked
from backend_team.rules.load import load_rules
from tests.protocol.client import CAPABILITIES, Client, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODE = "import os\n\nx = load()\nif x == None:\n    x = 1\n"
BOTH = {"unused-import", "comparison-to-none"}
DYNAMIC = {
    **CAPABILITIES,
    "workspace": {
        **CAPABILITIES["workspace"],
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
}


def codes(items: list[dict[str, Any]]) -> set[str]:
    return {item["code"] for item in items}


def until(client: Client, uri: str, version: int | None, wanted: set[str]) -> None:
    """Read what is published for a document until it is what is wanted."""
    while codes(client.diagnostics(uri, version)) != wanted:
        pass


@pytest.fixture
def begin(folder: Path, start: Callable[..., Client]) -> Callable[..., Client]:
    """Start a server whose client has settings for the folder."""

    def begun(lint: Any, **initialize: Any) -> Client:
        def prepare(client: Client) -> None:
            client.configuration[folder.as_uri()] = {"lint": lint}

        client = start(prepare, **initialize)
        client.forgo()
        return client

    return begun


def change(client: Client, lint: Any) -> None:
    """Change the settings as an editor does that is asked for them."""
    assert client.folder is not None
    client.configuration[client.folder.as_uri()] = {"lint": lint}
    client.notify("workspace/didChangeConfiguration", {"settings": None})


def test_settings_are_asked_for_by_folder(folder: Path, begin: Callable[..., Client]) -> None:
    (folder / "closed.py").write_text(CODE)
    client = begin({"ignore": ["unused-import"]})
    until(client, client.uri("closed.py"), None, {"comparison-to-none"})
    assert codes(client.open("a.py", CODE)) == {"comparison-to-none"}
    assert codes(client.open("untitled:Untitled-1", CODE)) == BOTH  # of no folder
    client.forget("untitled:Untitled-1")
    change(client, {"severity": {"comparison-to-none": "error"}})
    until(client, client.uri("closed.py"), None, BOTH)
    items = client.diagnostics(client.uri("a.py"), 1)
    assert {item["code"]: item["severity"] for item in items}["comparison-to-none"] == 1
    assert codes(items) == BOTH


def test_settings_of_the_project_win_key_by_key(folder: Path, begin: Callable[..., Client]) -> None:
    (folder / "backend-team.toml").write_text('ignore = ["comparison-to-none"]\n')
    client = begin(
        {"ignore": ["unused-import"], "extendSelect": ["print-left"], "severity": {"unused-import": "error"}}
    )
    wanted = {"unused-import", "print-left"}
    uri = client.uri("a.py")
    items = client.open("a.py", CODE + "print(x)\n")
    if codes(items) != wanted:
        items = client.diagnostics(uri, 1)
    assert {item["code"]: item["severity"] for item in items}["unused-import"] == 1
    assert codes(items) == wanted
    (folder / "backend-team.toml").write_text('select = ["comparison-to-none"]\nignore = []\n')
    until(client, uri, 1, {"comparison-to-none"})


def test_settings_can_come_at_the_start_and_unasked(start: Callable[..., Client]) -> None:
    lint = {"ignore": ["unused-import"]}
    client = start(initializationOptions={"lint": lint})
    client.forgo()
    assert codes(client.open("a.py", CODE)) == {"comparison-to-none"}
    assert codes(client.open("untitled:Untitled-1", CODE)) == {"comparison-to-none"}
    client.notify("workspace/didChangeConfiguration", {"settings": {"backendTeam": {"lint": {}}}})
    until(client, client.uri("a.py"), 1, BOTH)
    until(client, "untitled:Untitled-1", 1, BOTH)
    client.forget("untitled:Untitled-1")


def test_what_is_wrong_is_told_once_and_left_out(begin: Callable[..., Client]) -> None:
    lint = {"select": "F401", "ignore": ["unused-import", "unused-imports"], "maxNestin": 3, "standDown": "no"}
    client = begin(lint)
    stand_down = "must be a word that says whether rules leave to Ruff what it checks, one of: auto, never"
    told = [client.notification("window/showMessage")["message"] for _ in range(4)]
    assert told == [
        'backendTeam.lint.select must be a list of strings, for example ["unused-import"]',
        'backendTeam.lint.ignore: there is no rule or category "unused-imports"; did you mean "unused-import"?',
        "there is no setting backendTeam.lint.maxNestin; did you mean backendTeam.lint.maxNesting?",
        f"backendTeam.lint.standDown {stand_down}",
    ]
    assert codes(client.open("a.py", CODE)) == {"comparison-to-none"}
    change(client, {**lint, "targetVersion": "3.12"})  # nothing that was told is told again
    client.change(client.uri("a.py"), insertion(0, 0, "# more\n"))


def test_stand_down_is_the_persons_where_the_project_is_silent(folder: Path, begin: Callable[..., Client]) -> None:
    (folder / "ruff.toml").write_text('lint.select = ["F401"]\n')
    client = begin({"standDown": "never"})
    client.open("a.py", CODE)
    assert client.execute("backendTeam.server.showStatus", {})["standsDown"]["rules"] == 0
    (folder / "backend-team.toml").write_text('stand-down = "auto"\n')
    until(client, client.uri("a.py"), 1, {"comparison-to-none"})


def test_changes_are_registered_for(folder: Path, begin: Callable[..., Client]) -> None:
    client = begin({}, capabilities=DYNAMIC)
    client.open("a.py", CODE)
    assert client.registered["workspace/didChangeConfiguration"] == {"section": "backendTeam"}
    watched = [one["globPattern"] for one in client.registered["workspace/didChangeWatchedFiles"]["watchers"]]
    assert "**/{pyproject,backend-team,ruff,.ruff}.toml" in watched
    assert "**/.backend-team/rules/**" in watched


def test_a_client_that_answers_nothing_holds_nothing_up(start: Callable[..., Client]) -> None:
    def prepare(client: Client) -> None:
        client.silent = {"*"}

    client = start(prepare, capabilities=DYNAMIC)
    assert codes(client.open("a.py", CODE)) == BOTH
    for _ in range(3):
        client.notify("workspace/didChangeConfiguration", {"settings": None})
    found = client.change(client.uri("a.py"), insertion(0, 0, "import re\n"))
    assert [item["code"] for item in found].count("unused-import") == 2
    assert client.log.count(b"did not answer window/workDoneProgress/create in 5 seconds; no progress is shown") == 1
    client.log = b""


def test_a_client_that_cannot_be_asked_is_not_asked(start: Callable[..., Client]) -> None:
    asked: list[str] = []

    def prepare(client: Client) -> None:
        client.heard = asked.append

    plain = {**CAPABILITIES, "workspace": {"workspaceEdit": {"documentChanges": True}}}
    client = start(prepare, capabilities=plain)
    client.open("a.py", CODE)
    assert "workspace/configuration" not in asked
    assert "client/registerCapability" not in asked


@pytest.mark.parametrize(
    ("lint", "values", "complaints"),
    [
        (None, {}, 0),
        ({}, {}, 0),
        ([], {}, 1),
        ({"select": None}, {}, 0),
        ({"select": ["all"]}, {"select": frozenset({"all"})}, 0),
        ({"select": ["nothing-like-it"]}, {}, 1),
        ({"select": []}, {}, 0),
        ({"targetVersion": "3.12", "maxNesting": 4}, {"target_version": (3, 12), "max_nesting": 4}, 0),
        ({"targetVersion": 3.12}, {}, 1),
        ({"severity": {"unused-import": "error", "unused": "hint"}}, {"severity": {"unused-import": "error"}}, 1),
        ({"severity": {"unused-import": "loud"}}, {}, 1),
        ({"baseline": "/etc/passwd", "exclude": ["*"], "extend": "x.toml", "src": [], "perPath": {}}, {}, 5),
    ],
)
def test_settings_are_checked(lint: Any, values: dict[str, Any], complaints: int) -> None:
    found, wrong = checked(lint, load_rules().names)
    assert found == values
    assert len(wrong) == complaints


@pytest.mark.parametrize("answer", [None, {}, {"lint": None}], ids=["nothing", "empty", "no lint"])
@pytest.mark.parametrize("scoped", [True, False], ids=["of the folder", "of all"])
def test_settings_that_are_removed_hold_no_more(
    folder: Path, start: Callable[..., Client], answer: Any, *, scoped: bool
) -> None:
    ignored = {"lint": {"ignore": ["unused-import"]}}
    where = folder.as_uri() if scoped else None
    client = start(lambda one: one.configuration.update({where: ignored}))
    client.forgo()
    uri = client.uri("a.py")
    if codes(client.open("a.py", CODE)) == BOTH:  # nothing waits for the settings
        until(client, uri, 1, {"comparison-to-none"})
    client.configuration[where] = answer
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    until(client, uri, 1, BOTH)


def test_what_was_given_at_the_start_holds_where_nothing_is_set(start: Callable[..., Client]) -> None:
    client = start(initializationOptions={"lint": {"ignore": ["unused-import"]}})
    client.forgo()
    assert codes(client.open("a.py", CODE)) == {"comparison-to-none"}
    client.configuration[None] = {"lint": {"ignore": ["comparison-to-none"]}}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    until(client, client.uri("a.py"), 1, {"unused-import"})
    client.configuration[None] = None
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    until(client, client.uri("a.py"), 1, {"comparison-to-none"})
