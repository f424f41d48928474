"""Offsets, bytes and UTF-16 units mean the same place."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_team.text import Edit, LineIndex, Source, Span, apply, units

# What is hard: characters of one to four bytes, of one and two units, and everything that looks like a line end.
ALPHABET = "ab_=#'é€😀\u0301\u2028\u2029\x85\x0b\x0c\x1c\t \n\r\ufeff"
TEXTS = st.text(alphabet=ALPHABET, max_size=60)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(TEXTS)
def test_lines_are_those_of_the_protocol(text: str) -> None:
    index = LineIndex(text)
    lines = re.split(r"\r\n|\n|\r", text)
    assert [index.line_text(number).rstrip("\r\n") for number in range(len(index.starts))] == lines
    assert "".join(index.line_text(number) for number in range(len(index.starts))) == text


@given(TEXTS, ENCODINGS, st.data())
def test_positions_lead_back(text: str, encoding: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset] == "\r" and text[offset : offset + 1] == "\n":
        offset += 1  # between the two there is no position
    index = LineIndex(text)
    line, column = index.position(offset, encoding)  # type: ignore[arg-type]
    assert index.offset(line, column, encoding) == offset  # type: ignore[arg-type]
    assert index.starts[line] <= offset


@given(TEXTS, ENCODINGS, st.integers(-1, 70), st.integers(-3, 200))
def test_any_position_is_clamped(text: str, encoding: str, line: int, column: int) -> None:
    index = LineIndex(text)
    offset = index.offset(line, column, encoding)  # type: ignore[arg-type]
    assert 0 <= offset <= len(text)
    if 0 <= line < len(index.starts):
        assert index.line_of(offset) == line


@given(TEXTS, st.data())
def test_columns_of_utf8(text: str, data: st.DataObject) -> None:
    index = LineIndex(text)
    line = data.draw(st.integers(0, len(index.starts) - 1))
    row = index.line_text(line)
    column = data.draw(st.integers(0, len(row)))
    assert index.from_utf8(line, len(row[:column].encode())) == index.starts[line] + column


@given(TEXTS)
def test_utf16_units(text: str) -> None:
    assert units(text, "utf-16") == len(text.encode("utf-16-le")) // 2
    assert units(text, "utf-8") == len(text.encode())


@given(st.lists(st.sampled_from(["x", "é", "'😀'", "f(ä, b)", "'''a\nb'''", "(\n1 +\r2)"]), min_size=1, max_size=6))
def test_nodes_are_found_in_the_text(parts: list[str]) -> None:
    text = "[" + ", ".join(parts) + "]\r\n"
    index = LineIndex(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Name, ast.Call)):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            start = index.from_utf8(node.lineno - 1, node.col_offset)
            end = index.from_utf8(node.end_lineno - 1, node.end_col_offset)
            assert text[start:end] == ast.get_source_segment(text, node)


@given(TEXTS, st.data())
def test_edits_apply_all_at_once(text: str, data: st.DataObject) -> None:
    borders = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    spans = [Span(*pair) for pair in zip(borders[::2], borders[1::2], strict=False)]
    edits = [Edit(span, data.draw(TEXTS)) for span in spans]
    expected, done = "", 0
    for edit in edits:
        expected += text[done : edit.span.start] + edit.text
        done = edit.span.end
    edits_again = data.draw(st.permutations(edits)) if len({edit.span.start for edit in edits}) == len(edits) else edits
    if len({edit.span.start for edit in edits}) == len(edits):
        assert Source("a.py", text).edited(edits_again).text == expected + text[done:]


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply("abcdef", [Edit(Span(0, 3), ""), Edit(Span(2, 4), "")])


def test_insertions_at_one_place_keep_their_order() -> None:
    assert apply("ab", [Edit(Span(1, 1), "2"), Edit(Span(1, 1), "1"), Edit(Span(1, 2), "")]) == "a21"


ROWS = st.lists(st.sampled_from(["x", "é = '😀'", "", "\t\x0c", "# \u2028"]), min_size=1, max_size=5)
LINE_ENDS = ["\n", "\r\n", "\r"]


@given(ROWS, st.data())
def test_the_index_of_an_edited_text_is_the_one_of_the_text(rows: list[str], data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.sampled_from(LINE_ENDS), min_size=1, max_size=4))
    parts = [rows[number % len(rows)] + ends[number % len(ends)] for number in range(data.draw(st.integers(500, 1500)))]
    source = Source("a.py", "".join(parts) + data.draw(st.sampled_from(["", "end", "\r"])))
    assert len(source.lines) > 0
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(source.text)))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 30, 5000]))
        text = data.draw(st.sampled_from(["", "y", "\n", "\r", "\r\n", "\n" * 700, "a\rb\n"]))
        source = source.edited([Edit(Span(start, min(len(source.text), start + length)), text)])
        lines, expected = source.lines, LineIndex(source.text)
        assert len(lines) == len(expected)
        for line in {0, len(lines) - 1, *data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=9))}:
            assert lines.start(line) == expected.start(line)
            assert lines.line_text(line) == expected.line_text(line)
        for offset in {0, len(source.text), *data.draw(st.lists(st.integers(0, len(source.text)), max_size=9))}:
            assert lines.line_of(offset) == expected.line_of(offset)
    assert source.lines.starts == LineIndex(source.text).starts


def test_typing_new_lines_keeps_few_chunks() -> None:
    source = Source("a.py", "x = 1\n" * 2000)
    assert len(source.lines) == 2001
    for _ in range(1000):
        source = source.edited([Edit(Span(600, 600), "\n")])
    assert source.lines.starts == LineIndex(source.text).starts
    assert len(source.lines._chunks) < 50
