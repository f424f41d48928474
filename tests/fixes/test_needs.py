"""Fixes that need an import: what is there is used, what is missing is added where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.module import analyse
from backend_team.findings import Fix, Withheld
from backend_team.fixes.fix import fix
from backend_team.rules.load import load_rules
from backend_team.text import Source, apply

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.rules.model import RuleSet

RULE = """\
id: {id}
title: Sample
why: Because.
severity: hint
pattern: {pattern}
fix: {fix}
safety: review
examples: [{{ before: "x", after: "y" }}]
"""
RULES = {
    "sqrt-by-power": ("$X ** 0.5", "math.sqrt($X)"),
    "text-path": ("locate($X)", "pathlib.Path($X)"),
    "quoting": ("quoted($X)", "urllib.parse.quote($X)"),
    "joined": ("join_path($X, $Y)", "os.path.join($X, $Y)"),
    "mapping": ("is_mapping($X)", "isinstance($X, collections.abc.Mapping)"),
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder: Path = tmp_path_factory.mktemp("rules")
    for name, (pattern, fixed) in RULES.items():
        (folder / f"{name}.yaml").write_text(RULE.format(id=name, pattern=pattern, fix=fixed), encoding="utf-8")
    return load_rules(folder)


def outcome(text: str, rules: RuleSet) -> Fix | Withheld:
    source = Source("a.py", text)
    (finding,) = analyse(source, rules).findings
    return fix(source, finding, rules)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = y ** 0.5\n", "import math\n\nx = math.sqrt(y)\n"),
        ("x = y ** 0.5", "import math\n\nx = math.sqrt(y)"),
        ("\ufeffx = y ** 0.5\n", "\ufeffimport math\n\nx = math.sqrt(y)\n"),
        ("import math\nx = y ** 0.5\n", "import math\nx = math.sqrt(y)\n"),
        ("import math as m\nx = y ** 0.5\n", "import math as m\nx = m.sqrt(y)\n"),
        ("from math import sqrt\nx = y ** 0.5\n", "from math import sqrt\nx = sqrt(y)\n"),
        ("from math import sqrt as s\nx = y ** 0.5\n", "from math import sqrt as s\nx = s(y)\n"),
        ("import os\nimport sys\nx = y ** 0.5\n", "import math\nimport os\nimport sys\nx = math.sqrt(y)\n"),
        ("import ast\nimport sys\nx = y ** 0.5\n", "import ast\nimport math\nimport sys\nx = math.sqrt(y)\n"),
        ("import ast  # why\nx = y ** 0.5\n", "import ast  # why\nimport math\nx = math.sqrt(y)\n"),
        ("from ast import parse\nx = y ** 0.5\n", "import math\nfrom ast import parse\nx = math.sqrt(y)\n"),
        ("import django\nx = y ** 0.5\n", "import math\n\nimport django\nx = math.sqrt(y)\n"),
        ('"""Doc."""\nx = y ** 0.5\n', '"""Doc."""\n\nimport math\nx = math.sqrt(y)\n'),
        (
            '"""Doc."""\n\nfrom __future__ import annotations\n\nx = y ** 0.5\n',
            '"""Doc."""\n\nfrom __future__ import annotations\n\nimport math\n\nx = math.sqrt(y)\n',
        ),
        (
            "#!/usr/bin/env python\n# Licence\n\nx = y ** 0.5\n",
            "#!/usr/bin/env python\n# Licence\n\nimport math\n\nx = math.sqrt(y)\n",
        ),
        ("# Licence\nx = y ** 0.5\n", "# Licence\nimport math\n\nx = math.sqrt(y)\n"),
        ("import os\r\nx = y ** 0.5\r\n", "import math\r\nimport os\r\nx = math.sqrt(y)\r\n"),
        ("def f(y):\n    return y ** 0.5\n", "import math\n\ndef f(y):\n    return math.sqrt(y)\n"),
        ("locate(a)\n", "from pathlib import Path\n\nPath(a)\n"),
        ("from pathlib import PurePath\nlocate(a)\n", "from pathlib import Path, PurePath\nPath(a)\n"),
        ("from pathlib import A\nlocate(a)\n", "from pathlib import A, Path\nPath(a)\n"),
        (
            "from pathlib import (\n    PurePath,\n)\nlocate(a)\n",
            "from pathlib import (\n    PurePath,\n)\nfrom pathlib import Path\nPath(a)\n",
        ),
        ("import pathlib\nlocate(a)\n", "import pathlib\npathlib.Path(a)\n"),
        ("quoted(a)\n", "import urllib.parse\n\nurllib.parse.quote(a)\n"),
        ("import urllib.request\nquoted(a)\n", "import urllib.parse\nimport urllib.request\nurllib.parse.quote(a)\n"),
        ("from urllib.parse import quote\nquoted(a)\n", "from urllib.parse import quote\nquote(a)\n"),
        ("import os\njoin_path(a, b)\n", "import os\nos.path.join(a, b)\n"),
        ("join_path(a, b)\n", "import os\n\nos.path.join(a, b)\n"),
        (
            "from collections.abc import Set\nis_mapping(a)\n",
            "from collections.abc import Mapping, Set\nisinstance(a, Mapping)\n",
        ),
    ],
)
def test_what_is_missing_is_imported(before: str, after: str, rules: RuleSet) -> None:
    done = outcome(before, rules)
    assert isinstance(done, Fix), done.reason
    assert apply(before, done.edits) == after


@pytest.mark.parametrize(
    "text",
    [
        "math = 1\nx = y ** 0.5\n",
        "def f(math):\n    return math ** 0.5\n",
        "import numpy as math\nx = y ** 0.5\n",
        "try:\n    import math\nexcept ImportError:\n    math = None\nx = y ** 0.5\n",
        "from here import *\nx = y ** 0.5\n",
        "print(math)\nx = y ** 0.5\n",
        "x = y ** 0.5\nimport math\n",
        "class Path: ...\nlocate(a)\n",
    ],
)
def test_a_name_that_means_something_else_withholds_the_fix(text: str, rules: RuleSet) -> None:
    assert isinstance(outcome(text, rules), Withheld)
