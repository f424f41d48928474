"""The report after edits is the report of the text, whenever the text parses."""

from __future__ import annotations

import ast
import json
import sys
import textwrap
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.engine import engine_for
from backend_team.analysis.module import Module, analyse
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from backend_team.findings import ModuleReport
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RULES = load_rules()
FILES = [json.decoder.__file__, textwrap.__file__, warnings.__file__]
TEXTS = [
    *(Path(str(file)).read_text(encoding="utf-8") for file in FILES),
    textwrap.dedent(
        '''\
        # é: a comment
        import os, sys
        from typing import (  # noqa
            Optional,
            List,
        )

        rows: dict[str, int] = {}
        for row in rows.keys():
            print(row == None, "😀", not row in rows)

        @decorated
        class Shop(
            Base,
        ):
            """A shop.

        with a line at the left
            """

            # about the name
            name = "x"; other = None == name

            @property
            def open(self, items=[]):
                if self.name == None:
                    return 1
                else:
                    return items
            # after open

            async def close(self) -> "os.PathLike":
                unused = 1
                try:
                    pass
                    await self.open()
                except:
                    raise ValueError()

        class One: x = 1
        if rows:
            import json
        elif True:
            pass
        x = 1; y = f"a"
        # the end
        '''
    ),
    "class A:\r\n\tx = 1\r\n\tdef f(self):\r\n\t\treturn self == None\r\n\r\ny = '''\r\n'''\r\n",
    "import os\rimport sys\r\rdef f(q):\r    if q == None:\r        return os\r\r\x0cclass A:\r    x = not q in q\r",
    "\ufeffimport sys, os\r\n\x0cimport re\r\n\r\nrows = {}\r\nfor row in rows.keys():\r\n    x(not row in rows)\r\n",
    textwrap.dedent(
        """\
        # backend-team: ignore-file[bare-except, unused-import] as before
        import os
        import sys, re
        from a import b  # noqa: F401

        # backend-team: ignore[negated-membership, too-complex]
        class A(object):
            # backend-team: ignore[negated-membership]
            x = not os in sys

            # backend-team: ignore[no-such-rule, needless-bool] of the whole function
            def f(self):
                # pylint: disable=all
                y = not self in self.z  # type: ignore
                try:
                    pass
                except:
                    y = 1

        # pylint: disable=bad-open-mode, unused-variable
        def g(len):
            return not len in list(sorted(x))  # backend-team: ignore[negated-membership] so

        def g():
            import os
            return len([1]) == 0

        list = 1
        """
    ),
]
SNIPPETS = [
    *(
        "",
        "\n",
        " ",
        "    ",
        "\n\n",
        "(",
        ")",
        '"',
        "'",
        '"""',
        "#",
        "\\",
        "\\\n",
        ":",
        "=",
        "x",
        "\r",
        "\r\n",
        "é",
        "😀",
    ),
    *(";", "\t", "\x0c", "'''", "[", "]", "x == None", "\nx = y == None\n", "    pass\n", "else:\n", "    else:\n"),
    *("def f():\n    return 1\n", "class B:\n    z = None == 1\n", "@property\n", "# noqa", "import os\n", "if x:\n"),
    *(
        "    # note\n",
        "rows = other\n",
        "global rows\n",
        "\ufeff",
        "from a import *\n",
        "import sys, os\n",
        "# ruff: noqa\n",
    ),
    *("# backend-team: ignore-file[unused-import]\n", "    # backend-team: ignore[negated-membership]\n"),
    *("  # backend-team: ignore[bare-except]", "# pylint: disable=all\n", "x = not y in z\n", "sys.x = re\n"),
    *("def g(): pass\n", "eval(x)\n", "__all__ = ['A', 'os']\n", "# backend-team: ignore[negated-membership]\n"),
]


def shown(report: ModuleReport) -> list[object]:
    """What must be the same, readable when it is not."""
    return [*report.findings, *(problem for problem in report.problems)]


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> Edit:
    start = draw(st.integers(0, len(text)))
    if draw(st.booleans()):  # at a line border, where the trouble is
        start = text.rfind("\n", 0, start) + 1
    length = draw(st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 200)))
    inserted = draw(st.one_of(st.sampled_from(SNIPPETS), st.just("COPY")))
    end = min(len(text), start + length)
    if inserted == "COPY":
        place = draw(st.integers(0, len(text)))
        inserted = text[place : place + draw(st.integers(0, 120))]
    return Edit(Span(start, end), inserted)


def parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError):
        return False
    return True


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_edits_lead_to_the_full_report(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    module = Module(Source("shop.py", text), RULES)
    for _ in range(data.draw(st.integers(1, 8))):
        edit = data.draw(edits_of(text))
        history = [edit]
        undo = data.draw(st.sampled_from([True, True, False]))
        if undo:
            removed = text[edit.span.start : edit.span.end]
            history.append(Edit(Span(edit.span.start, edit.span.start + len(edit.text)), removed))
        for step in history:
            source = module.source.edited([step])
            text = source.text
            module.edit(source, [step])
            report = module.report
            assert "".join(block.text for block in module.blocks) == text
            for finding in report.findings:
                assert 0 <= finding.span.start <= finding.span.end <= len(text)
            if parses(text):
                assert shown(report) == shown(analyse(source, RULES))
                assert not report.problems
            else:
                assert any(problem.kind == "syntax" for problem in report.problems)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_several_edits_at_once(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    edits: list[Edit] = []
    for edit in sorted(data.draw(st.lists(edits_of(text), max_size=4))):
        if not edits or edits[-1].span.end < edit.span.start:
            edits.append(edit)
    module = Module(Source("shop.py", text), RULES)
    source = module.source.edited(edits)
    module.edit(source, edits)
    report = module.report
    if parses(source.text):
        assert shown(report) == shown(analyse(source, RULES))


ODD_HEADS = (
    "class A(\n    B,\n    object,\n): ...\n\nclass C(\n    B\n): x = not y in z\n"
    "class D(\n):\n    @d\n    def f(self): ...\n"
)


@pytest.mark.parametrize("text", [*TEXTS, ODD_HEADS])
def test_every_block_stands_alone(text: str) -> None:
    module = Module(Source("shop.py", text), RULES)
    for block in module.blocks:
        alone = block.text.removeprefix("\ufeff")
        if block.kind != "tail":
            assert parses({"member": f"class _:\n{alone}", "header": f"{alone} pass"}.get(block.kind, alone)), alone


@pytest.mark.parametrize("file", FILES)
def test_typing_a_file_line_by_line(file: str) -> None:
    lines = Path(file).read_text(encoding="utf-8").splitlines(keepends=True)[:150]
    module = Module(Source("a.py", ""), RULES)
    for line in lines:
        text = module.source.text
        edit = Edit(Span(len(text), len(text)), line)
        source = module.source.edited([edit])
        module.edit(source, [edit])
        report = module.report
        if parses(source.text):
            assert shown(report) == shown(analyse(source, RULES))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        # A line that goes on: what is typed below belongs to the statement above.
        ("x = f \\\n\ny = 2\n", [("\ny", '(open)("a").read()\ny')]),
        # A statement that waits, indented, for the one above it to become its head.
        ("a = 1\nb = 2\nc = q == None\n", [("c =", "    c ="), ("b = 2", "if b:\n    pass")]),
        # A bracket opened above and closed below.
        ("a = 1\nb = 2\nc = q == None\n", [("= 1", "= (1,"), ("= 2", "is 2,"), ("c = q == None", "q == None)")]),
        ("a = 1\nb = 2\nc = q == None\n", [("c = q == None", "q == None)"), ("a = 1\nb = 2", "a = (1,")]),
        # An open bracket before texts that hold its end, and one left open with a text.
        ("a = 1\nb = ')'\nc = q == None\n", [("= 1", "= (1,"), ("b = ')'", "    )")]),
        ('a = 1\nb = """\n)"""\nc = q == None\n', [("= 1", '= (1 2 """'), ("1 2", "1, "), (')"""', ")")]),
        # The bracket of a head that closes in the line of the body.
        ("class A(\n    B,\n    object,\n): ...\n", [("    object,\n", ""), ("    B,\n", "    not x in y,\n")]),
        # A text over several lines that swallows what is below it, and gives it back.
        ("a = 1\nb = q == None\nc = 3\n", [("= 1", "= '''"), ("c = 3", "'''"), ("'''", ""), ("'''", "3")]),
        # Members that become functions of the module, and a head that loses all its members.
        ("class A:\n    def f(self):\n        pass\n\n    x = q == None\n", [("    def", "def"), ("\n    x", "\nx")]),
        ("class A:\n    x = q == None\n\n\nb = 2\n", [("    x = q == None\n", ""), ("class A:\n", "")]),
        # Comments and names that mean something elsewhere.
        ("class A:\n    x = q == None\n\ny = 1\n", [("\ny", "    # noqa\ny"), ("\n    # noqa", "  # noqa")]),
        ("class A:\n    # backend-team: ignore[bare-except]\n    x = y\n", [("t]\n", "t]\n\n"), ("t]\n\n", "t]\n")]),
        ("import os\n\ndef f():\n    return os\n", [("return os", "return None"), ("None", "os")]),
        ("d = {}\n\ndef f():\n    return d.get(1, None)\n", [("{}", "g()"), ("g()", "dict()")]),
    ],
)  # fmt: skip
def test_edits_that_reach_further(text: str, steps: list[tuple[str, str]]) -> None:
    module = Module(Source("shop.py", text), RULES)
    for old, new in steps:
        at = module.source.text.index(old)
        edit = Edit(Span(at, at + len(old)), new)
        source = module.source.edited([edit])
        module.edit(source, [edit])
        report = module.report
        assert bool(report.problems) != parses(source.text)
        if not report.problems:
            assert shown(report) == shown(analyse(source, RULES))


def test_edits_that_do_not_lead_to_the_text_are_not_believed() -> None:
    module = Module(Source("shop.py", "x = 1\ny = q == None\n"), RULES)
    for text, edit in [
        ("x = 1\nz = q == None\n", Edit(Span(0, 1), "y")),
        ("x = q != None\n", Edit(Span(0, 900), "x")),
        ("z = 2\n", Edit(Span(3, 1), "")),
    ]:
        source = Source("shop.py", text)
        module.edit(source, [edit])
        assert shown(module.report) == shown(analyse(source, RULES))
        assert "".join(block.text for block in module.blocks) == text


def test_threads_share_what_is_remembered() -> None:
    """Large texts are analysed in a thread while somebody types: the memo forgets for both."""
    engine, interval = engine_for(RULES, DEFAULT), sys.getswitchinterval()

    def remember(thread: int) -> int:
        return sum(len(engine.region("statement", f"x = {thread}{number:05}\n")[0]) for number in range(16000))

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(remember, (1, 2, 3))) == [16000] * 3
    finally:
        sys.setswitchinterval(interval)
