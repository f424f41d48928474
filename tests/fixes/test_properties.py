"""Properties of fixing, over programs put together from the examples of all rules."""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_team.analysis.module import analyse
from backend_team.findings import Fix, Safety
from backend_team.fixes.fix import fix, fix_all
from backend_team.fixes.proof import comments, compiles
from backend_team.settings import Settings
from backend_team.text import Source, apply
from tests.fixes.examples import rules

if TYPE_CHECKING:
    from backend_team.rules.model import Example

EVERYTHING = Settings(select=frozenset({"all"}), target_version=(3, 11))
LINE_ENDS = ("\n", "\r\n", "\r")


def _texts(example: Example) -> str:
    return example.before or example.keep or ""


EXAMPLES = sorted({_texts(example) for rule in rules() for example in rule.examples})
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Examples one after the other, some inside functions or under conditions, with comments between them."""
    parts = []
    for index, text in enumerate(draw(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=5))):
        wrapper = draw(
            st.sampled_from(("", "", f"def around_{index}():\n", "if here:\n", "class Around:\n    def f(self):\n"))
        )
        depth = 4 * wrapper.count("\n") if wrapper else 0
        body = "".join(" " * depth + line if line.strip() else line for line in text.splitlines(keepends=True))
        if draw(st.booleans()):
            parts.append(f"# comment {index}\n")
        parts.append(wrapper + body + ("" if body.endswith("\n") else "\n"))
    text = "".join(parts)
    return text.replace("\n", draw(st.sampled_from(LINE_ENDS)))


def _kept(text: str) -> Counter[str]:
    """The comments but our suppressions: a fix may be about those."""
    return Counter({one: count for one, count in comments(text).items() if "backend-team:" not in one})


@SLOW
@given(programs(), st.sampled_from([Safety.SAFE, Safety.REVIEW]))
def test_fixing_everything_keeps_what_must_be_kept(text: str, safety: Safety) -> None:
    done = fix_all(Source("shop.py", text), rules(), EVERYTHING, safety=safety)
    assert apply(text, done.edits) == done.source.text
    if compiles(text):
        assert compiles(done.source.text)
        assert _kept(done.source.text) == _kept(text)
    again = fix_all(done.source, rules(), EVERYTHING, safety=safety)
    assert again.source.text == done.source.text


@SLOW
@given(programs(), st.data())
def test_one_fix_ends_its_finding(text: str, data: st.DataObject) -> None:
    source = Source("shop.py", text)
    fixable = [f for f in analyse(source, rules(), EVERYTHING).findings if rules().by_id[f.rule].fixable]
    if not fixable:
        return
    finding = data.draw(st.sampled_from(fixable))
    done = fix(source, finding, rules(), EVERYTHING)
    if not isinstance(done, Fix):
        assert done.reason
        return
    after = source.edited(done.edits)
    left = analyse(after, rules(), EVERYTHING)
    count = sum(each.rule == finding.rule for each in analyse(source, rules(), EVERYTHING).findings)
    assert sum(each.rule == finding.rule for each in left.findings) < count
    assert len(left.problems) <= len(analyse(source, rules(), EVERYTHING).problems)


STATEMENTS = (
    "x = {value}\nresult.append(x)\n",
    "if {value} == None:\n    result.append(1)\nelse:\n    result.append(2)\n",
    "for key in {{1: {value}}}.keys():\n    result.append(key)\n",
    "result.append(not {value} == 3)\n",
    "result.append(True if {value} else False)\n",
    "result.append(list(sorted([{value}, 2], key=str)))\n",
    "def f(a):\n    if a:\n        return 1\n    else:\n        return {value}\nresult.append(f({value}))\n",
    "def g(a):\n    if a:\n        if {value}:\n            return 1\n    return 2\nresult.append(g({value}))\n",
    "def h(a):\n    b = a * 2\n    return b\nresult.append(h({value}))\n",
    "result.append('{{}} {{}}'.format({value}, 1))\n",
    "result.append('%s' % ({value},))\n",
    "import os\nresult.append(1)\n",
    "y = dict()\ny.update(a={value})\nresult.append(y)\n",
    "try:\n    result.append({value} + 1)\nexcept (TypeError,):\n    result.append('no')\n",
    "result.append(set([1, {value}]) == set((1, {value})))\n",
    "result.append([z for z in [{value}]])\n",
    "z = {value}\nz = z + {value}\nresult.append(z)\n",
    "result.append(any([w for w in [{value}, 0]]))\n",
    "result.append(len([{value}]) == 0)\n",
)
VALUES = ("0", "1", "3", "None", "''", "'a'", "[]", "True", "2.5")


def _run(text: str) -> str:
    """What the program does, as text."""
    names: dict[str, object] = {"result": []}
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(compile(text, "program", "exec", dont_inherit=True), names)
        except Exception as error:
            return f"{names['result']!r} {type(error).__name__}"
    return repr(names["result"])


@SLOW
@given(st.lists(st.tuples(st.sampled_from(STATEMENTS), st.sampled_from(VALUES)), min_size=1, max_size=8))
def test_safe_fixes_leave_what_a_program_does(parts: list[tuple[str, str]]) -> None:
    text = "".join(statement.format(value=value) for statement, value in parts)
    done = fix_all(Source("program.py", text), rules(), EVERYTHING, safety=Safety.SAFE)
    assert _run(done.source.text) == _run(text)
