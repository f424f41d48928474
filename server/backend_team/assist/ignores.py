"""Files that must not leave the machine: what git ignores, and what the ignore files of AI tools name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pathspec

from backend_team.errors import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

# Ours, and those of other tools that people already keep: Gemini, Cursor, Continue, Aider.
AI_NAMES: Final = (".backend-team/ai-ignore", ".aiexclude", ".cursorignore", ".continueignore", ".aiderignore")
GIT_NAMES: Final = (".gitignore", ".git/info/exclude")
NAMES: Final = (*AI_NAMES, *GIT_NAMES)


def refuse_ignored(path: Path, root: Path | None) -> None:
    """Raise `RefusedError` when an ignore file names the file, from its own folder up to workspace and repository.

    Closed when in doubt: an ignore file that can't be read refuses, and an exception (`!name`) counts only in the file
    that ignores. The place a symbolic link leads to counts as well as the link. Git's own files count within the
    repository that holds the file, as they do for git; the others up to the outermost repository.
    """
    if not path.is_absolute():
        raise RefusedError("the file has no place on disk, so no ignore file can speak for it", hint="save it first")
    try:
        places = {path: _top(path, root), path.resolve(): _top(path.resolve(), root)}
    except (OSError, RuntimeError) as error:
        raise RefusedError(f"{path.name} can't be looked up: {error}") from None
    for place, top in places.items():
        names: tuple[str, ...] = NAMES
        for folder in place.parents:
            for name in names:
                _refuse(place, folder, folder / name)
            if folder == top:
                break
            if (folder / ".git").exists():
                names = AI_NAMES


def _top(path: Path, root: Path | None) -> Path:
    """The uppermost folder whose ignore files count: workspace or outermost repository, whichever is further up."""
    outer = next((folder for folder in reversed(path.parents) if (folder / ".git").exists()), path.parent)
    if root is None:
        return outer
    inner = root if root in path.parents else root.resolve()
    return min((outer, inner), key=lambda folder: len(folder.parts)) if inner in path.parents else outer


def _refuse(path: Path, folder: Path, ignore_file: Path) -> None:
    try:
        text = ignore_file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise RefusedError(f"{ignore_file} can't be read ({reason}), so nothing leaves {folder.name}") from None

    try:
        ignored = pathspec.GitIgnoreSpec.from_lines(text.splitlines()).match_file(path.relative_to(folder).as_posix())
    except ValueError as error:
        raise RefusedError(f"{ignore_file} is not understood ({error}), so nothing leaves {folder.name}") from None
    if ignored:
        raise RefusedError(
            f"{path.name} may not leave this machine: {ignore_file} names it",
            hint="take it out of that file if an AI service may see it",
        )
