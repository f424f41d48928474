"""Disable and explain a rule; restart and status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from backend_team.errors import SettingsError
from backend_team.lsp.settings_edit import ignoring, leaving_out
from backend_team.settings import Resolver
from tests.protocol.client import CAPABILITIES, Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEYS = "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"
RULE = "dict-keys-iteration"
REST = "\n[tool.ruff]\nline-length = 99\n"
CREATES = CAPABILITIES | {
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}, "configuration": True}
}


def action(client: Client, title: str) -> dict[str, Any]:
    (found,) = [one for one in client.actions(client.uri("a.py"), 1, 14) if one["title"] == title]
    return found


def resolved(client: Client, title: str) -> dict[str, Any]:
    edit: dict[str, Any] = client.request("codeAction/resolve", action(client, title))["edit"]
    return edit


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("backend-team.toml", "", f'ignore = ["{RULE}"]\n'),
        (
            "backend-team.toml",
            "# ours\nselect = ['all']  # all\n",
            f"# ours\nselect = ['all']  # all\nignore = [\"{RULE}\"]\n",
        ),
        ("backend-team.toml", "select = ['a']\r\n", f"select = ['a']\r\nignore = [\"{RULE}\"]\r\n"),
        ("backend-team.toml", "ignore = ['a']  # why\n", f"ignore = ['a', \"{RULE}\"]  # why\n"),
        (
            "backend-team.toml",
            'ignore = [\n    "a",  # one\n    "b", # two\n]\nselect = ["all"]\n',
            f'ignore = [\n    "a",  # one\n    "b", # two\n    "{RULE}",\n]\nselect = ["all"]\n',
        ),
        (
            "pyproject.toml",
            f'[project]\nname = "x"\n\n[tool.backend-team]\n# ours\nselect = ["all"]\n{REST}',
            f'[project]\nname = "x"\n\n[tool.backend-team]\n# ours\nselect = ["all"]\nignore = ["{RULE}"]\n{REST}',
        ),
        (
            "pyproject.toml",
            '[tool.backend-team.severity]\nunused-import = "error"\n',
            None,
        ),
        ("pyproject.toml", '[tool]\nbackend-team = { select = ["all"] }\n', None),
        ("pyproject.toml", 'tool.backend-team.select = ["all"]\n', None),
        ("backend-team.toml", f'ignore = ["{RULE}"]\n', f'ignore = ["{RULE}"]\n'),
    ],
)
def test_a_rule_goes_into_the_settings(tmp_path: Path, name: str, before: str, after: str | None) -> None:
    found = ignoring(tmp_path / name, before, RULE)
    if after is not None:
        assert found == after
    assert RULE in found
    assert ignoring(tmp_path / name, found, RULE) == found


LEFT_OUT = f'{{ ignore = ["{RULE}"] }}  # reason: to be said'


@pytest.mark.parametrize(
    ("name", "file", "before", "after"),
    [
        ("backend-team.toml", "a.py", "", f'[per-path]\n"/a.py" = {LEFT_OUT}\n'),
        (
            "backend-team.toml",
            "shop/[a].py",
            '[per-path]\n"tests/**" = { ignore = ["a"] }  # why\n',
            f'[per-path]\n"tests/**" = {{ ignore = ["a"] }}  # why\n"shop/\\\\[a\\\\].py" = {LEFT_OUT}\n',
        ),
        (
            "backend-team.toml",
            "shop/a.py",
            '[per-path]\n"shop/a.py" = { ignore = ["a"] }  # why\n',
            f'[per-path]\n"shop/a.py" = {{ ignore = ["a", "{RULE}"] }}  # why\n',
        ),
        (
            "backend-team.toml",
            "shop/a.py",
            '[per-path."shop/a.py"]\nignore = [\n    "a",  # why\n]\n',
            f'[per-path."shop/a.py"]\nignore = [\n    "a",  # why\n    "{RULE}",\n]\n',
        ),
        (
            "pyproject.toml",
            "shop/a.py",
            f'[tool.backend-team]\nselect = ["all"]\n{REST}',
            f'[tool.backend-team]\nselect = ["all"]\n\n[tool.backend-team.per-path]\n"shop/a.py" = {LEFT_OUT}\n{REST}',
        ),
        ("backend-team.toml", "shop/a.py", '[per-path."shop/a.py"]\nselect = ["b"]\n', None),
        ("backend-team.toml", "shop/a.py", 'per-path = { "shop/a.py" = { select = ["b"] } }\n', None),
        ("backend-team.toml", "shop/a.py", 'per-path = { "shop/b.py" = { select = ["b"] } }\n', None),
        ("backend-team.toml", "shop/a.py", 'per-path."shop/b.py".select = ["b"]\n', None),
    ],
)
def test_a_rule_is_left_out_for_a_file(tmp_path: Path, name: str, file: str, before: str, after: str | None) -> None:
    found = leaving_out(tmp_path / name, before, file, RULE)
    if after is not None:
        assert found == after
    assert leaving_out(tmp_path / name, found, file, RULE) == found
    (tmp_path / name).write_text(found)
    settings = Resolver().of(tmp_path / file)
    assert RULE in settings.ignore
    assert RULE not in Resolver().of(tmp_path / "other" / file).ignore


def test_the_reason_is_a_comment(tmp_path: Path) -> None:
    found = leaving_out(tmp_path / "backend-team.toml", "", "shop/a.py", RULE, "old\nclients")
    assert found == f'[per-path]\n"shop/a.py" = {{ ignore = ["{RULE}"] }}  # old clients\n'


@pytest.mark.parametrize("text", ["per-path = 3\n", '[per-path]\n"a/b.py" = 3\n', '[per-path."a/b.py"]\nignore = 3\n'])
def test_damaged_settings_of_paths_are_not_touched(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError):
        leaving_out(tmp_path / "backend-team.toml", text, "a/b.py", RULE)


def test_leave_out_in_an_open_settings_file(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "backend-team.toml").write_text("# saved\n")
    client = start()
    client.open("a.py", KEYS)
    uri, text = client.uri("backend-team.toml"), "# typed\n"
    client.texts[uri], client.versions[uri] = text, 7
    document = {"uri": uri, "languageId": "toml", "version": 7, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    edit = resolved(client, f"Leave {RULE} out for this file in backend-team.toml")
    assert edit["documentChanges"][0]["textDocument"] == {"uri": uri, "version": 7}
    after = client.edited(text, edit["documentChanges"][0]["edits"])
    assert after == f'# typed\n\n[per-path]\n"/a.py" = {LEFT_OUT}\n'
    client.forgo()


@pytest.mark.parametrize("text", ["ignore = 3\n", "ignore = [\n", "ignore = 'a'\n", "[ignore]\na = 1\n"])
def test_damaged_settings_are_not_touched(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError):
        ignoring(tmp_path / "backend-team.toml", text, RULE)


def test_an_action_that_is_a_command_is_complete(client: Client) -> None:
    client.open("a.py", KEYS)
    for title in (f"Explain {RULE}", f"Fix all findings of {RULE} in the workspace"):
        offered = action(client, title)
        assert client.request("codeAction/resolve", offered)["command"] == offered["command"]


def test_disable_in_a_closed_file(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "pyproject.toml").write_text('[tool.backend-team]\nignore = ["unused-import"]  # why\n')
    client = start()
    client.open("a.py", KEYS)
    client.apply(resolved(client, f"Disable {RULE} for this project"))
    assert (folder / "pyproject.toml").read_text() == (
        f'[tool.backend-team]\nignore = ["unused-import", "{RULE}"]  # why\n'
    )
    while client.diagnostics(client.uri("a.py"), 1):
        pass


def test_disable_in_an_open_document(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "backend-team.toml").write_text("# saved\n")
    client = start()
    client.open("a.py", KEYS)
    uri, text = client.uri("backend-team.toml"), "# typed\nignore = []\n"
    client.texts[uri], client.versions[uri] = text, 7
    document = {"uri": uri, "languageId": "toml", "version": 7, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    edit = resolved(client, f"Disable {RULE} for this project")
    assert edit["documentChanges"][0]["textDocument"] == {"uri": uri, "version": 7}
    assert client.edited(text, edit["documentChanges"][0]["edits"]) == f'# typed\nignore = ["{RULE}"]\n'
    client.forgo()


def test_disable_where_there_are_no_settings(folder: Path, start: Callable[..., Client]) -> None:
    client = start(capabilities=CREATES)
    client.open("a.py", KEYS)
    client.apply(resolved(client, f"Disable {RULE} for this project"))
    assert (folder / "backend-team.toml").read_text() == f'ignore = ["{RULE}"]\n'
    while client.diagnostics(client.uri("a.py"), 1):
        pass
    simple = start()
    simple.open("b.py", KEYS)
    (folder / "backend-team.toml").unlink()
    while not simple.diagnostics(simple.uri("b.py"), 1):
        pass
    titles = [one["title"] for one in simple.actions(simple.uri("b.py"), 1, 14)]
    assert not [title for title in titles if title.startswith("Disable")]
    client.forgo()
    simple.forgo()


@pytest.mark.parametrize("shows", [True, False])
def test_explain(folder: Path, start: Callable[..., Client], shows: bool) -> None:
    window = {"workDoneProgress": True, "showDocument": {"support": shows}}
    client = start(capabilities=CAPABILITIES | {"window": window})
    client.open("a.py", KEYS)
    command = action(client, f"Explain {RULE}")["command"]
    client.request("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
    if shows:
        (page,) = client.pages
        assert f"/{RULE}." in page["uri"]
        assert page["external"] is not page["uri"].startswith("file:")
    else:
        assert RULE in client.notification("window/showMessage")["message"]
    with pytest.raises(Refused, match="there is no rule"):
        client.execute("backendTeam.server.showRule", {"rule": "no-rule"})


def test_restart_while_something_runs(folder: Path, start: Callable[..., Client]) -> None:
    for number in range(40):
        text = "".join(f"def f{one}(a):\n    return {number}\n\n\n" for one in range(150))
        (folder / f"m{number}.py").write_text(text + KEYS)
    client = start()
    fixing = client.start_request(
        "workspace/executeCommand",
        {"command": "backendTeam.server.fixWorkspace", "arguments": [{}], "workDoneToken": "t"},
    )
    client.notification("$/progress", lambda params: params["value"].get("percentage", 0) > 0)
    assert client.execute("backendTeam.server.restartAnalysis", {})["files"] == 40
    assert client.answer(fixing)["files"] == 40
    assert ".keys()" not in (folder / "m39.py").read_text()
    client.forgo()


def test_restart_and_status(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "b.py").write_text(KEYS)
    client = start()
    client.open("a.py", KEYS)
    client.change(client.uri("a.py"), insertion(0, 0, "\n"))
    before = client.execute("backendTeam.server.showStatus", {})
    assert before["findings"] == 2
    assert before["files"] == 2
    assert client.execute("backendTeam.server.restartAnalysis", {}) == {"files": 1, "findings": 2, "cancelled": False}
    assert len(client.diagnostics(client.uri("a.py"), 2)) == 1
    assert client.execute("backendTeam.server.showStatus", {}) == before
    client.forgo()
