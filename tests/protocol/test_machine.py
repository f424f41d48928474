"""Any order of opening, typing, undoing, saving and closing: a text that parses has the findings of a full analysis."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from backend_team.analysis.module import analyse
from backend_team.lsp import diagnostics
from backend_team.lsp.capabilities import Capabilities
from backend_team.rules.load import load_rules
from backend_team.settings import Resolver
from backend_team.text import Source
from tests.protocol.client import Client
from tests.protocol.replay import parses

RULES = load_rules()
TEXTS = [
    "",
    "import os\n\n\ndef f(x):\n    if x == None:\n        return 1\n    else:\n        return 2\n",
    'import os, sys\r\n\r\n\r\nclass A:\r\n    """😀"""\r\n\r\n    def f(self, x=[]):\r\n        return not x in y\r\n',
    "from typing import Optional\n\nx: Optional[int] = None\ny = f'a'  # noqa\n\n\ndef x():\n    pass\n",
]
PIECES = [
    "x",
    "\n",
    "(",
    "'",
    "😀",
    "# noqa\n",
    "x == None\n",
    "import re\n",
    "def f(x): pass\n",
    "    return\n",
    '"""',
]


class Documents(RuleBasedStateMachine):
    """One server, some documents."""

    documents = Bundle("documents")

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name).resolve() / "shop"
        self.folder.mkdir()
        state = {"BACKEND_TEAM_STATE_DIR": str(self.folder.parent / "state")}
        self.client = Client(self.folder, state, [sys.executable, "-m", "backend_team.lsp"])
        self.shown: dict[str, tuple[str, list[Any]]] = {}  # by URI: the text, and what was shown of it
        self.past: dict[str, list[str]] = {}
        self.number = 0

    @initialize()
    def begin(self) -> None:
        self.client.initialize()
        self.client.ready()

    @rule(target=documents, text=st.sampled_from(TEXTS))
    def open(self, text: str) -> str:
        self.number += 1
        uri = self.client.uri(f"m{self.number}.py")
        self.shown[uri] = text, self.client.open(f"m{self.number}.py", text)
        self.past[uri] = []
        return uri

    @rule(uri=documents, data=st.data())
    def type(self, uri: str, data: st.DataObject) -> None:
        """Some changes in one message, each made for the text the one before it left."""
        text = self.client.texts[uri]
        self.past[uri].append(text)
        changes = []
        for _ in range(data.draw(st.integers(1, 3))):
            start = outside_line_ends(text, data.draw(st.integers(0, len(text))))
            length = data.draw(st.sampled_from([0, 0, 1, 7, 60]))
            end = max(start, outside_line_ends(text, min(len(text), start + length)))
            piece = data.draw(st.sampled_from(["", *PIECES]))
            changes.append({"range": {"start": position(text, start), "end": position(text, end)}, "text": piece})
            text = text[:start] + piece + text[end:]
        self._change(uri, text, changes)

    @rule(uri=documents)
    def undo(self, uri: str) -> None:
        if self.past[uri]:
            text = self.past[uri].pop()
            self._change(uri, text, [{"text": text}])

    @rule(uri=documents)
    def save(self, uri: str) -> None:
        path = self.folder / uri.rpartition("/")[2]
        path.write_bytes(self.client.texts[uri].encode())
        self.client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    @rule(uri=consumes(documents))
    def close(self, uri: str) -> None:
        del self.shown[uri], self.past[uri], self.client.texts[uri]
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _change(self, uri: str, text: str, changes: list[dict[str, Any]]) -> None:
        self.client.texts[uri] = text
        self.client._changed(uri, changes)
        self.shown[uri] = text, self.client.diagnostics(uri, self.client.versions[uri])

    @invariant()
    def texts_that_parse_are_judged_right(self) -> None:
        for uri, (text, items) in self.shown.items():
            if parses(text):
                path = self.folder / uri.rpartition("/")[2]
                source = Source(str(path), text)
                report = analyse(source, RULES, Resolver().of(path))
                expected = diagnostics.items(source, report, Capabilities(), RULES, uri)
                assert items == json.loads(json.dumps(expected)), (uri, text)

    def teardown(self) -> None:
        try:
            if self.client.process.poll() is None:
                assert self.client.finish() == 0
            assert b"Traceback" not in self.client.log, self.client.log.decode()
        finally:
            self.client.close()
            self.place.cleanup()


def outside_line_ends(text: str, place: int) -> int:
    """The place, or the one before a line end that it is inside of: no position of the protocol is there."""
    return place - 1 if text[max(place - 1, 0) : place + 1] == "\r\n" else place


def position(text: str, place: int) -> dict[str, int]:
    """A position in the lines of the protocol, in UTF-16 units."""
    ends = [found.end() for found in re.finditer(r"\r\n|\r|\n", text[:place])]
    row = text[ends[-1] if ends else 0 : place]
    return {"line": len(ends), "character": len(row.encode("utf-16-le")) // 2}


Documents.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestDocuments = Documents.TestCase
