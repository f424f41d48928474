"""A state folder that can't be used: one message says which and the way out, and everything else works."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.protocol.client import Client, Refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_state_folder_that_can_not_be(folder: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (folder / "a.py").write_text("import os\n")
    state = str(tmp_path / place)
    client = Client(folder, {"BACKEND_TEAM_STATE_DIR": state}, [sys.executable, "-m", "backend_team.lsp"])
    try:
        client.initialize()
        client.ready()
        assert len(client.diagnostics(client.uri("a.py"), None)) == 1
        said = client.notification("window/showMessage")
        assert said["type"] == 2
        assert state in said["message"]
        assert "BACKEND_TEAM_STATE_DIR" in said["message"]
        assert client.execute("backendTeam.server.fixWorkspace", {})["applied"] == 1
        with pytest.raises(Refused, match="BACKEND_TEAM_STATE_DIR"):
            client.execute("backendTeam.server.showUsage", {})
        client.request("shutdown")
        assert not [one for one in client.unread if one["method"] == "window/showMessage"]
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()
