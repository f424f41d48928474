"""Neovim and Emacs against the server: set up with the words of README.md, each through a client of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.editors import headless
from tests.protocol.conftest import SLOW_TURN

KEYS = "for name in totals.keys():\n    print(name)\n"
CART = f"""\
import sys
import os

totals = dict(os.environ)


def total(values):
    if values == None:
        return 0
    return sum(values)


{KEYS}"""
FIXED = CART.replace("== None", "is None")
ORGANISED = FIXED.replace("import sys\n", "")
EVERYWHERE = ORGANISED.replace(".keys()", "")
CLOSED = "totals = {}\n" + KEYS
TYPED = "totals = {}\n"
SETTINGS = 'ignore = ["no-such-rule"]\n'
FOUND = "comparison-to-none dict-keys-iteration unsorted-imports unused-import"
EDITORS = {"neovim-0.11": headless.newer_neovim, "neovim-0.7": headless.older_neovim, "emacs": headless.emacs}


@dataclass(frozen=True)
class Session:
    """What an editor saw, and the files when it had ended."""

    editor: headless.Editor
    played: headless.Played
    files: dict[str, str]

    def step(self, name: str) -> dict[str, Any]:
        """What was seen at a step; fails with all that was said when the editor did not get there."""
        played = self.played
        assert name in played.steps, f"no {name!r}; the editor said:\n{played.said}\nthe server said:\n{played.log}"
        return played.steps[name]


@pytest.fixture(scope="module", params=list(EDITORS))
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A session of one editor, played once for the tests of this file."""
    try:
        editor = EDITORS[request.param]()
    except headless.Absent as absent:
        pytest.skip(str(absent))
    workspace = tmp_path_factory.mktemp("shop")
    for name, text in (("cart.py", CART), ("closed.py", CLOSED), ("typed.py", TYPED), ("backend-team.toml", SETTINGS)):
        (workspace / name).write_text(text)
    played = headless.play(editor, workspace, tmp_path_factory.mktemp("home"))
    print(played.said, played.log)  # pytest shows it beside a failure
    return Session(editor, played, {path.name: path.read_text() for path in workspace.iterdir()})


def test_findings_appear_in_an_opened_file(session: Session) -> None:
    assert session.step("opened")["codes"] == FOUND


def test_a_hover_explains_the_rule(session: Session) -> None:
    shown = session.step("hovered")["text"]
    assert "comparison-to-none" in shown
    assert "There is one None, so identity is the question." in shown
    assert "if value is None:" in shown


def test_code_lenses_count_the_findings(session: Session) -> None:
    if session.editor.name.startswith("Neovim"):  # Eglot shows none
        assert session.step("lenses")["lenses"] == "0 4 findings in this file, 0 Fix 3 safely, 6 1 finding"


def test_a_half_typed_line_clears_nothing(session: Session) -> None:
    assert session.step("typed")["codes"] == FOUND.replace(" unsorted", " syntax-error unsorted")


def test_a_quick_fix_changes_the_buffer_and_its_finding_goes(session: Session) -> None:
    seen = session.step("fixed")
    assert seen["text"] == FIXED
    assert seen["codes"] == FOUND.removeprefix("comparison-to-none ")
    assert seen["offered"][:2] == ["Fix: Compare to None with `is`", "Fix all safe findings in this file"]


def test_imports_are_organised(session: Session) -> None:
    seen = session.step("organised")
    assert seen["text"] == ORGANISED
    assert seen["codes"] == "dict-keys-iteration"


def test_the_workspace_is_fixed_in_open_and_closed_files(session: Session) -> None:
    assert session.step("everywhere")["text"] == EVERYWHERE
    assert session.files["cart.py"] == EVERYWHERE
    assert session.files["closed.py"] == CLOSED.replace(".keys()", "")


def test_fixes_on_save_keep_what_was_just_typed(session: Session) -> None:
    if not session.editor.fixes_on_save:  # README.md has no words for it in this version
        assert "saved" not in session.played.steps
        return
    wanted = f"import json\n{TYPED}{KEYS}".replace(".keys()", "")
    assert session.step("saved")["text"] == session.files["typed.py"] == wanted


def test_a_settings_file_is_checked(session: Session) -> None:
    assert session.step("settings")["codes"] == "invalid-settings"


def test_the_server_ends_with_nothing_left(session: Session) -> None:
    session.step("stopped")
    assert session.played.left == []
    assert session.played.codes == ([0] if session.editor.waits else [])
    log = [line for line in session.played.log.splitlines() if not SLOW_TURN.search(line.encode())]
    assert [line for line in log if "no-such-rule" not in line] == []
