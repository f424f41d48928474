"""The text an editor's changes lead to, whatever they are; and the generated protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from backend_team.lsp import convert, protocol_typescript
from backend_team.text import Source, apply
from backend_team.workspace.documents import after, difference

TEXTS = st.text(st.sampled_from("ab \n\r😀é"), max_size=30)
NUMBERS = st.integers(0, 12)
CHANGES = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, TEXTS), max_size=4)


@given(text=TEXTS, raw=CHANGES, encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_edits_lead_to_the_text_of_the_changes(
    text: str, raw: list[tuple[int, int, int, int, str]], encoding: str
) -> None:
    changes = [
        convert.change(
            types.TextDocumentContentChangePartial(
                range=types.Range(types.Position(a, b), types.Position(c, d)), text=new
            ),
            encoding,  # type: ignore[arg-type]
        )
        for a, b, c, d, new in raw
    ]
    expected = text
    for change in changes:  # one after the other, each for the text the one before left
        expected = apply(expected, [change(Source("a.py", expected).lines)])
    source, edits = after(Source("a.py", text, 1), changes, 2)
    assert source.text == expected == apply(text, edits)
    assert source.version == 2


@given(before=TEXTS, now=TEXTS)
def test_one_difference(before: str, now: str) -> None:
    edits = difference(before, now)
    assert apply(before, edits) == now
    assert bool(edits) == (before != now)


def test_the_client_has_the_protocol_of_the_server() -> None:
    assert protocol_typescript.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("module", "typescript"),
    [
        ('A: Final = "a"  # note', '/** note */\nexport const A = "a";'),
        (
            'class P(TypedDict):\n    """Doc."""\n    a: NotRequired[int]',
            "/** Doc. */\nexport interface P {\n  a?: number;\n}",
        ),
        ('class P(TypedDict):\n    """Doc."""\n    a: list[str | None]', "  a: (string | null)[];"),
        ('class P(TypedDict):\n    """Doc."""\n    a: dict[str, Literal["x", "y"]]', '  a: Record<string, "x" | "y">;'),
        ('class P(TypedDict):\n    """Doc."""', "/** Doc. */\nexport type P = Record<string, never>;"),
    ],
)
def test_typescript_of(module: str, typescript: str) -> None:
    assert typescript in protocol_typescript.typescript(module)


def test_a_type_without_typescript_is_refused() -> None:
    with pytest.raises(ValueError, match="no TypeScript for"):
        protocol_typescript.typescript('class P(TypedDict):\n    """Doc."""\n    a: set[int]')
