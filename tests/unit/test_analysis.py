"""One module: suppressions, text that doesn't parse, functions, faults."""

from __future__ import annotations

import ast
import sys
import textwrap
import time
from dataclasses import replace

import pytest

from backend_team.analysis.module import Module, analyse
from backend_team.analysis.plans import plans_of
from backend_team.analysis.table import compile_table
from backend_team.findings import Severity
from backend_team.rules.load import load_rules
from backend_team.rules.model import RuleSet
from backend_team.rules.pattern import Pattern, parse
from backend_team.settings import DEFAULT, Settings
from backend_team.text import Edit, Source, Span

RULES = load_rules()


def rules_found(text: str, settings: Settings = DEFAULT) -> list[str]:
    report = analyse(Source("shop.py", textwrap.dedent(text)), RULES, settings)
    assert not report.problems
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    ("comment", "suppressed"),
    [
        ("# noqa", True),
        ("#noqa", True),
        ("# NOQA", True),
        ("# noqa: E711", True),
        ("# noqa: F401, E711", True),
        ("# noqa:E711 because", True),
        ("# noqa: F401", False),
        ("# noqa : E711", True),
        ("# noqa : F401", False),
        ("# noqas", False),
        ("# because # noqa", True),
        ("# backend-team: ignore[comparison-to-none] a column", True),
        ("# backend-team: ignore[bare-except, comparison-to-none]", True),
        ("# backend-team: ignore[bare-except]", False),
        ("# backend-team: ignore", False),
        ("# nothing", False),
    ],
)
def test_suppressions(comment: str, suppressed: bool) -> None:
    settings = Settings(ignore=frozenset({"unused-suppression"}))
    expected = [] if suppressed else ["comparison-to-none"]
    assert rules_found(f"x = y == None  {comment}\n", settings) == expected
    assert rules_found(f"x = (\n    y == None  {comment}\n)\n", settings) == expected


def test_a_suppression_is_for_its_line() -> None:
    assert rules_found("x = y == None\nz = 1  # noqa\n") == ["comparison-to-none"]


def test_settings_choose() -> None:
    text = "import os\nx = y == None\n"
    assert rules_found(text) == ["unused-import", "comparison-to-none"]
    assert rules_found(text, Settings(select=frozenset({"imports"}))) == ["unused-import"]
    assert rules_found(text, Settings(ignore=frozenset({"comparison-to-none"}))) == ["unused-import"]
    report = analyse(Source("a.py", text), RULES, Settings(severity={"unused-import": "error"}))
    assert [finding.severity for finding in report.findings] == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\ufeff",
        "\x00",
        "x = 1\x00",
        "x = '\ud800'",
        "(" * 5000,
        "x = " + "-" * 20000 + "1",
        "x = " + "a." * 5000 + "b",
        "x = " + " + ".join("a" * 3000),
        "'''",
        "class A:",
        "class A:\n",
        "@a",
        "\\",
        "if x:\n\ty\n        z",
        "\tx",
        "\x0cx = 1",
        "x = 1\rdef f(): pass\r",
        "print 'hello'",
        "async def f(): [x async for x in y]",
        "match x:\n    case {'a': 1, **rest}: pass\n    case [1, *_]: pass\n    case A(b=c) as d: pass",
        "x = '\\d'",
    ],
)
def test_analysis_never_raises(text: str) -> None:
    module = Module(Source("a.py", text), RULES)
    assert not [problem for problem in module.report.problems if problem.kind == "fault"]
    assert "".join(block.text for block in module.blocks) == text
    for place in range(0, len(text), max(1, len(text) // 7)):
        edit = Edit(Span(place, place), "(")
        module.edit(module.source.edited([edit]), [edit])
        assert not [problem for problem in module.report.problems if problem.kind == "fault"]


def test_a_byte_order_mark_moves_nothing() -> None:
    report = analyse(Source("a.py", "\ufeffx = y == None\n"), RULES)
    assert [finding.span for finding in report.findings] == [Span(5, 14)]


def test_a_rule_that_fails_leaves_the_others_alone() -> None:
    class Failing(Pattern):
        __slots__ = ()

        def match(self, node: object) -> None:
            raise KeyError("oh")

    good = RULES.by_id["negated-membership"]
    failing = replace(good, id="failing", matchers=tuple(Failing.__new__(Failing) for _ in good.matchers))
    for new, old in zip(failing.matchers, good.matchers, strict=True):
        for name in ("root", "tree", "builtins", "called", "owner", "assigned", "modules"):
            setattr(new, name, getattr(old, name))
    rules = RuleSet({"a-failing": failing, good.id: good}, "of this test")
    report = analyse(Source("a.py", "x = not y in z\n"), rules)
    assert [finding.rule for finding in report.findings] == [good.id]
    assert {problem.kind for problem in report.problems} == {"fault"}
    assert '"failing" failed: KeyError' in report.problems[0].message


def test_type_parameters_are_names() -> None:
    newer = [
        "class H[T: int, *Ts, **P](B):\n    x = y == None\n",
        "def f[T](x: T):\n    return x == None\n",
        "type A[T] = list[T]\n",
    ]
    for text in newer:
        report = analyse(Source("a.py", text), RULES)
        if sys.version_info < (3, 12):
            assert any("3.12" in problem.message for problem in report.problems)
            continue
        assert [problem.kind for problem in report.problems] == []
        assert [finding.rule for finding in report.findings] == ["comparison-to-none"] * text.count("None")


def test_the_patterns_of_a_rule_are_asked_in_their_order() -> None:
    names = {"sorted": "$X = sorted($Y)", "any": "$X = $Y"}
    for order in (["sorted", "any"], ["any", "sorted"]):
        good = RULES.by_id["sorted-into-itself"]
        matchers = tuple(Pattern(parse(names[name])) for name in order)
        rule = replace(good, id="both", matchers=matchers)
        table = compile_table(RuleSet({"both": rule}, f"of this test {order}"), DEFAULT)
        node = ast.parse("y = sorted(q)").body[0]
        chosen = plans_of(table, {})[ast.Assign][1]
        assert chosen is not None
        assert [pattern for _, _, pattern in chosen(node)] == list(matchers)


HALF_TYPED = textwrap.dedent(
    """\
    import os

    a = b == None


    def one():
        return b == None


    class Shop:
        x = b == None

        def two(self):
            return b == None
    """
)


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [
        ("a = b", "(", 4),  # touches no finding: its own line's is kept and moved
        ("return b == None\n\n\nclass", "x =\n    ", 4),
        ("    def two", "    @\n", 4),
        ("    def two", "    def (\n", 4),
        ("class Shop", "class (:\n    pass\n\n", 4),
        ("import os", "import\n", 4),
        ("== None\n\n\ndef", "(", 3),  # within what is marked
    ],
)
def test_a_half_typed_line_keeps_the_findings(place: str, typed: str, kept: int) -> None:
    module = Module(Source("a.py", HALF_TYPED), RULES)
    before = module.report
    at = HALF_TYPED.index(place)
    edit = Edit(Span(at, at), typed)
    module.edit(module.source.edited([edit]), [edit])
    report = module.report
    assert [problem.kind for problem in report.problems] == ["syntax"]
    found = [finding for finding in report.findings if finding.rule == "comparison-to-none"]
    assert len(found) == kept
    text = module.source.text
    assert {text[finding.span.start : finding.span.end].replace(typed, "") for finding in found} == {"b == None"}
    back = Edit(Span(at, at + len(typed)), "")
    module.edit(Source("a.py", HALF_TYPED), [back])
    assert module.report == before


def test_a_file_that_never_parsed_is_analysed_where_it_can_be() -> None:
    text = HALF_TYPED.replace("def one():", "def one(:") + "\n\ny = '''\nclass\n''' == None\n"
    report = analyse(Source("a.py", text), RULES)
    rules = [finding.rule for finding in report.findings]
    assert rules.count("comparison-to-none") == 4
    assert [text[problem.span.start - 4 : problem.span.start] for problem in report.problems] == ["one("]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("above", ["# licence", "", "@decorated"])
def test_long_heads_of_what_does_not_parse_cost_little(above: str, line_end: str) -> None:
    text = line_end.join([*[above] * 60, "def f(:", "    pass", ""])
    started = time.process_time()
    report = analyse(Source("a.py", text), RULES)
    assert report.problems
    assert time.process_time() - started < 2  # once twice as long for each line


def test_a_broken_member_leaves_its_class_alone() -> None:
    text = HALF_TYPED.replace("def two(self):", "def two(self:\n        1\n\n    def three(self):")
    report = analyse(Source("a.py", text), RULES)
    assert [finding.rule for finding in report.findings].count("comparison-to-none") == 4
    assert len(report.problems) == 1


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ("return b == None\n\n\nclass", "one"),
        ("x = b", None),
        ("@decorated", "Shop.two"),
        ("deeper = 1", "Shop.two.<locals>.inner"),
        ("after_inner", "Shop.two"),
    ],
)
def test_function_at(inside: str, name: str | None) -> None:
    text = HALF_TYPED.replace("    def two(self):\n", "    @decorated  # é😀\n    def two(self):\n")
    text += "\n        def inner():\n            deeper = 1\n            return deeper\n\n        after_inner(inner)\n"
    module = Module(Source("a.py", text), RULES)
    found = module.function_at(text.index(inside))
    assert (found and found.qualified_name) == name
    if found is not None and found.name == "two":
        assert text[found.span.start : found.span.end].startswith("@decorated")
        assert text[found.span.start : found.span.end].endswith("after_inner(inner)")


def test_complexity_is_counted_as_mccabe_does() -> None:
    text = textwrap.dedent(
        """\
        def f(a):
            if a and b:
                pass
            elif c:
                pass
            for x in y:
                while x: pass
            try: pass
            except A: pass
            except B: pass
            def g():
                return [1 for z in y if z]
        """
    )
    module = Module(Source("a.py", text), RULES)
    found = module.function_at(text.index("if a"))
    assert found is not None
    assert found.complexity == 1 + 2 + 2 + 2 + (1 + 1)
