"""What is written block by block is what the whole report comes to, after any edits."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.analysis.module import Module
from backend_team.lsp import diagnostics
from backend_team.lsp.capabilities import Capabilities
from backend_team.lsp.rendered import Rendered
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT
from backend_team.text import Edit, Encoding, Source, Span

RULES = load_rules()
URI = "file:///shop.py"
SHOP = '''\
# é: a comment
import os, sys
from shop import prices


def total(cart, extra=[]):
    if cart == None:
        return 0
    else:
        return sum(price for price in cart)


class Shop:
    """A shop, "😀" and all."""

    # backend-team: ignore[comparison-to-none] it is asked for
    def open(self):
        return self.name == None and "😀" == None

    def open(self):  # noqa: E711
        unused = self.name == None
        raise ValueError()


def total(cart):
    return len(cart) == 0
'''
TEXTS = [SHOP, SHOP.replace("\n", "\r\n"), Path(textwrap.__file__).read_text(encoding="utf-8")]
PIECES = [
    "",
    "\n",
    "x",
    "\n\n\n",
    "(",
    '"""',
    "import os\n",
    "def total(): pass\n",
    "x == None\n",
    "\r",
    "😀",
    "# noqa\n",
]


def whole(module: Module, client: Capabilities) -> list[object]:
    return json.loads(json.dumps(diagnostics.items(module.source, module.report, client, RULES, URI)))


@pytest.mark.parametrize(("encoding", "related"), [("utf-16", True), ("utf-8", False), ("utf-32", True)])
@settings(max_examples=40, deadline=None)
@given(text=st.sampled_from(TEXTS), data=st.data())
def test_any_edits(encoding: Encoding, related: bool, text: str, data: st.DataObject) -> None:
    module = Module(Source("shop.py", text, 0), RULES, DEFAULT)
    rendered = Rendered()
    client = Capabilities(encoding=encoding, shows_related=related)
    for version in range(1, 8):
        assert json.loads(f"[{rendered.items(module, client, RULES, URI)}]") == whole(module, client)
        start = data.draw(st.integers(0, len(module.source.text)))
        end = min(len(module.source.text), start + data.draw(st.sampled_from([0, 0, 0, 1, 5, 80])))
        edit = Edit(Span(start, end), data.draw(st.sampled_from(PIECES)))
        module.edit(module.source.edited([edit], version), [edit])
