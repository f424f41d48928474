"""The condition that says where a name comes from: `$CHAIN is itertools.chain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.module import analyse
from backend_team.errors import RuleError
from backend_team.rules.load import load_rules
from backend_team.text import Source

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.rules.model import RuleSet

RULE = """\
id: own-rule
title: Own
why: Own.
severity: hint
pattern: $F($X)
where:
  - $F is {name}
examples:
  - before: f(1)
"""


def rules(folder: Path, name: str) -> RuleSet:
    place = folder / "own" / "own-rule.yaml"
    place.parent.mkdir()
    place.write_text(RULE.format(name=name), encoding="utf-8")
    return load_rules(folder)


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("itertools.chain", "import itertools\nitertools.chain(a)", 1),
        ("itertools.chain", "from itertools import chain\nchain(a)", 1),
        ("itertools.chain", "def f():\n    from itertools import chain\n    chain(a)", 1),
        ("itertools.chain", "from shop import chain\nchain(a)", 0),
        ("itertools.chain", "chain(a)", 0),
        ("itertools.chain", "from itertools import chain\ndef f(chain):\n    chain(a)", 0),
        ("itertools.chain", "import itertools\nitertools = 1\nitertools.chain(a)", 0),
        ("itertools.chain", "from itertools import count\ncount(a)", 0),
        ("datetime.datetime", "import datetime as dt\ndt.datetime(a)", 1),
        ("datetime.datetime", "from datetime import datetime\ndatetime(a)", 1),
        ("os.path.join", "import os\nos.path.join(a)", 1),
        ("os.path.join", "import os.path\nos.path.join(a)", 1),
        ("os.path.join", "from os import path\npath.join(a)", 1),
        ("os.path.join", "from os.path import join\njoin(a)", 1),
        ("os.path.join", "import shop\nshop.path.join(a)", 0),
        ("os.path.join", "'a'.join(a)", 0),
    ],
)
def test_where_a_name_comes_from(tmp_path: Path, name: str, text: str, count: int) -> None:
    found = rules(tmp_path, name)
    assert found.by_id["own-rule"].matchers[0].called == name.rpartition(".")[2]
    assert len(analyse(Source("a.py", text), found).findings) == count


@pytest.mark.parametrize(("name", "words"), [("shop.sell", "no module"), ("not itertools.chain", "can't be shown")])
def test_what_it_cant_say(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        rules(tmp_path, name)
