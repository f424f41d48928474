"""Settings files: what is wrong in them is shown as they are typed, and where they lie when they are closed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.lsp import settings_files, settings_words
from backend_team.lsp.marks import items
from backend_team.rules.load import load_rules
from backend_team.text import LineIndex
from tests.protocol.client import Client, insertion

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = "backend-team.toml"
RULES = load_rules()


def shown(items: list[dict[str, Any]]) -> list[tuple[int, int, int, str]]:
    """Line, first and last column, and the first line of each message."""
    ranges = [(one["range"]["start"], one["range"]["end"]) for one in items]
    assert all(start["line"] == end["line"] for start, end in ranges)
    assert all(one["code"] == "invalid-settings" and one["severity"] == 1 for one in items)
    return [
        (start["line"], start["character"], end["character"], one["message"].partition("\n")[0])
        for one, (start, end) in zip(items, ranges, strict=True)
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (OWN, 'ignroe = ["unused-import"]\n', [(0, 0, 6, 'unknown setting "ignroe"')]),
        (OWN, "# 😀\r\nmax-returns = 0\r\n", [(1, 0, 11, 'setting "max-returns" must be a whole number from 1')]),
        (OWN, "ignore = [", [(0, 10, 10, "invalid TOML: invalid value")]),
        (OWN, '\tignore = ["a" "b"]\n', [(0, 15, 16, "invalid TOML: unclosed array")]),
        (OWN, "a = " + "[" * 50_000, [(0, 0, 50_004, "backend-team.toml is nested too deeply")]),
        (OWN, "#" * 1_000_001, [(0, 0, 1_000_001, "backend-team.toml is too large for settings: 1,000,001 bytes")]),
        (
            OWN,
            'select = ["all"]\nignore = [\n  "😀", "unused-imprt",\n  "nonsense"]\n',
            [
                (3, 3, 11, 'there is no rule or category "nonsense"'),
                (2, 9, 21, 'there is no rule or category "unused-imprt"'),
                (2, 3, 5, 'there is no rule or category "😀"'),
            ],
        ),
        (OWN, 'extend = "../gone.toml"\n', [(0, 0, 6, 'setting "extend" leads outside of the repository')]),
        (OWN, "", []),
        ("pyproject.toml", "[project]\nname = 1\n[tool.other]\nignroe = 1\n", []),
        ("pyproject.toml", "[tool.backend-team]\nignroe = []\n", [(1, 0, 6, 'unknown setting "ignroe"')]),
        ("pyproject.toml", "[project\n", []),  # somebody else's business
        ("part/pyproject.toml", "tool.backend-team = 1\n", [(0, 5, 17, '"tool.backend-team" must be a table')]),
        ("untitled.toml", None, []),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(
    shared: Client, name: str, text: str | None, expected: list[tuple[int, int, int, str]]
) -> None:
    uri = shared.uri(name)
    if text is None:  # no file of settings: nothing is said of it
        shared.notify("textDocument/didOpen", {"textDocument": document(uri, "ignroe = 1")})
        shared.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        return
    (shared.folder / ".git").mkdir(exist_ok=True)  # type: ignore[operator]
    found = shown(shared.open_as("toml", uri, text))
    shared.forget(uri)
    assert found == expected


def test_it_is_none_of_python_whatever_the_client_calls_it(shared: Client) -> None:
    text = "[tool.backend-team]\nignroe = 1\n"
    (found,) = shared.open_as("python", shared.uri("pyproject.toml"), text)
    assert found["code"] == "invalid-settings"


def document(uri: str, text: str) -> dict[str, Any]:
    return {"uri": uri, "languageId": "toml", "version": 1, "text": text}


@pytest.mark.parametrize(
    ("name", "text", "some", "number"),
    [
        (OWN, "max-c|", "max-complexity", None),
        (OWN, 'ignore = ["unused-i|"]', "unused-import", None),
        (OWN, 'ignore = [\n  "all",\n  "im|"]', "imports", None),
        (OWN, "severity = { unused-i| }", "unused-import", None),
        (OWN, '[severity]\nunused-import = "w|"', "warning", 4),
        (OWN, "[per-path.'tests/**']\nig|", "ignore", 4),
        (OWN, 'exclude = ["im|"]', None, 0),
        (OWN, 'ignore = ["a" # im|', None, 0),
        ("pyproject.toml", "[tool.backend-team]\nmax-c|", "max-complexity", None),
        ("pyproject.toml", "[tool.ruff]\nig|", None, 0),
        ("pyproject.toml", "ig|", None, 0),
    ],
)
def test_completion(shared: Client, name: str, text: str, some: str | None, number: int | None) -> None:
    uri = shared.uri(name)
    before, _, after = text.partition("|")
    shared.open_as("toml", uri, before + after)
    items = shared.completion(uri, before.count("\n"), len(before.rpartition("\n")[2]))
    shared.forget(uri)
    assert number is None or len(items) == number
    if some is not None:
        (chosen,) = [one for one in items if one["label"] == some]
        typed = re.findall(r"[\w-]*$", before)[0]
        start, end = chosen["textEdit"]["range"]["start"], chosen["textEdit"]["range"]["end"]
        assert end["character"] - start["character"] == len(typed)
        assert chosen["textEdit"]["newText"].startswith(some)


def test_it_follows_what_is_typed(shared: Client) -> None:
    uri = shared.uri(OWN)
    assert shared.open_as("toml", uri, 'ignore = ["unused-import"]\n') == []
    (found,) = shown(shared.change(uri, insertion(0, 11, "x")))
    assert found == (0, 11, 25, 'there is no rule or category "xunused-import"')
    assert shared.change(uri, insertion(0, 11, "", 1)) == []
    (found,) = shown(shared.change(uri, {"text": "max-complexity = 'many'\n"}))
    assert found[3] == 'setting "max-complexity" must be a whole number from 1'
    assert shared.change(uri, {"text": "max-complexity = 3\n"}) == []
    shared.forget(uri)


def test_closed_files_show_what_is_wrong_until_it_is_mended(folder: Path, start: Callable[..., Client]) -> None:
    for name in ("part", "latin", "left-out", "no-python"):
        (folder / name).mkdir()
        (folder / name / OWN).write_text("max-returns = 0\n")
    for name in ("part", "latin", "left-out"):
        (folder / name / "a.py").write_text("")
    (folder / "latin" / OWN).write_bytes(b"ignore = ['\xe9']\n")
    (folder / OWN).write_text('exclude = ["left-out"]\n')
    client = start()
    part, latin = client.uri(f"part/{OWN}"), client.uri(f"latin/{OWN}")
    assert shown(client.diagnostics(part, None)) == [(0, 0, 11, 'setting "max-returns" must be a whole number from 1')]
    assert "is not UTF-8" in shown(client.diagnostics(latin, None))[0][3]
    (folder / "part" / OWN).write_text("max-returns = 1\n")
    assert client.diagnostics(part, None) == []
    (folder / "latin" / OWN).unlink()
    assert client.diagnostics(latin, None) == []
    assert client.finish() == 0
    assert b"ERROR" not in client.log
    client.log = b""  # that Python files can't be judged was said there


def test_an_open_file_is_judged_by_the_rules_there_are(folder: Path, client: Client) -> None:
    uri = client.uri(OWN)
    assert shown(client.open_as("toml", uri, 'ignore = ["no-print"]\n')) == [
        (0, 11, 19, 'there is no rule or category "no-print"')
    ]
    rules = folder / ".backend-team" / "rules" / "ours"
    rules.mkdir(parents=True)
    (rules / "no-print.yaml").write_text(
        "id: no-print\ntitle: Log instead\nwhy: Prints are lost.\nseverity: warning\npattern: print($$ARGUMENTS)\n"
        "examples:\n  - before: print(1)\n"
    )
    assert client.diagnostics(uri, 1) == []
    client.forget(uri)


def test_the_nearest_name_is_a_quick_fix(shared: Client) -> None:
    uri = shared.uri(OWN)
    shared.open_as("toml", uri, 'ignore = ["unused-imprt"]\r\n')
    (action,) = shared.actions(uri, 0, 14)
    shared.apply(shared.request("codeAction/resolve", action)["edit"])
    assert shared.diagnostics(uri, 2) == []
    assert shared.texts[uri] == 'ignore = ["unused-import"]\r\n'
    shared.forget(uri)


MARKS = (
    "'x",
    '"""',
    "]",
    "[",
    "{",
    "}",
    "=",
    ".",
    ",",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "#",
    "😀",
    "\ud800",
    "\x00",
    "1e999",
)
TABLES = ("[severity]\n", "[per-path.'a']\n", "[tool.backend-team]\n")
PIECES = st.sampled_from((*MARKS, *TABLES, "ignore = [", '"unused-import"', "max-returns = "))


@settings(deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join), st.tuples(st.integers(0, 20), st.integers(0, 20)))
def test_no_text_is_too_strange(text: str, place: tuple[int, int]) -> None:
    lines = LineIndex(text)
    offset = lines.offset(*place)
    line = lines.line_of(offset)
    rows = [lines.line_text(number).rstrip("\r\n") for number in range(len(lines))]
    for name in (OWN, "pyproject.toml"):
        marks = settings_files.judge(Path("/shop") / name, text, RULES)
        for item in items(text, marks, "utf-16"):
            assert item["range"]["end"]["line"] < len(lines)
        for word in settings_words.words(name, rows, line, offset - lines.start(line), RULES):
            assert word.replaces <= offset - lines.start(line)


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_broken_settings_are_said_where_nobody_sees_them(
    folder: Path, start: Callable[..., Client], *, is_open: bool
) -> None:
    (folder / "a.py").write_text("import os\n")
    client = start()
    assert len(client.diagnostics(client.uri("a.py"), None)) == 1
    broken = 'ignore = ["unused-imprt"]\n'
    uri = client.uri("backend-team.toml")
    if is_open:
        assert len(client.open_as("toml", uri, broken)) == 1
    (folder / "backend-team.toml").write_text(broken)
    if is_open:
        (folder / "b.py").write_text("import os\n")
        assert len(client.diagnostics(client.uri("b.py"), None)) == 1
    else:
        assert "unused-imprt" in client.notification("window/showMessage")["message"]
        assert len(client.diagnostics(uri, None)) == 1
    assert b"unused-imprt" in client.log
    client.log = b""
