"""Fixes that are called safe change nothing: what looks harmless and is not, is for review, withheld, or not found."""

from __future__ import annotations

import pytest

from backend_team.fixes.fix import fix_all
from backend_team.text import Source
from tests.fixes.examples import rules


def safely(text: str, path: str = "shop.py") -> str:
    """The text with every safe fix."""
    return fix_all(Source(path, text), rules()).source.text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "from numpy import *\n\n\ndef total(rows):\n    return sum(list(rows))\n", id="a star may bind sum()"
        ),
        pytest.param("from shop import *\n\nfull = True if rows else False\n", id="a star may bind bool()"),
        pytest.param('import os\n"""Not the docstring."""\n', id="the docstring of a module"),
        pytest.param('def f():\n    x = 1\n    "no docstring"\n    return 2\n', id="the docstring of a function"),
        pytest.param('class C:\n    pass\n    "no docstring"\n', id="the docstring of a class"),
        pytest.param('def f():\n    f"""no docstring"""\n    return 2\n', id="an f-string is no docstring"),
        pytest.param(
            "def f():\n    thing = make()\n    alive = thing\n    del thing\n    return collect()\n",
            id="the last name of an object",
        ),
        pytest.param(
            "def f():\n    try:\n        probe = unicode\n    except NameError:\n        return 2\n    return 3\n",
            id="a name that may be missing",
        ),
        pytest.param("import math\n\n\ndef calculate(text):\n    return eval(text)\n", id="text that is run"),
        pytest.param('import math\n\nprint(eval("math.pi"))\n', id="a text that is run"),
        pytest.param('import json\n\nprint(globals()["json"])\n', id="a name that is looked up"),
        pytest.param("from unittest.suite import load_tests\n", id="a hook of unittest"),
        pytest.param("import json\n\n__all__ = [name for name in dir() if name > 'a']\n", id="all names there are"),
        pytest.param(
            "import json\nimport sys\n\nprint(getattr(sys.modules[__name__], word))\n", id="a name of the module itself"
        ),
        pytest.param("def f(key):\n    known = {key}\n    return 1\n", id="an item of a set may have no hash"),
        pytest.param(
            "import os\n\nshow(os)\ndel os\nimport os\n\nshow(os)\n", id="an import after the end of the name"
        ),
        pytest.param(
            "def f(rows):\n    n = 0\n    for row in rows:\n        later(lambda: n, row)\n        n += 1\n",
            id="a function sees how far a counter got",
        ),
        pytest.param(
            "def f(rows):\n    n = 0\n    for row in rows:\n        show(n, row)\n        n += 1.0\n",
            id="a counter that is no whole number",
        ),
        pytest.param(
            "def f(rows):\n    for row in rows:\n        import re\n        word = re.compile('a')\n"
            "        show(word, row)\n",
            id="a module imported in the loop",
        ),
        pytest.param(
            "ERRORS = KeyError, IndexError\n\ntry:\n    send()\nexcept ERRORS:\n    wait()\n"
            "except ValueError:\n    wait()\n",
            id="several exceptions by one name",
        ),
        pytest.param(
            "def f(queue):\n    if queue:\n        drain()\n    if queue:\n        show(queue)\n",
            id="a call may empty what is asked",
        ),
        pytest.param(
            "def f():\n    if flag is None:\n        load()\n    if flag is None:\n        show(flag)\n",
            id="a call may bind a name of the module",
        ),
        pytest.param(
            "def f():\n    state = None\n\n    def start():\n        nonlocal state\n        state = 1\n\n"
            "    if state is None:\n        start()\n        show(1)\n    else:\n        start()\n        show(2)\n",
            id="a call may bind a name of this function",
        ),
    ],
)
def test_stays(text: str) -> None:
    assert safely(text) == text


def test_an_import_from_the_package_itself_is_for_review() -> None:
    text = "from email.charset import Charset\n"
    assert safely(text, "email/mime/text.py") == text
    assert safely(text, "shop/compatibility.py") == text
    assert safely(text, "shop/_compat.py") == text
    assert safely(text) == ""


def test_a_choice_between_true_and_false_becomes_the_condition() -> None:
    before = "def f(a):\n    if a:\n        return True\n    else:\n        return False\n"
    assert safely(before) == "def f(a):\n    return bool(a)\n"


def test_an_if_whose_branches_all_leave_leaves() -> None:
    before = (
        "def f(a, b):\n    if a:\n        if b:\n            return 1\n        else:\n            return 2\n"
        "    else:\n        return 3\n"
    )
    after = "def f(a, b):\n    if a:\n        if b:\n            return 1\n        return 2\n    return 3\n"
    assert safely(before) == after


def test_an_import_that_was_there_twice_stays_once() -> None:
    """Nothing in the file reads it, but others may."""
    assert safely("import os\n\nimport json\nimport os\n", "conftest.py") == "import json\nimport os\n"
