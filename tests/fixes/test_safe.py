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
