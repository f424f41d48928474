"""The extension in real VS Code: its own tests in the extension host, then the film from the package on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.editor, pytest.mark.network]


def node(script: str, *arguments: str, seconds: int) -> str:
    done = subprocess.run(
        ["node", f"tests/editor/{script}", *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.timeout(400)
def test_inside_the_extension_host() -> None:
    said = node("host.mjs", seconds=390)
    assert " passing" in said


@pytest.mark.timeout(900)
def test_the_film_is_complete_and_every_step_has_a_picture() -> None:
    said = node("run.mjs", "--headless", seconds=880)
    steps = [line.split()[1] for line in said.splitlines() if line.startswith("  ok ")]
    assert {"quick-fix", "suggestion", "cached", "template", "live-page", "meter", "server-killed"} <= set(steps)
    for number, step in enumerate(steps, start=1):
        pictures = list((ROOT / "build" / "film").glob(f"{number:02d}-{step}*.png"))
        assert pictures, step
        assert all(picture.stat().st_size > 10_000 for picture in pictures)
