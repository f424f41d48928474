"""Fixes in awkward places: what a person wrote around them stays."""

from __future__ import annotations

import pytest

from backend_team.errors import RejectedError
from backend_team.fixes import replace_function
from backend_team.text import Source, Span, apply
from tests.fixes.examples import all_fixed, fixed, withheld

MADE_IN_BODY = """\
class A:
    async def f(self, a: list[int] | None = None):
        if a is None:
            a = []
        # first
        return a
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("comparison-to-none", "if x==None: y()", "if x is None: y()"),
        ("comparison-to-none", "if (  # why\n    x == None\n): y()", "if (  # why\n    x is None\n): y()"),
        ("comparison-to-none", "if f(x)==None:pass", "if f(x) is None:pass"),
        ("comparison-to-none", "x = '😀', a == None  # 😀\n", "x = '😀', a is None  # 😀\n"),
        ("comparison-to-none", "a = 1; b = c == None; d = 2\n", "a = 1; b = c is None; d = 2\n"),
        ("comparison-to-none", "a = b \\\n  == None\n", "a = b \\\n  is None\n"),
        ("comparison-to-none", "if x:\n\ty = z != None\n", "if x:\n\ty = z is not None\n"),
        ("comparison-to-none", "\ufeffx = y == None\n", "\ufeffx = y is None\n"),
        ("comparison-to-none", "\x0cdef f():\n    return y == None\n", "\x0cdef f():\n    return y is None\n"),
        ("comparison-to-true", "if (a or b) == False: c()", "if not (a or b): c()"),
        ("comparison-to-true", "x = (a\n     or b) == True\n", "x = (a\n     or b)\n"),
        ("comparison-to-true", "return_ = [a == True for a in b]", "return_ = [a for a in b]"),
        ("negated-identity", "x = not(a is b)", "x = a is not b"),
        ("negated-membership", "x = not a in b, c", "x = a not in b, c"),
        ("negated-membership", "if not (a if b else c) in d: e()", "if (a if b else c) not in d: e()"),
        ("negated-membership", "assert(not a in b)", "assert(a not in b)"),
        ("ternary-instead-of-or", "x = a if a else b if c else d", "x = a or (b if c else d)"),
        ("needless-list-call", "x = sorted(list(a for a in b))", "x = sorted((a for a in b))"),
        ("needless-bool", "x = (yield True) if (True if a else False) else b", "x = (yield True) if (bool(a)) else b"),
        ("repeated-isinstance", "x = not (isinstance(a, B) or isinstance(a, C))", "x = not (isinstance(a, (B, C)))"),
        ("unused-import", "import os; import sys; sys.exit()\n", "import sys; sys.exit()\n"),
        ("unused-import", "import sys; import os\nsys.exit()\n", "import sys\nsys.exit()\n"),
        ("unused-import", "from os import path, \\\n    sep\nprint(path)\n", "from os import path\nprint(path)\n"),
        ("unused-import", "def f():\n    import os\n", "def f():\n    pass\n"),
        ("unused-import", "def f(): import os\n", "def f(): pass\n"),
        ("unused-import", '"""Doc."""\n\nimport os\n\n\ndef f(): ...\n', '"""Doc."""\n\n\ndef f(): ...\n'),
        ("unused-variable", "def f():\n    x: int = g()\n", "def f():\n    g()\n"),
        (
            "unused-variable",
            "def f():\n    x = (\n        g()  # it\n    )\n",
            "def f():\n    (\n        g()  # it\n    )\n",
        ),
        ("unused-variable", "@d\ndef f():\n\tx = 1\n\treturn 2\n", "@d\ndef f():\n\treturn 2\n"),
        ("unused-exception-name", "try: a()\nexcept(B)as c: d()\n", "try: a()\nexcept(B): d()\n"),
        ("f-string-without-placeholder", 'x = rF"\\d{{2}}"', 'x = r"\\d{2}"'),
        ("f-string-without-placeholder", 'print(f"""a\nb""")', 'print("""a\nb""")'),
        (
            "else-after-return",
            "def f():\n\tif a:\n\t\treturn 1\n\t# so\n\telse:\n\t\tx = '''\n  b'''\n\t\treturn x\n\t\t# end\n\n\nb",
            "def f():\n\tif a:\n\t\treturn 1\n\t# so\n\tx = '''\n  b'''\n\treturn x\n\t# end\n\n\nb",
        ),
        (
            "else-after-return",
            "def f():\n    if a: return 1\n    else: return 2  # two\n",
            "def f():\n    if a: return 1\n    return 2  # two\n",
        ),
        (
            "nested-if",
            "if x:\n    pass\nelif a:\n    if b:\n        c()\n",
            "if x:\n    pass\nelif a and b:\n    c()\n",
        ),
        (
            "mutable-default-argument",
            "class A:\n    async def f(self, a: list[int] = []):\n        # first\n        return a\n",
            MADE_IN_BODY,
        ),
        ("raise-without-from", "try: a()\nexcept B as c: raise D(1)\n", "try: a()\nexcept B as c: raise D(1) from c\n"),
    ],
)
def test_changes_only_the_place(rule: str, before: str, after: str) -> None:
    assert fixed(before, rule) == after


@pytest.mark.parametrize(
    ("rule", "before", "reason"),
    [
        ("unused-import", "import os  # for its effect\n", "comment"),
        (
            "needless-bool",
            "def f():\n    if a:\n        return True  # yes\n    else:\n        return False\n",
            "comment",
        ),
        ("mutable-default-argument", "def f(a=[]): return a\n", "something else stands before it"),
        ("mutable-default-argument", "def f(a: 'list' = []):\n    return a\n", "annotation"),
    ],
)
def test_withheld_with_the_reason(rule: str, before: str, reason: str) -> None:
    assert reason in (withheld(before, rule) or "nothing was withheld")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from typing import Any, Optional\n\n\nx: Optional[int] = 1\ny: Optional[Any] = 2\n",
            "from typing import Any\n\n\nx: int | None = 1\ny: Any | None = 2\n",
        ),
        (
            "from typing import Optional\n\n__all__ = ['Optional']\nx: Optional[int] = 1\n",
            "from typing import Optional\n\n__all__ = ['Optional']\nx: int | None = 1\n",
        ),
        (
            "from typing import (\n    Optional,  # often\n)\n\nx: Optional[int] = 1\n",
            "from typing import (\n    Optional,  # often\n)\n\nx: int | None = 1\n",
        ),
    ],
)
def test_import_goes_with_its_last_use(before: str, after: str) -> None:
    assert all_fixed(before, "optional-to-union").source.text == after


def test_import_of_a_package_stays() -> None:
    before = "from typing import Optional\n\nx: Optional[int] = 1\n"
    after = all_fixed(before, "optional-to-union", path="shop/__init__.py").source.text
    assert after == "from typing import Optional\n\nx: int | None = 1\n"


def test_fixes_inside_each_other_follow_one_another() -> None:
    before = (
        "def f(a, b):\n    if a == None:\n        return 1\n    else:\n        if not b is None:\n            x = 1\n"
        "            return True\n        else:\n            return False\n"
    )
    done = all_fixed(before)
    assert done.source.text == (
        "def f(a, b):\n    if a is None:\n        return 1\n    if b is not None:\n"
        "        return True\n    return False\n"
    )
    assert apply(before, done.edits) == done.source.text
    assert all(each.proved for each in done.applied)


def test_fixes_of_many_names_of_one_import() -> None:
    names = ", ".join(f"a{number}" for number in range(30))
    done = all_fixed(f"from shop import {names}\n\nprint(a7)\n", "unused-import")
    assert done.source.text == "from shop import a7\n\nprint(a7)\n"


def test_replace_function_keeps_indentation_and_strings() -> None:
    text = "class A:\r\n    @d\r\n    def f(self):\r\n        return 1\r\n\r\n    x = 1\r\n"
    span = Span(text.index("@d"), text.index("return 1") + len("return 1"))
    answer = '@d\ndef f(self):\n    text = """\na"""\n\n    return text\n'
    after = apply(text, replace_function(Source("a.py", text), span, answer))
    assert after == (
        'class A:\r\n    @d\r\n    def f(self):\r\n        text = """\r\na"""\r\n\r\n        return text\r\n'
        "\r\n    x = 1\r\n"
    )


@pytest.mark.parametrize("answer", ["def g(): ...", "x = 1", "def f(): ...\ndef f(): ...", "def f(:", ""])
def test_replace_function_refuses(answer: str) -> None:
    with pytest.raises(RejectedError):
        replace_function(Source("a.py", "def f(): pass\n"), Span(0, 13), answer)
