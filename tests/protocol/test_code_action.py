"""Quick fixes, fix all, suppression, hover: from the squiggle to the changed text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, PATIENCE, Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = """\
totals: dict[str, int] = {}
for name in totals.keys():  # by name 😀
    print(name)
"""
MANY = """\
def f(a, b):
    if a is None:
        return 1
    else:
        return len(f"no")


totals = {}
for name in totals.keys():
    print(name)
if f == None:
    pass
"""


def action(actions: list[dict[str, Any]], beginning: str) -> dict[str, Any]:
    (found,) = [one for one in actions if one["title"].startswith(beginning)]
    return found


def test_quick_fix_round_trip(shared: Client) -> None:
    shared.open("a.py", KEYS)
    uri = shared.uri("a.py")
    listed = shared.actions(uri, 1, 14)
    found = action(listed, "Fix: Iterate over the dictionary")
    assert found["kind"] == "quickfix"
    assert found["isPreferred"] is True
    assert found["diagnostics"][0]["code"] == "dict-keys-iteration"
    assert "edit" not in found
    resolved = shared.request("codeAction/resolve", found)
    shared.apply(resolved["edit"])
    assert shared.texts[uri] == KEYS.replace(".keys()", "")
    assert shared.diagnostics(uri, 2) == []
    assert shared.actions(uri, 1, 14) == []


def test_a_fix_for_review_is_not_preferred(shared: Client) -> None:
    shared.open("a.py", "x = load()\nif x == None: x = 1\n")
    listed = shared.actions(shared.uri("a.py"), 1, 4)
    assert "isPreferred" not in action(listed, "Fix: Compare to None")
    assert not [one for one in listed if one["kind"] == "source.fixAll.backendTeam"]


def test_suppress_here(shared: Client) -> None:
    shared.open("a.py", "x = load()\nif x == None:   # maybe\n    x = 1\nif x == None: x = type(x) == int\n")
    uri = shared.uri("a.py")
    found = action(shared.actions(uri, 1, 4), "Suppress comparison-to-none here")
    shared.apply(shared.request("codeAction/resolve", found)["edit"])
    assert shared.texts[uri].splitlines()[1] == "if x == None:   # maybe  # backend-team: ignore[comparison-to-none]"
    assert [item["range"]["start"]["line"] for item in shared.diagnostics(uri, 2)] == [3, 3]
    for version, rule in enumerate(("comparison-to-none", "type-comparison"), start=3):
        found = action(shared.actions(uri, 3, 4 if version == 3 else 20), f"Suppress {rule} here")
        shared.apply(shared.request("codeAction/resolve", found)["edit"])
        shared.diagnostics(uri, version)
    assert shared.texts[uri].splitlines()[3].endswith("  # backend-team: ignore[comparison-to-none, type-comparison]")
    assert shared.shown[uri] == 0


def test_suppress_with_a_reason(shared: Client) -> None:
    shared.open("a.py", "x = load()\nif x == None:\n    x = 1\n")
    uri = shared.uri("a.py")
    data = action(shared.actions(uri, 1, 4), "Suppress comparison-to-none here")["data"]
    shared.execute("backendTeam.server.applyAction", data | {"reason": "a column,\n  # not a value"})
    line = "if x == None:  # backend-team: ignore[comparison-to-none] a column, not a value"
    assert shared.texts[uri].splitlines()[1] == line
    assert shared.diagnostics(uri, 2) == []
    with pytest.raises(Refused, match="reason"):
        shared.request("codeAction/resolve", {"title": "x", "data": data | {"version": 2, "reason": 3}})


def test_a_place_for_the_reason(start: Callable[..., Client]) -> None:
    workspace = {"workspaceEdit": {"documentChanges": True, "snippetEditSupport": True}, "configuration": True}
    client = start(capabilities=CAPABILITIES | {"workspace": workspace})
    client.open("a.py", "x = load()\nif x == None:\n    x = 1\n")
    uri = client.uri("a.py")
    for where, value in (
        ("here", "  # backend-team: ignore[comparison-to-none] ${1:why}"),
        ("in this file", "# backend-team: ignore-file[comparison-to-none] ${1:why}\n"),
    ):
        found = action(client.actions(uri, 1, 4), f"Suppress comparison-to-none {where}")
        (change,) = client.request("codeAction/resolve", found)["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
        assert [edit["snippet"] for edit in change["edits"]] == [{"kind": "snippet", "value": value}]


def test_fix_all_and_fix_file_agree(shared: Client) -> None:
    uri = shared.uri("a.py")
    shared.open("a.py", MANY)
    found = action(shared.actions(uri, 0, 0, only=["source.fixAll"]), "Fix all safe findings")
    shared.apply(shared.request("codeAction/resolve", found)["edit"])
    shared.diagnostics(uri, 2)
    by_action = shared.texts[uri]
    shared.open("b.py", MANY)
    other = shared.uri("b.py")
    result = shared.execute("backendTeam.server.fixFile", {"uri": other, "version": 1})
    shared.diagnostics(other, 2)
    assert result["applied"] >= 2
    assert shared.texts[other] == by_action != MANY
    assert "totals.keys()" not in by_action
    assert "f == None" in by_action  # for review: never in bulk


def test_fix_file_of_another_version_is_refused(client: Client) -> None:
    client.open("a.py", MANY)
    with pytest.raises(Refused, match="has changed since") as refused:
        client.execute("backendTeam.server.fixFile", {"uri": client.uri("a.py"), "version": 7})
    assert refused.value.code == -32801
    client.refuse_edits = True
    with pytest.raises(Refused, match="did not apply") as refused:
        client.execute("backendTeam.server.fixFile", {"uri": client.uri("a.py"), "version": 1})
    assert refused.value.code == -32801
    assert client.texts[client.uri("a.py")] == MANY


def test_an_action_for_an_old_version_is_refused(shared: Client) -> None:
    shared.open("a.py", KEYS)
    uri = shared.uri("a.py")
    found = action(shared.actions(uri, 1, 14), "Fix: Iterate")
    shared.change(uri, insertion(0, 0, "\n"))
    with pytest.raises(Refused) as refused:
        shared.request("codeAction/resolve", found)
    assert refused.value.code == -32801


def test_a_change_while_the_edit_is_computed(shared: Client) -> None:
    shared.open("a.py", KEYS)
    uri = shared.uri("a.py")
    found = action(shared.actions(uri, 1, 14), "Fix: Iterate")
    number = shared.start_request("codeAction/resolve", found)
    shared.change(uri, insertion(0, 0, "\n"))
    with pytest.raises(Refused) as refused:
        shared.answer(number)
    assert refused.value.code == -32801


@pytest.mark.parametrize("data", [None, {}, {"uri": "file:///nowhere.py"}, {"what": "everything"}, {"version": "1"}])
def test_made_up_actions_are_refused(shared: Client, data: dict[str, Any] | None) -> None:
    shared.open("a.py", KEYS)
    mine = None if data is None else {"what": "fix", "uri": shared.uri("a.py"), "version": 1, "rule": "x", **data}
    with pytest.raises(Refused):
        shared.request("codeAction/resolve", {"title": "Hello", "data": mine})


def test_actions_can_be_listed_by_kind(shared: Client) -> None:
    shared.open("a.py", MANY)
    uri = shared.uri("a.py")
    assert {one["kind"] for one in shared.actions(uri, 8, 14, only=["quickfix"])} == {"quickfix"}
    assert {one["kind"] for one in shared.actions(uri, 8, 14, only=["source"])} == {"source.fixAll.backendTeam"}
    assert shared.actions(uri, 8, 14, only=["refactor.inline"]) == []
    assert shared.actions("file:///nowhere.py", 0) == []


def busy() -> str:
    body = "".join(f"    if a == {n}:\n        a += {n}\n" for n in range(14))
    return f"def busy(a):\n{body}    return a\n\n\ndef calm(a):\n    return a\n"


def test_a_too_complex_function_can_be_refactored(start: Callable[..., Client]) -> None:
    client = start(initializationOptions={"commands": ["other", "backendTeam.suggestRefactoring"]})
    client.open("a.py", busy())
    uri = client.uri("a.py")
    found = action(client.actions(uri, 4, 6), "Suggest a refactoring")
    assert found["kind"] == "refactor.rewrite"
    assert "isPreferred" not in found
    assert found["command"]["command"] == "backendTeam.suggestRefactoring"
    assert found["command"]["arguments"] == [{"uri": uri, "version": 1, "line": 4, "character": 6}]
    assert [one for one in client.actions(uri, 33, 6) if one["kind"] == "refactor.rewrite"] == []


@pytest.mark.parametrize("options", [{}, {"commands": []}, {"commands": "backendTeam.suggestRefactoring"}, None])
def test_a_client_that_cannot_ask_is_offered_no_refactoring(start: Callable[..., Client], options: Any) -> None:
    client = start(initializationOptions=options)
    assert client.open("a.py", busy())
    actions = client.actions(client.uri("a.py"), 4, 6)
    assert not [one for one in actions if one["title"].startswith("Suggest")]


def test_clients_that_resolve_nothing(start: Callable[..., Client]) -> None:
    client = start(capabilities={"workspace": CAPABILITIES["workspace"]})
    client.open("a.py", KEYS)
    uri = client.uri("a.py")
    found = action(client.actions(uri, 1, 14), "Fix: Iterate")
    command = found["command"]
    client.request("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
    assert client.texts[uri] == KEYS.replace(".keys()", "")
    assert client.diagnostics(uri, 2) == []


def test_clients_without_versioned_edits(start: Callable[..., Client]) -> None:
    client = start(capabilities={"textDocument": CAPABILITIES["textDocument"]})
    client.open("a.py", KEYS)
    uri = client.uri("a.py")
    resolved = client.request("codeAction/resolve", action(client.actions(uri, 1, 14), "Fix: Iterate"))
    (edit,) = resolved["edit"]["changes"][uri]
    assert client.edited(KEYS, [edit]) == KEYS.replace(".keys()", "")


def test_what_was_proved_is_told(start: Callable[..., Client]) -> None:
    workspace = {"workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}}}
    client = start(capabilities=CAPABILITIES | {"workspace": workspace})
    client.open("a.py", KEYS)
    edit = client.request("codeAction/resolve", action(client.actions(client.uri("a.py"), 1, 14), "Fix: Iterate"))[
        "edit"
    ]
    (note,) = edit["changeAnnotations"].values()
    assert "comment is kept" in note["description"]
    assert "needsConfirmation" not in note
    assert {one["annotationId"] for one in edit["documentChanges"][0]["edits"]} == set(edit["changeAnnotations"])


def test_hover_explains(shared: Client) -> None:
    shared.open("a.py", KEYS)
    place = {"textDocument": {"uri": shared.uri("a.py")}, "position": {"line": 1, "character": 14}}
    found = shared.request("textDocument/hover", place)
    text = found["contents"]["value"]
    assert found["contents"]["kind"] == "markdown"
    for part in (
        "**Iterate over the dictionary",
        "`dict-keys-iteration`",
        "**Safe to fix**",
        "Before\n```python",
        "After\n",
    ):
        assert part in text
    place["position"] = {"line": 0, "character": 0}
    assert shared.request("textDocument/hover", place) is None
    assert shared.request("textDocument/hover", place | {"textDocument": {"uri": "file:///nowhere.py"}}) is None


def hovered(client: Client, uri: str, line: int, character: int, part: str) -> str:
    """The text of a hover, when a part of it is there: what is proved may be late."""
    place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    deadline = time.monotonic() + PATIENCE
    while True:
        text: str = client.request("textDocument/hover", place)["contents"]["value"]
        if part in text:
            return text
        assert time.monotonic() < deadline, text


def test_hover_says_what_is_proved_here(shared: Client) -> None:
    shared.open("a.py", KEYS)
    uri = shared.uri("a.py")
    text = hovered(shared, uri, 1, 14, "**Proved here**")
    assert "It parses. Every comment is kept. The finding is gone and no other of its rule came." in text
    shared.change(uri, insertion(0, 0, "\n"))
    assert hovered(shared, uri, 2, 14, "**Proved here**") == text


def test_hover_says_why_a_fix_is_withheld(shared: Client) -> None:
    shared.open("a.py", "def f(a):\n    if a is None:\n        return 1\n    else:  # why\n        return 2\n")
    text = hovered(shared, shared.uri("a.py"), 3, 6, "**Left alone here**")
    assert "a comment stands in the line" in text
    assert "**Proved here**" not in text


def test_hover_in_plain_text(start: Callable[..., Client]) -> None:
    hover = {"contentFormat": ["plaintext"]}
    client = start(capabilities=CAPABILITIES | {"textDocument": CAPABILITIES["textDocument"] | {"hover": hover}})
    client.open("a.py", KEYS)
    place = {"textDocument": {"uri": client.uri("a.py")}, "position": {"line": 1, "character": 14}}
    found = client.request("textDocument/hover", place)["contents"]
    assert found["kind"] == "plaintext"
    assert found["value"].startswith("Iterate over the dictionary")
    assert "\n\nBefore\n    " in found["value"]
    assert "**" not in found["value"]
    assert "```" not in found["value"]


def test_a_withheld_fix_says_why_once(shared: Client) -> None:
    shared.open("a.py", "def f(a):\n    if a is None:\n        return 1\n    else:  # why\n        return 2\n")
    uri = shared.uri("a.py")
    found = next(one for one in shared.actions(uri, 3, 6) if one["data"].get("rule") == "else-after-return")
    with pytest.raises(Refused, match="a comment stands in the line") as refused:
        shared.request("codeAction/resolve", found)
    assert refused.value.code == -32802  # editors say nothing of their own
    assert "a comment stands in the line" in shared.notification("window/showMessage")["message"]
    result = shared.execute("backendTeam.server.fixFile", {"uri": uri, "version": 1})
    (withheld,) = result["withheld"]
    assert result["applied"] == 0
    assert withheld["rule"] == "else-after-return"
    assert "a comment stands in the line" in withheld["reason"]


IMPORTS = """\
import sys
import os
from json import loads, dumps

print(sys.path, os.sep, loads)
"""


def test_imports_are_organized(shared: Client) -> None:
    items = shared.open("a.py", IMPORTS)
    assert {item["code"] for item in items} == {"unsorted-imports", "unused-import"}
    uri = shared.uri("a.py")
    (found,) = shared.actions(uri, 0, 0, only=["source.organizeImports"])
    assert found["kind"] == "source.organizeImports.backendTeam"
    shared.apply(shared.request("codeAction/resolve", found)["edit"])
    assert shared.texts[uri] == "import os\nimport sys\nfrom json import loads\n\nprint(sys.path, os.sep, loads)\n"
    assert shared.diagnostics(uri, 2) == []
    assert shared.actions(uri, 0, 0, only=["source.organizeImports"]) == []


def test_every_finding_of_a_rule_in_the_file_is_fixed(shared: Client) -> None:
    text = KEYS + KEYS.replace("totals", "others") + "x = load()\nif x == None: x = 1\n"
    shared.open("a.py", text)
    uri = shared.uri("a.py")
    found = action(shared.actions(uri, 1, 14), "Fix all 2 findings of dict-keys-iteration")
    assert "isPreferred" not in found
    shared.apply(shared.request("codeAction/resolve", found)["edit"])
    assert shared.texts[uri] == text.replace(".keys()", "")
    assert [item["code"] for item in shared.diagnostics(uri, 2)] == ["comparison-to-none"]


def test_a_rule_is_suppressed_in_the_file(shared: Client) -> None:
    shared.open("a.py", KEYS + KEYS.replace("totals", "others"))
    uri = shared.uri("a.py")
    found = action(shared.actions(uri, 1, 14), "Suppress dict-keys-iteration in this file")
    shared.apply(shared.request("codeAction/resolve", found)["edit"])
    assert shared.texts[uri].startswith("# backend-team: ignore-file[dict-keys-iteration]\n")
    assert shared.diagnostics(uri, 2) == []


def test_diagnostics_link_to_the_page_of_their_rule(shared: Client) -> None:
    (item,) = shared.open("a.py", KEYS)
    assert item["codeDescription"]["href"].endswith(("/dict-keys-iteration.md", "/dict-keys-iteration.yaml"))


def test_what_can_t_be_done_is_not_offered(shared: Client) -> None:
    """Nothing can be proved of a file that does not parse; what was found in it may be suppressed all the same."""
    shared.open("a.py", "import os\n\n\ndef f(:\n    pass\n")
    titles = [action["title"] for action in shared.actions(shared.uri("a.py"), 0, 8)]
    assert "Suppress unused-import here" in titles
    assert not [title for title in titles if title.startswith(("Fix: ", "Fix all safe", "Organize"))]
    assert shared.actions(shared.uri("a.py"), 0, 8, only=["source.fixAll"]) == []
    shared.change(shared.uri("a.py"), insertion(3, 6, ")"))
    titles = [action["title"] for action in shared.actions(shared.uri("a.py"), 0, 8)]
    assert {"Fix: Unused import", "Fix all safe findings in this file", "Organize imports"} <= set(titles)
