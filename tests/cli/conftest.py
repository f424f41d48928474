"""A project to run commands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.command import UNTIDY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file to clean, as the current folder."""
    (tmp_path / "untidy.py").write_text(UNTIDY)
    monkeypatch.chdir(tmp_path)
    return tmp_path
