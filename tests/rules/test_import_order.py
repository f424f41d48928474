"""Sorted imports: the order is Ruff's, what runs the project's own code keeps its place unless a person agrees."""

from __future__ import annotations

import ast
import random
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from backend_team.analysis.module import Module, analyse
from backend_team.findings import Safety
from backend_team.fixes.fix import fix_all
from backend_team.rules.load import load_rules
from backend_team.rules.model import RuleSet
from backend_team.settings import Settings
from backend_team.text import Edit, Source, Span

RULES = RuleSet({"unsorted-imports": load_rules().by_id["unsorted-imports"]}, "imports")
SETTINGS = Settings(modules=frozenset({"shop"}))
AGREED = 0.98  # of the files that can be compared


def sorted_by_us(text: str, settings: Settings = SETTINGS) -> str:
    return fix_all(Source("pay.py", text), RULES, settings, safety=Safety.REVIEW).source.text


def safety_of(text: str, settings: Settings = SETTINGS) -> Safety | None:
    findings = analyse(Source("pay.py", text), RULES, settings).findings
    return findings[0].safety if findings else None


@pytest.mark.parametrize(
    ("text", "safety"),
    [
        ("import sys\nimport os\n", Safety.SAFE),
        ("import requests\nimport attrs\n", Safety.SAFE),
        ("from shop import orders\nimport os\n", Safety.SAFE),
        ("from shop import Order, Basket\n", Safety.SAFE),
        ("from shop import orders, baskets\n", Safety.REVIEW),
        ("from shop.b import x\nfrom shop.a import y\n", Safety.REVIEW),
        ("from .b import x\nfrom shop import y\n", Safety.REVIEW),
        ("from .b import x\nfrom .a import y\n", Safety.REVIEW),
        ("from os import path\nfrom a import path\nimport b\n", Safety.REVIEW),
        ("import sys\nfrom os import *\n", None),
        ("from sys import *\nfrom os import *\n", Safety.REVIEW),
        ("# about sys\nimport sys\nimport os\n", Safety.REVIEW),
        ("# about all\n\nimport sys\nimport os\n", Safety.SAFE),
        ("import sys\nimport readline\n", Safety.REVIEW),
    ],
)
def test_only_foreign_imports_move_by_themselves(text: str, safety: Safety | None) -> None:
    assert safety_of(text) is safety


def test_without_known_modules_only_the_standard_library_moves_by_itself() -> None:
    assert safety_of("import sys\nimport os\n", Settings()) is Safety.SAFE
    assert safety_of("import b\nimport a\n", Settings()) is Safety.REVIEW


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import b9, b10, a\n", "import a\nimport b9\nimport b10\n"),
        ("import os\nimport os\n\nprint(os)\n", "import os\n\nprint(os)\n"),
        ("from os import sep\nfrom os import path\n", "from os import path, sep\n"),
        ("import shop.cart\nimport os\nimport attrs\n", "import os\n\nimport attrs\n\nimport shop.cart\n"),
        ("from . import b\nfrom .. import a\n", "from .. import a\nfrom . import b\n"),
        ("import os\n\nimport sys\n", "import os\nimport sys\n"),
        ("import os\nimport a\n", "import os\n\nimport a\n"),
        ("from os import (\n    sep,  # 2\n    path  # 1\n)\n", "from os import (\n    path,  # 1\n    sep,  # 2\n)\n"),
        ("from os import (sep,\n                path)\n", "from os import (path,\n                sep)\n"),
        ("import sys\r\nimport os\r\n", "import os\r\nimport sys\r\n"),
        ("import sys  # 1\n# 2\nimport os  # 3\n", "# 2\nimport os  # 3\nimport sys  # 1\n"),
        ("from a import b\n# 1\nfrom a import B\n", "# 1\nfrom a import B\nfrom a import b\n"),
        ("if x:\n    import sys\n    import os\n", "if x:\n    import os\n    import sys\n"),
        ("\ufeffimport sys\nimport os\n", "\ufeffimport os\nimport sys\n"),
        (
            f"def f():\n    from a import {'b' * 50}\n    from a import {'c' * 50}\n",
            f"def f():\n    from a import (\n        {'b' * 50},\n        {'c' * 50},\n    )\n",
        ),
    ],
)
def test_layout(before: str, after: str) -> None:
    assert sorted_by_us(before) == after
    assert sorted_by_us(after) == after


@pytest.mark.parametrize(
    "text",
    [
        "import sys; import os\n",
        "import sys  # isort: skip\nimport os\n",
        "# isort: off\nimport sys\nimport os\n",
        "import sys  # NOQA isort:skip\nimport os\n",
        "from a import b\nfrom a import c as d\nfrom a import e\n",
        "from a import b\nfrom a import c\nfrom d import e\nfrom d import f\n",
        "import \\\n    sys\nimport os\n",
        "import sys, os  # both\n",
        "try:\n    import ujson\nexcept ImportError:\n    import json\n",
        "if x: import sys\nimport os\n",
    ],
)
def test_left_alone(text: str) -> None:
    assert safety_of(text) is None


def test_the_same_after_each_edit() -> None:
    text = "import a\nimport os\nfrom shop import cart\n\n\ndef f():\n    import sys\n    import abc\n"
    module = Module(Source("pay.py", text), RULES, SETTINGS)
    for place in range(0, len(text), 3):
        for change in ("\n", "x", "import b\n", "# isort: skip", "#isort:off\n"):
            edit = Edit(Span(place, place), change)
            source = module.source.edited([edit])
            module.edit(source, [edit])
            if not module.report.problems:
                assert module.report.findings == analyse(source, RULES, SETTINGS).findings
            back = Edit(Span(place, place + len(change)), "")
            module.edit(source.edited([back]), [back])


def _shuffled(text: str, chance: random.Random) -> str | None:
    """The text with its first imports in another order; None when they are not plain enough to compare."""
    body = ast.parse(text).body
    first = next((index for index, node in enumerate(body) if isinstance(node, (ast.Import, ast.ImportFrom))), None)
    if first is None:
        return None
    run = []
    for node in body[first:]:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            break
        run.append(node)
    lines = text.split("\n")
    start, end = run[0].lineno - 1, run[-1].end_lineno or 0
    names = [alias for node in run for alias in node.names]
    modules = [(node.level, node.module) for node in run if isinstance(node, ast.ImportFrom)]
    plain = len(modules) == len({*modules}) and not any(name.asname for name in names)
    if len(run) < 3 or re.search(r"[#;(\\]", "".join(lines[start:end])) or not plain:
        return None
    rows = lines[start:end]
    chance.shuffle(rows)
    return "\n".join([*rows, "", "", ""])


def test_order_is_that_of_ruff(tmp_path: Path) -> None:
    chance = random.Random(7)
    texts = []
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*/*.py"))[:400]:
        try:
            shuffled = _shuffled(path.read_text(encoding="utf-8"), chance)
        except (UnicodeDecodeError, SyntaxError):
            continue
        if shuffled is not None:
            texts.append(shuffled)
    for number, text in enumerate(texts):
        (tmp_path / f"f{number}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "I001", "--fix", "-q"]
    subprocess.run([*command, str(tmp_path)], check=True, capture_output=True, text=True)
    same = 0
    for number, text in enumerate(texts):
        same += sorted_by_us(text).rstrip() == (tmp_path / f"f{number}.py").read_text(encoding="utf-8").rstrip()
    print(f"\n{same} of {len(texts)} files as Ruff has them ({same / len(texts):.1%})")
    assert len(texts) > 50
    assert same >= AGREED * len(texts)
