"""Rewrites of whole suites, in awkward places: guards, branches, loops, `with`, `try`."""

from __future__ import annotations

import pytest

from tests.fixes.examples import all_fixed, fixed, withheld

LONG = "".join(f"\n{{margin}}    step{number}()" for number in range(10))


YIELDED = "def f():\n    if b:\n        x = g(); x = x + 1\n    else:\n        x = (yield)\n    return x\n"


def long_if(margin: str, head: str = "if a:") -> str:
    """An `if` that is long enough, and holds another."""
    return f"{margin}{head}\n{margin}    if b:\n{margin}        c()" + LONG.format(margin=margin) + "\n"


def flat(margin: str) -> str:
    """What `long_if` holds, one level out."""
    return f"{margin}if b:\n{margin}    c()" + LONG.format(margin=margin[4:]) + "\n"


@pytest.mark.parametrize(
    ("head", "opposite"),
    [
        ("a", "not a"),
        ("not a", "a"),
        ("not (a or b)", "a or b"),
        ("a is None", "a is not None"),
        ("a not in b", "a in b"),
        ("a and b.c", "not a or not b.c"),
        ("not a or b is None", "a and b is not None"),
        ("not (a or b) or c", "(a or b) and not c"),
        ("len(a) > 1", "len(a) <= 1"),
        ("a == b", "a != b"),
        ("(a or b) == c", "(a or b) != c"),
    ],
)
def test_a_guard_says_the_opposite(head: str, opposite: str) -> None:
    before = "def f(a, b, c):\n" + long_if("    ", f"if {head}:")
    after = f"def f(a, b, c):\n    if {opposite}:\n        return\n\n" + flat("    ")
    assert fixed(before, "missing-guard") == after


def test_a_guard_in_a_loop_of_a_method_keeps_tabs_and_strings() -> None:
    before = (
        'class A:\n\tdef f(self):\n\t\tfor a in self.b:\n\t\t\tif a:\n\t\t\t\ttext = """\n\t\t\t\tx"""\n\t\t\t\tif c:\n'
    )
    before += "\t\t\t\t\tpass\n" + "\t\t\t\td()\n" * 9 + "\t\treturn 1\n"
    after = "class A:\n\tdef f(self):\n\t\tfor a in self.b:\n\t\t\tif not a:\n\t\t\t\tcontinue\n\n"
    after += '\t\t\ttext = """\n\t\t\t\tx"""\n'
    after += "\t\t\tif c:\n\t\t\t\tpass\n" + "\t\t\td()\n" * 9 + "\t\treturn 1\n"
    assert fixed(before, "missing-guard") == after


@pytest.mark.parametrize("head", ["a < b", "a < b < c", "a and b and c", "lambda: a", "a == b or c < 1"])
def test_a_condition_whose_opposite_reads_badly_stays(head: str) -> None:
    assert all_fixed("def f(a, b, c):\n" + long_if("    ", f"if {head}:"), "missing-guard").applied == ()


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("negated-condition", "if not (a): b()\nelse: c()\n", "if not (a): b()\nelse: c()\n"),
        (
            "negated-condition",
            "@d\ndef f():\n    if not (a, b):\n        c()\n    else:\n        d()\n",
            "@d\ndef f():\n    if (a, b):\n        d()\n    else:\n        c()\n",
        ),
        (
            "loop-without-condition",
            "while True:\n    if a is None or not b:\n        break\n    c()\n",
            "while a is not None and b:\n    c()\n",
        ),
        (
            "suppressed-exception",
            "from shop import contextlib\n\ntry:\n    a()\nexcept B:\n    pass\n",
            "from shop import contextlib\n\ntry:\n    a()\nexcept B:\n    pass\n",
        ),
        ("returned-after-branches", YIELDED, YIELDED),
        (
            "returned-after-branches",
            "def f():\n    if b:\n        log()\n        x = y = 1\n    else:\n        x = 2\n    return x\n",
            "def f():\n    if b:\n        log()\n        x = y = 1\n    else:\n        x = 2\n    return x\n",
        ),
        (
            "repeated-end",
            "if a:\n    b()\n    e()\nelse:\n    d()\n    e()\n    # end\nf()\n",
            "if a:\n    b()\n    e()\nelse:\n    d()\n    e()\n    # end\nf()\n",
        ),
        (
            "nested-try",
            "try:\n    try: a()\n    except B: c()\nfinally: d()\n",
            "try: a()\nexcept B: c()\nfinally: d()\n",
        ),
        (
            "counted-by-hand",
            "def f(a):\n    n = 3\n    for (x, y) in a:\n        n += 1\n        print(n, x, y)\n",
            "def f(a):\n    for n, (x, y) in enumerate(a, 4):\n        print(n, x, y)\n",
        ),
        (
            "filled-afterwards",
            "def f(x):\n    a = []\n    a.append((x, 1))\n    a.append(*x)\n    return a\n",
            "def f(x):\n    a = [(x, 1)]\n    a.append(*x)\n    return a\n",
        ),
        (
            "open-without-context",
            "def f(p):\n    a = open(p); b = a.read()\n    a.close()\n    return b\n",
            "def f(p):\n    a = open(p); b = a.read()\n    a.close()\n    return b\n",
        ),
        ("negated-ternary", "x = (yield a) if not a else (b, c)\n", "x = (b, c) if a else (yield a)\n"),
        ("yoda-condition", "x = 1 == (yield a)\n", "x = (yield a) == 1\n"),
        ("negated-group", "assert not(a is b or c in d), e\n", "assert a is not b and c not in d, e\n"),
    ],
)
def test_changes_only_what_it_should(rule: str, before: str, after: str) -> None:
    assert all_fixed(before, rule).source.text == after


@pytest.mark.parametrize(
    ("rule", "before", "reason"),
    [
        ("missing-guard", "def f(a):\n" + long_if("    ", "if a:  # so"), "comment"),
        ("negated-condition", "if not a:\n    b()\n# no\nelse:\n    c()\n", "comment"),
        ("suppressed-exception", "try: a()\nexcept B: pass\n", "line of `try`"),
        ("open-without-context", "x = open('a').read()\n", "could be closed"),
        ("fixed-in-loop", "def f():\n    for a in b:\n        c = 1; d(c)\n", "other code"),
    ],
)
def test_withheld_with_the_reason(rule: str, before: str, reason: str) -> None:
    assert reason in (withheld(before, rule) or "nothing was withheld")


def test_rewrites_follow_one_another() -> None:
    before = "def f(a):\n    if not a:\n        log()\n        x = 1\n    else:\n        note()\n        x = 2\n"
    after = "def f(a):\n    if not a:\n        log()\n        return 1\n    note()\n    return 2\n"
    assert all_fixed(before + "    return x\n").source.text == after
