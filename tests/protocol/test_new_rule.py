"""A rule from a selection: its file, its examples, and what no rule can be made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.fixes.examples import complaints
from backend_team.rules.load import load_rule
from tests.protocol.client import CAPABILITIES, Client, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NEW = "backendTeam.server.newRule"
TEXT = """\
import shop


def pay(order, é):
    total = 1
    é = "😀", shop.price(order, total)
    if order.old:
        shop.warn(order)
        return total
    return f"{total}"
"""


def chosen(client: Client, text: str, **more: Any) -> dict[str, Any]:
    """The argument that selects a text."""
    start = TEXT.index(text)

    def place(offset: int) -> tuple[int, int]:
        line = TEXT.count("\n", 0, offset)
        begin = TEXT.rfind("\n", 0, offset) + 1
        return line, len(TEXT[begin:offset].encode("utf-16-le")) // 2

    (line, character), (end_line, end_character) = place(start), place(start + len(text))
    target = {"uri": client.uri("a.py"), "version": 1, "line": line, "character": character}
    return target | {"endLine": end_line, "endCharacter": end_character, **more}


@pytest.mark.parametrize(
    ("text", "metavariables", "pattern"),
    [
        ("shop.price(order, total)", False, "shop.price(order, total)"),
        ("shop.price(order, total)", True, "shop.price($ORDER, $TOTAL)"),
        (" shop.price(order, total)\n", True, "shop.price($ORDER, $TOTAL)"),
        ('é = "😀", shop.price(order, total)', True, '$X1 = "😀", shop.price($ORDER, $TOTAL)'),
        (
            "if order.old:\n        shop.warn(order)\n        return total",
            True,
            "if $ORDER.old:\n    shop.warn($ORDER)\n    return $TOTAL",
        ),
        ("    return total\n", False, "return total"),
    ],
)
def test_a_selection_becomes_a_rule(
    folder: Path, start: Callable[..., Client], text: str, metavariables: bool, pattern: str
) -> None:
    client = start(
        capabilities=CAPABILITIES | {"window": {"workDoneProgress": True, "showDocument": {"support": True}}}
    )
    client.open("a.py", TEXT)
    found = client.execute(NEW, chosen(client, text, id="no-such", metavariables=metavariables))
    path = folder / ".backend-team" / "rules" / "own" / "no-such.yaml"
    assert found == {"uri": path.as_uri(), "id": "no-such"}
    assert [page["uri"] for page in client.pages] == [path.as_uri()]
    rule = load_rule(path)
    assert (rule.id, rule.category) == ("no-such", "own")
    rows = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(row.removeprefix("pattern: ")) for row in rows if row.startswith("pattern: ")] == [pattern]
    assert list(complaints(rule)) == []
    while "no-such" not in [item["code"] for item in client.diagnostics(client.uri("a.py"), 1)]:
        pass
    client.forgo()


def test_what_no_rule_is_made_of(folder: Path, start: Callable[..., Client]) -> None:
    client = start()
    client.open("a.py", TEXT)
    for text, said in (
        ("total = 1\n    é", "not one expression or statement"),
        ("order, total", "not one expression or statement"),
        ("import shop\n\n\ndef pay", "not one expression or statement"),
    ):
        with pytest.raises(Refused, match=said):
            client.execute(NEW, chosen(client, text))
    good = chosen(client, "shop.warn(order)")
    for more, said in (
        ({"id": "No_Print"}, "is not of the form"),
        ({"id": "unused-import"}, "already"),
        ({"category": "../out"}, "is not of the form"),
        ({"version": 2}, "has changed since"),
        ({"metavariables": 1}, "wrong type"),
    ):
        with pytest.raises(Refused, match=said):
            client.execute(NEW, good | more)
    assert not (folder / ".backend-team").exists(), "nothing is written"
    assert client.execute(NEW, good | {"id": "no-warn"})["id"] == "no-warn"
    written = (folder / ".backend-team" / "rules" / "own" / "no-warn.yaml").read_bytes()
    with pytest.raises(Refused, match="is there already"):
        client.execute(NEW, good | {"id": "no-warn"})
    assert (folder / ".backend-team" / "rules" / "own" / "no-warn.yaml").read_bytes() == written
    client.forgo()


def test_it_is_offered_for_a_selection_alone(folder: Path, start: Callable[..., Client]) -> None:
    client = start()
    client.open("a.py", TEXT)
    uri = client.uri("a.py")

    def offered(text: str, **context: Any) -> list[dict[str, Any]]:
        target = chosen(client, text)
        first = {"line": target["line"], "character": target["character"]}
        last = {"line": target["endLine"], "character": target["endCharacter"]}
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": first, "end": last},
            "context": {"diagnostics": [], **context},
        }
        found = client.request("textDocument/codeAction", params)
        return [one for one in found if one["kind"] == "refactor.rule"]

    assert offered("") == []
    assert offered("total = 1\n    é") == []
    assert offered("shop.warn(order)", only=["quickfix"]) == []
    assert len(offered("shop.warn(order)", only=["refactor"])) == 1
    (action,) = offered("shop.warn(order)")
    assert "isPreferred" not in action
    for name in ("no-shop-warn-order", "no-shop-warn-order-2"):
        (argument,) = action["command"]["arguments"]
        assert client.execute(action["command"]["command"], argument)["id"] == name
    client.forgo()
