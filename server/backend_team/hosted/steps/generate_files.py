"""`generate_files`: render the template into a snapshot, copy it to where it is wanted. Undo: `remove_files`."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.errors import FileError, StepError
from backend_team.hosted.steps import snapshot
from backend_team.templates.render import render_files

if TYPE_CHECKING:
    from backend_team.hosted.steps.context import StepContext
    from backend_team.templates.model import JSON

DESTINATION = "destination"


async def generate_files(context: StepContext) -> dict[str, JSON]:
    """Generate the files; the destination must be empty or hold only what this execution wrote there before.

    Raises `FileError` when it isn't or can't be written.
    """
    folder = context.folder / "snapshots"
    files = render_files(context.template, context.inputs)
    path, digest, digests = await asyncio.to_thread(snapshot.write, folder, files)
    context.log("info", f"generated {len(digests)} files")
    if context.destination is not None:
        await _deliver(context, context.destination, path, digests)
    return {
        "snapshot": str(path),
        "digest": digest,
        "file_count": len(digests),
        "destination": str(context.destination) if context.destination else None,
    }


async def remove_files(context: StepContext) -> dict[str, JSON]:
    """Remove what `generate_files` wrote; a file that was changed since is left to the person."""
    left: list[str] = []
    for entry in await context.journal.entries():
        if entry.kind != DESTINATION:
            continue
        digests = {str(name): str(digest) for name, digest in entry.reference.get("files", {}).items()}
        if not digests and not entry.done:
            # Cut short before the list was written; the same inputs generate the same files.
            digests = await asyncio.to_thread(_digests_again, context)
        left += await asyncio.to_thread(snapshot.remove_unchanged, Path(entry.name), digests)
        await context.journal.forget(entry.kind, entry.name)
        context.log("info", f"removed the generated files from {entry.name}")
    for name in left:
        context.log("warning", f"left in place, changed since: {name}")
    await asyncio.to_thread(shutil.rmtree, context.folder / "snapshots", ignore_errors=True)
    return {"left": [*left]}


async def _deliver(context: StepContext, destination: Path, path: Path, digests: dict[str, str]) -> None:
    name = str(destination)
    ours = any(entry.kind == DESTINATION and entry.name == name for entry in await context.journal.entries())
    if not ours:
        await asyncio.to_thread(_check_empty, destination)
        await context.journal.intend(DESTINATION, name)
    try:
        await asyncio.to_thread(snapshot.copy, path, destination)
    except OSError as error:
        raise FileError(f"{destination} can't be written: {error.strerror}", hint="choose another folder") from error
    await context.journal.done(DESTINATION, name, {"files": dict(digests)})
    context.log("info", f"copied to {destination}")


def _check_empty(destination: Path) -> None:
    if not destination.is_absolute():
        raise FileError(f"{destination} is not an absolute path")
    try:
        if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
            raise FileError(f"{destination} is not a folder", hint="choose another folder")
        if destination.is_dir() and any(destination.iterdir()):
            raise FileError(f"{destination} is not empty", hint="choose an empty or a new folder")
    except OSError as error:
        raise FileError(f"{destination} can't be read: {error.strerror}", hint="choose another folder") from error


def _digests_again(context: StepContext) -> dict[str, str]:
    try:
        return snapshot.write(context.folder / "snapshots", render_files(context.template, context.inputs))[2]
    except StepError:
        return {}
