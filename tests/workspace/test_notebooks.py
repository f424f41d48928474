"""The table of a notebook: however its cells change, it is as one made anew, and so are the findings of each."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.findings import Withheld
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT
from backend_team.text import Edit, Source, Span, apply
from backend_team.workspace.magics import masked
from backend_team.workspace.notebooks import BORDER, Cell, Notebook, Table, line_in_cell

if TYPE_CHECKING:
    from backend_team.rules.model import RuleSet

TEXTS = (
    "",
    "import os",
    "import sys\r\nimport os\r\n",
    "os.name",
    "%time sys.path\n",
    "%%bash\nif [ $os ]; then\n",
    "x = f()\nif x == None:\n    x = '😀'\n",
    "def f(a=[]):\n    return a\n\n\n",
    "!ls {sys.argv} \\\n  more\nx == None",
    "class A:\n    def f(self):\n        import os\n\n    b = 1\n",
    "x\ry == None\r",
    "# backend-team: ignore-file[unused-import]\n",
    "'''\n%text\n'''",
    "f(",  # does not parse
    "s = '''",
)


@lru_cache(maxsize=1)
def rules() -> RuleSet:
    return load_rules()


def notebook(cells: list[Cell]) -> Notebook:
    made = Notebook("a.ipynb", cells, rules(), DEFAULT)
    made.adopt(made.analysed())
    return made


def cell(name: str, text: str, is_python: bool = True) -> Cell:
    return Cell(name, Source(name, text, 1), is_python)


texts = st.sampled_from(TEXTS)
number = st.integers(0, 40)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), number, texts),
        st.tuples(st.just("delete"), number, st.just("")),
        st.tuples(st.just("move"), number, number),
        st.tuples(st.just("kind"), number, st.just("")),
        st.tuples(st.just("replace"), number, texts),
        st.tuples(st.just("type"), number, st.sampled_from(("\n", "x = 1\n", "# ", "!", "\r", "import os\n"))),
    ),
    min_size=1,
    max_size=8,
)


def after(cells: list[Cell], names: list[str], step: tuple[str, int, str | int]) -> list[Cell]:
    """The cells after a step; `names` are those that are free."""
    kind, where, what = step
    cells = list(cells)
    if kind == "insert":
        cells.insert(where % (len(cells) + 1), cell(names.pop(), str(what)))
        return cells
    if not cells:
        return cells
    place = where % len(cells)
    old = cells[place]
    if kind == "delete":
        del cells[place]
    elif kind == "move":
        cells.insert(int(what) % len(cells), cells.pop(place))
    elif kind == "kind":
        cells[place] = Cell(old.uri, old.source, not old.is_python)
    else:
        at = where % (len(old.source.text) + 1)
        text = str(what) if kind == "replace" else old.source.text[:at] + str(what) + old.source.text[at:]
        cells[place] = cell(old.uri, text, old.is_python)
    return cells


@settings(deadline=None, max_examples=300)
@given(st.lists(texts, max_size=5), steps)
def test_a_notebook_that_changed_is_as_one_made_anew(first: list[str], steps: list[tuple[str, int, str | int]]) -> None:
    names = [f"new{count}" for count in range(len(steps))]
    cells = [cell(f"c{count}", text) for count, text in enumerate(first)]
    kept = notebook(cells)
    for step in steps:
        cells = after(cells, names, step)
        kept.become(cells)
        assert kept.source.text == "".join(masked(one.source.text).text + BORDER for one in cells if one.is_python)
        try:
            ast.parse(kept.source.text)
        except (SyntaxError, ValueError):
            continue  # what was found before is kept: it depends on what was there before
        fresh = notebook(cells)
        assert kept.by_cell(kept.report) == fresh.by_cell(fresh.report)


def test_the_other_place_of_a_finding_moves_with_its_cell() -> None:
    function = "def f(a=[]):\n    return a\n\n\n"
    cells = [cell("a", function), cell("b", function)]
    kept = notebook(cells)
    assert kept.by_cell(kept.report)
    cells.insert(1, cell("between", "x = 1\n"))
    kept.become(cells)
    assert kept.by_cell(kept.report) == notebook(cells).by_cell(notebook(cells).report)


@given(
    st.lists(
        st.sampled_from(
            ("%x", "!ls", "  ", "\n", "\r\n", "\r", "'", '"""', "(", ")", "a", "?", "%%", "\\", "=", "{x}", "#")
        )
    )
)
def test_every_offset_means_the_same_in_what_is_analysed(parts: list[str]) -> None:
    text = "".join(parts)
    found = masked(text)
    assert len(found.text) == len(text)
    assert [one for one in found.text if one in "\r\n"] == [one for one in text if one in "\r\n"]
    shown = apply(found.text, [Edit(span, text[span.start : span.end]) for span in found.spans])
    assert shown == text, "only what is said to read otherwise does"


@pytest.mark.parametrize(
    ("text", "analysed"),
    [
        ("%matplotlib inline\nx", "_(inline)         \nx"),
        ("!echo {np.pi + x} $y os", "_(np,x,y)              "),
        ("x = !ls", "x = _()"),
        ("np.sum??", "_(np)   "),
        ("?np", "np "),
        ("if x:\n  !l", "if x:\n  _ "),
        ("%%bash -s $np\necho {y}\n", "_(np)        \ny       \n"),
        ("%%timeit\n%time f()", "_()     \n_(f)     "),
        ("s = '''\n%foo\n'''\n!ls", "s = '''\n%foo\n'''\n_()"),
        ("x = (5\n% 3)\n!ls", "x = (5\n% 3)\n_()"),
        ("x = a != b\n!ls", "x = a != b\n_()"),
        ("'''it's'''  # '\n!ls", "'''it's'''  # '\n_()"),
    ],
)
def test_magics_give_way_to_python_that_uses_their_names(text: str, analysed: str) -> None:
    assert masked(text).text == analysed


@pytest.mark.parametrize(
    ("text", "span", "new", "fixed"),
    [
        ("x = 1\nimport os", Span(6, 16), "", "x = 1"),
        ("import os", Span(0, 10), "", ""),
        ("import os", Span(10, 10), "import re\n", "import os\nimport re"),
        ("import os\r\n", Span(0, 11), "", ""),
        ("a\r\nb", Span(3, 5), "", "a"),
        ("a\r\nb", Span(5, 5), "c\r\n", "a\r\nb\r\nc"),
        ("a", Span(0, 2), "b\n", "b"),
        ("%x\nb", Span(0, 0), "c\n", "c\n%x\nb"),
        ("%x\nb", Span(0, 0), "c", None),
        ("%x\nb", Span(2, 2), "  # c", None),
        ("%x\nb", Span(0, 4), "c", None),
        ("%%time\nb", Span(0, 0), "c\n", None),
        ("%%time\nb", Span(7, 8), "c", "%%time\nc"),
        ("a", Span(0, 8), "b", None),
    ],
)
def test_an_edit_of_the_notebook_is_one_of_its_cell(text: str, span: Span, new: str, fixed: str | None) -> None:
    one = cell("one", text)
    table = Table([cell("zero", "y = 1"), one])
    found = table.cell_edits("the fix", [Edit(span.shifted(table.starts[1]), new)])
    if fixed is None:
        assert isinstance(found, Withheld)
    else:
        assert not isinstance(found, Withheld)
        ((where, edits),) = found
        assert where is one
        assert apply(text, edits) == fixed


def test_lines_of_fixed_texts_count_in_their_cell() -> None:
    source = Source("a.ipynb", Table([cell("a", "x\ny"), cell("b", "x\nz")]).text)
    assert line_in_cell(source, source.text.index("y")) == 1
    assert line_in_cell(source, source.text.index("z")) == 1
