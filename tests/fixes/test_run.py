"""Many fixes of one text: those in blocks of their own are proved together, and come to the same as one by one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from backend_team.findings import Finding, Safety, Severity, Withheld
from backend_team.fixes.difference import Trace, inverse, minimal
from backend_team.fixes.moved import Moved
from backend_team.library import fix_source
from backend_team.text import Edit, LineIndex, Span, apply
from tests.fixes.examples import all_fixed

FUNCTION = 'def f{0}(a, b):\n    if a == None:\n        return {{}}\n    x = "%s" % b\n    return x\n\n\n'
ALPHABET = "ab \n\r#é"


@st.composite
def edited(draw: st.DrawFn, text: str) -> list[Edit]:
    """Sorted, disjoint edits of a text."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(places[::2], places[1::2], strict=False)
    found = [Edit(Span(start, end), draw(st.text(ALPHABET, max_size=4))) for start, end in pairs]
    return [one for number, one in enumerate(found) if number == 0 or one.span.start > found[number - 1].span.end]


@given(st.data())
def test_edits_are_made_minimal_and_taken_back(data: st.DataObject) -> None:
    text = data.draw(st.text(ALPHABET, max_size=60))
    edits = data.draw(edited(text))
    after = apply(text, edits)
    assert apply(text, minimal(text, LineIndex(text), edits)) == after
    assert apply(after, inverse(text, edits)) == text


def test_two_edits_of_a_last_line_without_an_end() -> None:
    edits = [Edit(Span(0, 0), "a#"), Edit(Span(1, 1), "a")]
    assert apply("a", minimal("a", LineIndex("a"), edits)) == "a#aa"


@given(st.data())
def test_edits_that_follow_one_another_are_edits_of_the_first_text(data: st.DataObject) -> None:
    before = now = data.draw(st.text(ALPHABET, max_size=60))
    trace = Trace(before)
    for _ in range(data.draw(st.integers(0, 5))):
        edits = data.draw(edited(now))
        trace.follow(edits)
        now = apply(now, edits)
        assert apply(before, trace.edits()) == now


@given(st.data())
def test_findings_follow_the_text(data: st.DataObject) -> None:
    text = "".join(f"{number:03}" for number in range(20))
    edits = data.draw(edited(text))
    after, moved = apply(text, edits), Moved(edits)
    for start in range(0, len(text), 3):
        span = Span(start, start + 3)
        captures = (("X", Span(start + 1, start + 2)),)
        found = moved.finding(Finding("rule", span, "", Severity.WARNING, Safety.SAFE, captures))
        if found is not None:
            assert after[slice(*found.span)] == text[slice(*span)]
            assert after[slice(*found.captures[0][1])] == text[start + 1 : start + 2]
            assert moved.withheld(Withheld("rule", span, "")).span.start <= found.span.start


def test_many_fixes_in_blocks_of_their_own() -> None:
    text = "".join(map(FUNCTION.format, range(120)))
    done = fix_source(text)
    alone = fix_source(FUNCTION.format(0))
    assert len(done.applied) == 120 * len(alone.applied)
    assert done.text == "".join(re.sub(r"f0\b", f"f{number}", alone.text) for number in range(120))
    assert not done.withheld


def test_one_that_cannot_be_shown_right_leaves_the_others() -> None:
    broken = "def g(a):\n    if a:\n        return 1\n    else:  # stays\n        return 2\n\n\n"
    text = "".join(map(FUNCTION.format, range(8)))
    middle = text.index("def f4")
    done = fix_source(text[:middle] + broken + text[middle:])
    assert "# stays" in done.text
    assert fix_source(text).text.partition("def f4")[2] == done.text.partition("def f4")[2]


def test_the_last_use_of_an_import_takes_it_along() -> None:
    uses = "".join(f"x{number}: Optional[int] = None\n" for number in range(30))
    done = all_fixed(f"from typing import Any, Optional\n\ny: Any = 1\n{uses}", "optional-to-union")
    assert "Optional" not in done.source.text
    assert done.source.text.startswith("from typing import Any\n")


def test_of_two_imports_of_a_name_one_stays() -> None:
    functions = "".join(map(FUNCTION.format, range(5)))
    done = fix_source(f"import os\n\nimport json\nimport os\n\n\n{functions}\nprint(os.sep, json)\n")
    assert done.text.count("import os") == 1
