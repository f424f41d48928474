"""Environments of applications: a virtual environment that borrows our own packages, or one that installs its own.

When the packages of this interpreter satisfy the application's requirements, theirs and so on, the environment only
points at them: it is ready in milliseconds and needs no network. Otherwise pip installs what is asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sys
import venv
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from backend_team.errors import StepError
from backend_team.hosted.providers.commands import clean_environment, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

READY = ".ready"
TAIL_LINES = 15

_PASSED_TO_PIP = (
    "HOME",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
)


class UnmetError(Exception):
    """The packages of this interpreter don't satisfy a requirement; says which and why."""


async def prepare(folder: Path, requirements: Sequence[Path], log: Callable[[str, str], None]) -> Path:
    """An environment in the folder that satisfies requirement files; gives its Python. One that is ready is kept.

    Raises `StepError` with the tail of pip's output when packages can't be installed.
    """
    python = folder / "bin" / "python"
    key = _key(requirements)
    marker = folder / READY
    if marker.is_file() and marker.read_text("utf-8") == key:
        return python
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    try:
        places = borrowed(requirements)
    except UnmetError as reason:
        log("info", f"installing packages: {reason}")
        await _install(folder, python, requirements, log)
    else:
        log("info", "the packages of this installation satisfy the requirements: nothing to download")
        await asyncio.to_thread(venv.EnvBuilder(symlinks=True, with_pip=False).create, folder)
        (site_packages(folder) / "borrowed.pth").write_text("".join(f"{place}\n" for place in places), "utf-8")
    marker.write_text(key, "utf-8")
    return python


def borrowed(requirements: Sequence[Path]) -> list[str]:
    """The folders of this interpreter that hold every package the files require, and what those require.

    Raises `UnmetError` for the first that is missing or too old.
    """
    places: dict[str, None] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    pending = [requirement for file in requirements for requirement in _required(file)]
    while pending:
        requirement = pending.pop()
        state = (requirement.name.lower(), frozenset(requirement.extras))
        try:
            found = distribution(requirement.name)
        except PackageNotFoundError:
            raise UnmetError(f"{requirement.name} is not installed") from None
        if not requirement.specifier.contains(found.version, prereleases=True):
            raise UnmetError(f"{requirement.name} {found.version} is installed, {requirement.specifier} is required")
        if state in seen:
            continue
        seen.add(state)
        places[str(found.locate_file(""))] = None
        pending += _needs(found.requires or [], requirement.extras)
    return list(places)


def site_packages(folder: Path) -> Path:
    """Where an environment of this interpreter holds its packages."""
    return folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def _required(file: Path) -> Iterator[Requirement]:
    for raw in file.read_text("utf-8").splitlines():
        line = raw.partition(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith(("-r ", "--requirement ")):
            yield from _required(file.parent / line.split(maxsplit=1)[1])
            continue
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            raise UnmetError(f"{line!r} can only be installed") from None
        if requirement.url:
            raise UnmetError(f"{requirement.name} is required from an address")
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement


def _needs(lines: Sequence[str], extras: set[str]) -> list[Requirement]:
    needs = [Requirement(line) for line in lines]
    return [
        need
        for need in needs
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def _key(requirements: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{sys.executable} {sys.version}".encode())
    for file in requirements:
        for requirement_file in _with_included(file):
            digest.update(requirement_file.read_bytes() + b"\0")
    return digest.hexdigest()


def _with_included(file: Path) -> Iterator[Path]:
    yield file
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("-r "):
            yield from _with_included(file.parent / line[3:].strip())


async def _install(folder: Path, python: Path, requirements: Sequence[Path], log: Callable[[str, str], None]) -> None:
    own = {name: value for name, value in os.environ.items() if name in _PASSED_TO_PIP or name.startswith("PIP_")}
    environment = clean_environment(**{**own, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"})
    files = [word for file in requirements for word in ("-r", str(file))]
    install = ["install", "--quiet", *files]
    if find_spec("pip"):  # ours installs into the other environment: a pip of its own would take seconds to unpack
        commands = (
            [sys.executable, "-m", "venv", "--without-pip", str(folder)],
            [sys.executable, "-m", "pip", "--python", str(python), *install],
        )
    else:
        commands = ([sys.executable, "-m", "venv", str(folder)], [str(python), "-m", "pip", *install])
    for command in commands:
        lines: list[str] = []

        def note(line: str, lines: list[str] = lines) -> None:
            lines.append(line)
            log("debug", line)

        if await run(command, folder.parent, environment, note):
            tail = "\n".join(lines[-TAIL_LINES:])
            raise StepError(f"the packages of the application can't be installed:\n{tail}")
