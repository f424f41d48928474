"""The extension in real VS Code: its own tests in the extension host, then the film from the package on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.editor, pytest.mark.network]


def node(script: str, *arguments: str, seconds: int) -> str:
    command = ["node", f"tests/editor/{script}", *arguments]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.terminate()  # it ends VS Code and all it started, then itself
            said, _ = process.communicate(timeout=60)
    print(said)
    assert process.returncode == 0, said
    return said


@pytest.mark.timeout(1300)
def test_inside_the_extension_host() -> None:
    said = node("host.mjs", seconds=1200)
    assert said.count(" passing") == 4  # a window for each suite


@pytest.mark.timeout(700)
def test_the_oldest_editor_that_is_supported() -> None:
    said = node("oldest.mjs", seconds=620)
    assert said.count(" passing") == 2
    steps = [line.split()[1] for line in said.splitlines() if line.startswith("  ok ")]
    assert steps == ["open", "squiggles", "hover", "quick-fix"]


@pytest.mark.timeout(900)
def test_the_film_is_complete_and_every_step_has_a_picture() -> None:
    played = os.environ.get("BACKEND_TEAM_FILM")  # what a film said that was played a moment ago, with its pictures
    said = Path(played).read_text(encoding="utf-8") if played else node("run.mjs", "--headless", seconds=820)
    assert "The film is complete" in said
    steps = [line.split()[1] for line in said.splitlines() if line.startswith("  ok ")]
    wanted = (
        "quick-fix fix-workspace cleanup-fix cancel suggestion cached template live-page meter server-killed untrusted"
    )
    assert set(wanted.split()) <= set(steps)
    for number, step in enumerate(steps, start=1):
        pictures = list((ROOT / "build" / "film").glob(f"{number:02d}-{step}*.png"))
        assert pictures, step
        assert all(picture.stat().st_size > 10_000 for picture in pictures)
