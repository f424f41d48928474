"""Snapshots of generated files: written whole or not at all, named by their content, never changed afterwards."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from backend_team.errors import StepError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.templates.render import RenderedFile

READ_ONLY = 0o444


def write(parent: Path, files: Iterable[RenderedFile]) -> tuple[Path, str, dict[str, str]]:
    """Write files as a snapshot below a folder: its path, its digest, and the digest of each file by its path.

    The same files give the same snapshot; one that is there is kept.
    """
    parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix="half-", dir=parent))
    try:
        for file in files:
            path = half / _safe(file.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.body)
            path.chmod(READ_ONLY)
        digests = file_digests(half)
        digest = _combined(digests)
        half.chmod(0o755)
        whole = parent / digest[:16]
        try:
            half.rename(whole)
        except OSError:
            verify(whole, digest)  # it is there from before; a damaged one must not be taken for it
        return whole, digest, digests
    finally:
        shutil.rmtree(half, ignore_errors=True)


def verify(folder: Path, digest: str) -> None:
    """Check that a snapshot is what was generated. Raises `StepError` when it changed or is gone."""
    if not folder.is_dir() or _combined(file_digests(folder)) != digest:
        raise StepError("the generated files were changed after they were generated", hint="run the template again")


def file_digests(folder: Path) -> dict[str, str]:
    """The digest of each file below a folder by its path, `/` between the parts."""
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in _files(folder)}


def file_digest(path: Path) -> str:
    """The digest of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def copy(folder: Path, target: Path) -> None:
    """Copy a snapshot into a folder, its files writable again; a file that is there is replaced whole."""
    for path in _files(folder):
        place = target / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_name(f".{place.name}.half")
        shutil.copyfile(path, half)
        half.replace(place)


def remove_unchanged(folder: Path, digests: dict[str, str]) -> list[str]:
    """Remove the files that are still as generated, then folders that are empty; the paths that were left."""
    left: list[str] = []
    for name, digest in digests.items():
        path = folder / _safe(name)
        if path.is_symlink() or (path.is_file() and file_digest(path) != digest):
            left.append(name)
        else:
            path.unlink(missing_ok=True)
    parents = {folder / parent for name in digests for parent in PurePosixPath(name).parents}
    for parent in sorted(parents, key=lambda path: len(path.parts), reverse=True):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
    return left


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if stat.S_ISREG(path.lstat().st_mode):
            yield path


def _combined(digests: dict[str, str]) -> str:
    whole = hashlib.sha256()
    for name, digest in sorted(digests.items()):
        whole.update(f"{name}\0{digest}\n".encode())
    return whole.hexdigest()


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        raise StepError(f"a template may not write to {name!r}")
    return os.fspath(path)
