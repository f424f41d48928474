"""Environments: borrowed when our own packages satisfy the requirements, and what is said when they don't."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import StepError
from backend_team.hosted.providers.commands import clean_environment, run
from backend_team.hosted.providers.environment import UnmetError, borrowed, prepare
from tests.templates.conftest import processes_in, until

if TYPE_CHECKING:
    from pathlib import Path


def requirements(folder: Path, text: str) -> Path:
    file = folder / "requirements.txt"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n\n",
        "fastapi>=0.100\nJinja2 # why\n",
        "psycopg[binary]>=3\n",
        "fastapi>=99; python_version < '3.0'\n",
        "-r other.txt\n",
    ],
)
def test_what_we_have_is_borrowed(text: str, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("uvicorn\n")
    places = borrowed([requirements(tmp_path, text)])
    assert bool(places) == any(name in text for name in ("Jinja2", "psycopg", "-r"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no-such-package-here\n", "no-such-package-here is not installed"),
        ("fastapi<0.1\n", f"fastapi {version('fastapi')} is installed, <0.1 is required"),
        ("./local\n", "'./local' can only be installed"),
        ("--index-url x\n", "'--index-url x' can only be installed"),
        ("fastapi @ file:///x\n", "fastapi is required from an address"),
        ("-r other.txt\n", "nothing-of-that-name is not installed"),
    ],
)
def test_what_we_have_not_is_said(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("nothing-of-that-name\n")
    with pytest.raises(UnmetError, match=r"installed|address") as caught:
        borrowed([requirements(tmp_path, text)])
    assert str(caught.value) == reason


async def test_an_environment_is_kept_until_its_requirements_change(tmp_path: Path) -> None:
    file = requirements(tmp_path, "jinja2\n")
    lines: list[str] = []

    async def make() -> int:
        python = await prepare(tmp_path / "env", [file], lambda _level, line: lines.append(line))
        code = "import jinja2, sys; assert sys.prefix != sys.base_prefix"
        assert subprocess.run([python, "-c", code], env=clean_environment(), check=False).returncode == 0
        return (tmp_path / "env").stat().st_ino

    first = await make()
    assert await make() == first
    assert len(lines) == 1
    requirements(tmp_path, "jinja2>=3\n")
    await make()
    assert len(lines) == 2


async def test_packages_that_cannot_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    lines: list[str] = []
    file = requirements(tmp_path, "no-such-package-here\n")
    with pytest.raises(StepError, match="can't be installed") as caught:
        await prepare(tmp_path / "env", [file], lambda _level, line: lines.append(line))
    assert "no-such-package-here" in caught.value.message
    assert lines[0] == "installing packages: no-such-package-here is not installed"
    with pytest.raises(StepError):  # a half-made environment is not taken for a ready one
        await prepare(tmp_path / "env", [file], lambda _level, line: lines.append(line))


async def test_a_local_package_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip is really run; the package is a folder, so no network is needed beyond what builds it: nothing."""
    import zipfile

    wheel = tmp_path / "own_thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("own_thing.py", "ANSWER = 42\n")
        archive.writestr("own_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: own-thing\nVersion: 1.0\n")
        archive.writestr(
            "own_thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("own_thing-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    python = await prepare(tmp_path / "env", [requirements(tmp_path, "own-thing==1.0\n")], lambda *_: None)
    shown = subprocess.run([python, "-c", "import own_thing; print(own_thing.ANSWER)"], capture_output=True, check=True)
    assert shown.stdout == b"42\n"


async def test_lines_of_a_command_come_as_they_are(tmp_path: Path) -> None:
    lines: list[str] = []
    script = "printf 'one\\r\\ntwo'; printf '\\377' >&2; head -c 9000 /dev/zero | tr '\\0' x; exit 3"
    assert await run(["sh", "-c", script], tmp_path, clean_environment(), lines.append) == 3
    assert lines[0] == "one"
    assert lines[1].startswith("two")
    assert all(len(line) <= 4_000 for line in lines)


async def test_a_cancelled_command_leaves_nothing(tmp_path: Path) -> None:
    import asyncio

    task = asyncio.create_task(run(["sh", "-c", "sleep 600 & sleep 600"], tmp_path, clean_environment(), print))
    await until(lambda: len(processes_in(tmp_path)) >= 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not processes_in(tmp_path), 5)


async def test_a_command_does_not_outlive_us(tmp_path: Path) -> None:
    script = f"""
import asyncio
from pathlib import Path
from backend_team.hosted.providers.commands import clean_environment, run
asyncio.run(run(["sh", "-c", "sleep 600 & sleep 600"], Path({str(tmp_path)!r}), clean_environment(), print))
"""
    with subprocess.Popen([sys.executable, "-c", script]) as waiting:
        try:
            await until(lambda: len(processes_in(tmp_path)) >= 3)
        finally:
            waiting.kill()
    await until(lambda: not processes_in(tmp_path), 5)
