"""Rule files: what is wrong with them is shown as they are typed, and where they lie when they are closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.errors import RuleError
from backend_team.lsp import marks as marks_module
from backend_team.lsp import rule_files, rule_words
from backend_team.rules.load import load_rule
from backend_team.text import LineIndex
from tests.protocol.client import Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RULE = """\
id: no-print
title: Log instead
why: Prints are lost.
severity: warning
pattern: print($X)
fix: log($X)
safety: review
examples:
  - before: print(1)
    after: log(1)
  - keep: log(1)
"""
NAME = ".backend-team/rules/ours/no-print.yaml"


def shown(items: list[dict[str, Any]]) -> list[tuple[int, int, int, str]]:
    """Line, first and last column, and the first line of each message."""
    ranges = [(one["range"]["start"], one["range"]["end"]) for one in items]
    assert all(start["line"] == end["line"] for start, end in ranges)
    return [
        (start["line"], start["character"], end["character"], one["message"].partition("\n")[0])
        for one, (start, end) in zip(items, ranges, strict=True)
    ]


@pytest.fixture
def opened(shared: Client) -> Iterator[Callable[[str], list[tuple[int, int, int, str]]]]:
    """Opens the text of a rule file; it is closed at the end."""
    uri = shared.uri(NAME)

    def begin(text: str) -> list[tuple[int, int, int, str]]:
        return shown(shared.open_as("yaml", uri, text))

    yield begin
    shared.forget(uri)


@pytest.mark.parametrize(
    ("replaced", "by", "expected"),
    [
        ("why:", "whi:", [(0, 0, 12, 'the key "why" is missing'), (2, 0, 3, 'unknown key "whi"')]),
        ("warning", "loud", [(3, 10, 14, 'unknown severity "loud"')]),
        ("print($X)\n", "print($X\n", [(4, 9, 17, "this can't be parsed: '(' was never closed")]),
        ("fix: log($X)", "fix: log($Y)", [(5, 5, 12, "$Y is not in the pattern")]),
        ("pattern: print($X)\nfix: log($X)", "check: no-prnt\nrewrite: x", [(4, 7, 14, 'unknown check "no-prnt"')]),
        ("safety:", "where: [$X is dct, $Y is name]\nsafety:", [
            (6, 8, 17, 'unknown kind "dct", did you mean "dict"?'),
            (6, 19, 29, "$Y is not in the pattern"),
        ]),
        ("- keep: log", "- kep: log", [
            (10, 4, 7, 'unknown key of an example "kep"'),
        ]),
        ("severity: warning", "severity: \t- [", [
            (3, 11, 12, "block sequence entries are not allowed in this context"),
        ]),
        ("- before: print(1)", "- before: show(1)", [(8, 4, 19, "an example is not found")]),
        ("after: log(1)", "after: log(2)", [(8, 4, 20, "an example is fixed to something else:")]),
        ("- keep: log(1)", "- keep: print(1)", [(10, 4, 18, "an example to keep is found")]),
        ("- keep: log(1)", "- keep: log(", [(10, 4, 14, "an example does not parse: '(' was never closed")]),
        ("fix: log($X)", "rewrite: is-non", [(5, 9, 15, 'there is no rewrite "is-non"')]),
        ("Log instead\n", "Log instead # 😀\u2028# more\nwhi: x\n", [(2, 0, 3, 'unknown key "whi"')]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_shown_where_it_stands(
    opened: Callable[[str], list[tuple[int, int, int, str]]],
    replaced: str,
    by: str,
    expected: list[tuple[int, int, int, str]],
) -> None:
    assert replaced in RULE
    assert opened(RULE.replace(replaced, by, 1)) == expected


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_all_kinds(opened: Callable[[str], list[tuple[int, int, int, str]]], end: str) -> None:
    text = RULE.replace("warning", "loud").replace("title: Log", "title: 😀 Log").replace("\n", end)
    assert opened(text) == [(3, 10, 14, 'unknown severity "loud"')]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the rule is empty"),
        ("id: [", "did not find expected node content"),
        ("id: " + "[" * 50_000, "this is nested too deeply for a rule"),
        ("id: " + "{a: " * 50_000, "this is nested too deeply for a rule"),
        (
            RULE.replace("print($X)", "(" * 5000 + "$X" + ")" * 5000),
            "this can't be parsed: too many nested parentheses",
        ),
        ("# " + "x" * 300_000, "this is too large for a rule"),
        ("why: \x00", "unacceptable character #x0000: control characters are not allowed"),
        ("- a\n- b\n", "here is a mapping expected"),
    ],
)
def test_what_is_no_rule_at_all(
    opened: Callable[[str], list[tuple[int, int, int, str]]], text: str, message: str
) -> None:
    found = opened(text)
    assert any(one[3].startswith(message) for one in found), found


def test_it_follows_what_is_typed(shared: Client) -> None:
    uri = shared.uri(NAME)
    assert shared.open_as("yaml", uri, RULE) == []
    (found,) = shown(shared.change(uri, insertion(3, 10, "w")))
    assert found == (3, 10, 18, 'unknown severity "wwarning"')
    assert shared.change(uri, insertion(3, 10, "", 1)) == []
    (found,) = shown(shared.change(uri, insertion(8, 12, "s", 1)))
    assert found == (8, 4, 20, "an example is not found")
    assert shared.change(uri, insertion(8, 12, "p", 1)) == []
    shared.forget(uri)


def test_a_rule_elsewhere_says_so(shared: Client) -> None:
    uri = shared.uri("rules/ours/no-print.yaml")
    assert shared.open_as("yaml", uri, "on: push\njobs: {}\n") == []
    (found,) = shown(shared.change(uri, {"text": RULE.replace("title", "titel")}))[1:]
    assert found == (1, 0, 5, 'unknown key "titel"')
    assert shared.change(uri, {"text": "id: 1\n"}) == []
    shared.forget(uri)


def save(file: Path, text: str) -> None:
    """Write a file at once: nobody sees half of it."""
    half = file.with_suffix(".half")
    half.write_text(text)
    half.replace(file)


def test_closed_files_show_what_is_wrong_until_it_is_mended(folder: Path, start: Callable[..., Client]) -> None:
    file = folder / NAME
    file.parent.mkdir(parents=True)
    save(file, RULE.replace("warning", "loud"))
    (file.parent / "latin.yaml").write_bytes(b"id: latin\ntitle: \xe9\n")
    client = start()
    uri = client.uri(NAME)
    assert shown(client.diagnostics(uri, None)) == [(3, 10, 14, 'unknown severity "loud"')]
    (unreadable,) = client.diagnostics(client.uri(".backend-team/rules/ours/latin.yaml"), None)
    assert "can't decode byte 0xe9" in unreadable["message"]
    client.notification("window/showMessage")
    (file.parent / "latin.yaml").unlink()
    assert client.diagnostics(client.uri(".backend-team/rules/ours/latin.yaml"), None) == []
    client.open_as("yaml", uri, file.read_text())
    save(file, RULE)
    assert client.change(uri, {"text": RULE}) == []
    client.forget(uri)
    save(file, RULE.replace("print($X)", "print($X"))
    assert shown(client.diagnostics(uri, None)) == [(4, 9, 17, "this can't be parsed: '(' was never closed")]
    assert client.finish() == 0
    client.log, client.unread = b"", [one for one in client.unread if one.get("method") != "window/showMessage"]


def completed(client: Client, uri: str, text: str) -> list[str]:
    """The texts of a file, whose cursor is `|`, after each completion that fits what is typed."""
    before, _, after = text.partition("|")
    client.texts[uri] = before + after
    client.versions[uri] += 1
    version = {"uri": uri, "version": client.versions[uri]}
    client.notify("textDocument/didChange", {"textDocument": version, "contentChanges": [{"text": before + after}]})
    line, row = before.count("\n"), before.rpartition("\n")[2]
    items = client.completion(uri, line, len(row.encode("utf-16-le")) // 2)
    client.diagnostics(uri, client.versions[uri])
    results = []
    for item in items:
        start = item["textEdit"]["range"]["start"]["character"]
        typed = row.encode("utf-16-le")[2 * start :].decode("utf-16-le")
        if item["filterText"].startswith(typed):
            results.append(client.edited(before + after, [item["textEdit"]]))
    return results


BOUND = "pattern: f($X, $$REST)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: x\nsev|", ["id: x\nseverity: "]),
        ("severity: w|", ["severity: warning"]),
        ("severity: |", ["severity: error", "severity: warning", "severity: information", "severity: hint"]),
        ("safety:\tr|", ["safety:\treview"]),
        ("default: of|", ["default: off"]),
        ("check: comparison-to-n|", ["check: comparison-to-none"]),
        ("rewrite: is-n|", ["rewrite: is-none"]),
        ("tags: [unnecessary, d|", ["tags: [unnecessary, deprecated"]),
        ("tags:\n  - d|", ["tags:\n  - deprecated"]),
        ("equivalents: [ruff:E1, pycode|]", ["equivalents: [ruff:E1, pycodestyle:]"]),
        (BOUND + "where:\n  - |", [BOUND + "where:\n  - $X is ", BOUND + "where:\n  - $REST is "]),
        (BOUND + "where:\n  - $R|", [BOUND + "where:\n  - $REST"]),
        (BOUND + "where: ['$X is not si|", [BOUND + "where: ['$X is not simple"]),
        (BOUND + 'fix: "😀" + g($|)', [BOUND + 'fix: "😀" + g($X)', BOUND + 'fix: "😀" + g($$REST)']),
        (BOUND + "fix: g($$|", [BOUND + "fix: g($$REST"]),
        ("examples:\n  - k|", ["examples:\n  - keep: "]),
        ("title: se|", []),
        ("# se|", []),
        ("severity: warning |", []),
        ("a: " + "[" * 3000 + "|", []),
    ],
)
def test_completion(shared: Client, text: str, expected: list[str]) -> None:
    uri = shared.uri(NAME)
    shared.open_as("yaml", uri, "")
    assert completed(shared, uri, text) == expected
    shared.forget(uri)


def test_keys_that_are_there_are_not_offered(shared: Client) -> None:
    uri = shared.uri(NAME)
    shared.open_as("yaml", uri, RULE + "\n")
    offered = {item["label"] for item in shared.completion(uri, RULE.count("\n"), 0)}
    assert offered == {"check", "where", "rewrite", "python", "default", "equivalents", "tags"}
    shared.forget(uri)


@pytest.mark.parametrize(
    ("line", "character", "expected"),
    [
        (3, 2, ("**severity** · How loud it is.", (0, 8))),
        (4, 16, ("`$X` · one expression or name, bound in line 5: `print($X)`", (15, 17))),
        (5, 10, ("`$X` · one expression or name, bound in line 5: `print($X)`", (9, 11))),
        (8, 6, ("**before** · Code that offends the rule.", (4, 10))),
        (1, 10, None),
        (4, 11, None),
        (99, 0, None),
    ],
)
def test_hover(shared: Client, line: int, character: int, expected: tuple[str, tuple[int, int]] | None) -> None:
    uri = shared.uri(NAME)
    shared.open_as("yaml", uri, RULE)
    place = {"line": line, "character": character}
    found = shared.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})
    shared.forget(uri)
    if expected is None:
        assert found is None
    else:
        assert found["contents"]["value"].startswith(expected[0])
        start, end = found["range"]["start"], found["range"]["end"]
        assert (start["line"], end["line"], (start["character"], end["character"])) == (line, line, expected[1])


def test_a_metavariable_that_nothing_binds(shared: Client) -> None:
    uri = shared.uri(NAME)
    shared.open_as("yaml", uri, RULE.replace("log($X)", "log($Y)"))
    place = {"textDocument": {"uri": uri}, "position": {"line": 5, "character": 10}}
    assert "is not bound" in shared.request("textDocument/hover", place)["contents"]["value"]
    shared.forget(uri)


def test_python_has_no_completion(shared: Client) -> None:
    uri = shared.uri("a.py")
    shared.open("a.py", "sev\n")
    assert shared.completion(uri, 0, 3) == []
    shared.forget(uri)
    assert shared.completion(uri, 0, 3) == []


def test_a_long_text_elsewhere_that_only_begins_like_a_rule(shared: Client) -> None:
    uri = shared.uri("rules/ours/no-print.yaml")
    assert shared.open_as("yaml", uri, "id: x\n" * 40_000) == []
    shared.forget(uri)


def test_a_large_rule_is_judged_too(shared: Client) -> None:
    uri = shared.uri(NAME)
    text = RULE.replace("warning", "loud") + "  - kep: x\n" * 5_000
    items = shared.open_as("yaml", uri, text)
    assert len(items) == 100
    assert shown(items)[0] == (3, 10, 14, 'unknown severity "loud"')
    shared.forget(uri)


@pytest.mark.parametrize(
    ("replaced", "by", "place", "title"),
    [
        ("why:", "whi:", (2, 1), 'Change to "why"'),
        ("warning", "warnin", (3, 12), 'Change to "warning"'),
        ("safety:", "where: [$X is 😀, $X is dct]\nsafety:", (6, 26), 'Change to "dict"'),
        ("warning", "loud", (3, 12), None),
        ("warning", "warnin", (4, 1), None),
    ],
)
def test_the_nearest_name_is_a_quick_fix(
    shared: Client, replaced: str, by: str, place: tuple[int, int], title: str | None
) -> None:
    uri = shared.uri(NAME)
    before = len(shared.open_as("yaml", uri, RULE.replace(replaced, by, 1)))
    found = shared.actions(uri, *place)
    assert shared.actions(uri, *place, only=["source.fixAll"]) == []
    assert [one["title"] for one in found] == ([] if title is None else [title])
    for action in found:
        assert "edit" not in action
        edit = shared.request("codeAction/resolve", action)["edit"]
        shared.apply(edit)
        assert len(shared.diagnostics(uri, 2)) < before
        with pytest.raises(Refused, match="has changed since"):
            shared.request("codeAction/resolve", action)
    shared.forget(uri)


ODD = (
    "where:\n",
    "  - $X is ",
    "$",
    "$$X",
    "[",
    "]",
    "{",
    "}",
    "- ",
    ": ",
    "\t",
    '"',
    "'",
    "|\n",
    ">",
    "&a ",
    "*a",
    "!x ",
)
ENDS = ("#", "\n", "\r\n", "\r", "\u2028", "\x00", "😀", "\ud800", "%", "---\n", "? ")
PIECES = st.sampled_from((*RULE.splitlines(keepends=True), *ODD, *ENDS))
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, place=st.tuples(st.integers(0, 30), st.integers(0, 20)))
def test_no_text_is_too_strange(text: str, place: tuple[int, int]) -> None:
    path = Path("/shop") / NAME
    lines = LineIndex(text)
    marks = rule_files.errors(path, rule_files.plain(text))
    for item in marks_module.items(text, marks, "utf-16"):
        start, end = item["range"]["start"], item["range"]["end"]
        assert (0, 0) <= (start["line"], start["character"]) <= (end["line"], end["character"])
        assert end["line"] < len(lines)
    offset = lines.offset(*place)
    line = lines.line_of(offset)
    rows = [lines.line_text(number).rstrip("\r\n") for number in range(len(lines))]
    for word in rule_words.words(rows, line, offset - lines.start(line)):
        assert word.replaces <= offset - lines.start(line)
    rule_words.meaning(rows, line, offset - lines.start(line))
    try:
        load_rule(path, rule_files.plain(text))
    except RuleError:
        assert marks
    else:
        assert not marks
