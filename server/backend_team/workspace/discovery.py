"""Discovery: which Python files belong to a workspace. One resolver for the editor and the command line.

What `.gitignore` files and the setting `exclude` name is left out, and so are folders that never hold a project's own
code. A file that is named outright is taken whatever the patterns say. Links to folders are not followed, so a loop
of links ends; a link to a file is taken when its target lies outside.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from backend_team.errors import FileError, SettingsError
from backend_team.settings import DEFAULT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = frozenset({".py", ".pyw"})

# The list of Ruff's `exclude` default, so that the two tools look at the same files.
NEVER = frozenset(
    {
        *(".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox"),
        *(".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode"),
        *("__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules", "site-packages"),
        "venv",
    }
)


def python_files(roots: Sequence[Path], settings: Settings = DEFAULT) -> Iterator[Path]:
    """The Python files at and below the roots, each once, in the order of their names.

    Raises `FileError` when a root does not exist.
    """
    seen: set[str] = set()
    for root in roots:
        if not root.exists():
            raise FileError(f"{root} does not exist")
        for path in _walk(root, _named_outright(root.absolute(), settings)) if root.is_dir() else (root,):
            key = os.path.abspath(path)  # noqa: PTH100 - Path.absolute() keeps `..`
            if key not in seen:
                seen.add(key)
                yield path


def included(path: Path, root: Path, settings: Settings = DEFAULT) -> bool:
    """Whether a file below a root belongs to the workspace: whether `python_files` would find it."""
    path, root = path.absolute(), root.absolute()
    if path.suffix not in SUFFIXES or not path.is_relative_to(root):
        return False
    rules = _chain(root, settings)
    place = root
    for name in path.relative_to(root).parts[:-1]:
        place = place / name
        if name in NEVER or _ignored(rules, place, folder=True) or (place / "pyvenv.cfg").exists():
            return False
        rules = _with_gitignore(rules, place)
    return not _ignored(rules, path, folder=False)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns of one file, which count from its folder."""

    folder: str
    spec: GitIgnoreSpec

    def match(self, path: str, folder: bool) -> bool | None:
        """True: left out; False: taken back by a `!` pattern; None: not named."""
        relative = path[len(self.folder) :].lstrip(os.sep)
        if os.sep != "/":
            relative = relative.replace(os.sep, "/")
        return self.spec.check_file(relative + "/" if folder else relative).include


_Chain = tuple[_Patterns, ...]


def _walk(folder: Path, rules: _Chain) -> Iterator[Path]:
    """The files below a folder, whose own `.gitignore` is in the rules already."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return  # a folder we may not open holds nothing to check
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name in NEVER or _ignored(rules, path, folder=True) or (path / "pyvenv.cfg").exists():
                continue
            yield from _walk(path, _with_gitignore(rules, path))
        elif (
            path.suffix in SUFFIXES
            and not _ignored(rules, path, folder=False)
            and (_leads_outside(path, folder) if entry.is_symlink() else entry.is_file())
        ):
            yield path


def _leads_outside(link: Path, folder: Path) -> bool:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # it leads nowhere, or to itself
        return False
    return target.is_file() and not target.is_relative_to(folder.resolve())


def _chain(root: Path, settings: Settings) -> _Chain:
    """The patterns that hold at a root: the settings', the repository's, and those of every folder in between."""
    rules: _Chain = ()
    if settings.exclude:
        rules = (_Patterns(str(settings.root or root), _spec(settings.exclude)),)
    folders = [root]
    while not (folders[-1] / ".git").exists():
        if folders[-1] == folders[-1].parent:
            folders = [root]  # in no repository: only what the root says itself
            break
        folders.append(folders[-1].parent)
    else:
        rules = _with_gitignore(rules, folders[-1], Path(".git") / "info" / "exclude")
    for folder in reversed(folders):
        rules = _with_gitignore(rules, folder)
    return rules


def _named_outright(root: Path, settings: Settings) -> _Chain:
    """The patterns for a root somebody asked for: when they leave out the root itself, only its own hold."""
    rules = _chain(root, settings)
    return _with_gitignore((), root) if _ignored(rules, root, folder=True) else rules


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise SettingsError(f'setting "exclude" has a wrong pattern: {error}') from None


def _with_gitignore(rules: _Chain, folder: Path, name: str | Path = ".gitignore") -> _Chain:
    try:
        lines = (folder / name).read_text("utf-8", "replace").splitlines()
    except OSError:
        return rules
    try:
        return (*rules, _Patterns(str(folder.absolute()), GitIgnoreSpec.from_lines(lines)))
    except ValueError:
        return rules  # git itself passes over a broken pattern


def _ignored(rules: _Chain, path: Path, *, folder: bool) -> bool:
    """Whether the patterns leave a path out; the nearest file that names it decides."""
    text = str(path.absolute())
    for patterns in reversed(rules):
        answer = patterns.match(text, folder)
        if answer is not None:
            return answer
    return False
