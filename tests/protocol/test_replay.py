"""A part of an hour's work: in the end a new server shows the same. `tests.benchmarks.lsp_replay` is all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.protocol.replay import Player, workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_shown_in_the_end_is_what_a_new_server_shows(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "shop"
    workspace(folder, 2)
    player = Player(folder, tmp_path / "state", seed)
    try:
        player.client.ready()
        player.play(400)
        player.switch()
        player.play(100)
        player.mend()
        player.settle()
        assert player.shown() == player.from_scratch()
        assert player.client.finish() == 0
        assert player.client.log == b""
    finally:
        player.client.close()
