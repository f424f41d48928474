"""Discovery: the Python files below some roots, without what git or the settings leave out.

The `.gitignore` files and `.git/info/exclude` of the repository count as they do for git, then `exclude` of the
settings and folders that never hold a project's own code. Links to folders are not followed, so a loop of links ends; a
link to a file is taken when its target lies outside. Stubs (`.pyi`) are left out: what code must not do is their style.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend_team.errors import FileError
from backend_team.settings import DEFAULT, OWN_FILE, PROJECT_FILE, Resolver, Settings
from backend_team.settings.patterns import Patterns

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

_VENV = "pyvenv.cfg"
_LARGEST = 1_000_000  # bytes of a pattern file
_SPEAKING = frozenset({".gitignore", OWN_FILE, PROJECT_FILE})  # files that change what is left out


def python_files(roots: Sequence[Path], settings: Settings | Resolver = DEFAULT) -> Iterator[Path]:
    """The Python files at and below the roots, each once, in the order of their names.

    Raises `FileError` when a root does not exist, can't be opened, or is neither a folder nor a file;
    `SettingsError` when a settings file that a resolver comes upon is wrong.
    """
    seen: set[str] = set()
    for root in roots:
        for path in _at(root, settings):
            key = os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - Path.absolute() keeps `..`
            if key not in seen:
                seen.add(key)
                yield path


def included(path: Path, root: Path, settings: Settings | Resolver = DEFAULT) -> bool:
    """Whether a file below a root belongs to the workspace: whether `python_files` would find it."""
    path, root = path.absolute(), root.absolute()
    if not _is_python(path.name) or not path.is_relative_to(root):
        return False
    rules = _named_outright(root, settings)
    place = root
    for name in path.relative_to(root).parts[:-1]:
        place = place / name
        if _passed_over(rules, place):
            return False
        rules = rules.within(place)
    return not rules.ignores(str(path), folder=False)


def _at(root: Path, settings: Settings | Resolver) -> Iterator[Path]:
    if os.path.isfile(root):  # noqa: PTH113 - Path.is_file() raises where a folder above can't be searched
        return iter((root,))
    if not os.path.lexists(root):
        raise FileError(f"{root} does not exist")
    if not os.path.isdir(root):  # noqa: PTH112
        raise FileError(f"{root} is neither a file nor a folder")
    try:
        with os.scandir(root):
            pass
    except OSError as error:
        raise FileError(f"{root} can't be opened: {error.strerror}") from None
    return _walk(root, _named_outright(root.absolute(), settings))


@dataclass(frozen=True, slots=True)
class _Lines:
    """The patterns of one file, which count from its folder."""

    folder: str
    patterns: Patterns

    def match(self, path: str, *, folder: bool) -> bool | None:
        """True: left out; False: taken back by a `!` pattern; None: not named."""
        names = path[len(self.folder) :].strip(os.sep).split(os.sep)  # noqa: PTH206 - for every file and pattern
        return self.patterns.match(names, folder=folder)


@dataclass(frozen=True, slots=True)
class _Ignored:
    """What is left out in a folder: by git, the nearest file last, and by the settings."""

    settings: Settings | Resolver | None
    git: tuple[_Lines, ...] = ()
    excluded: _Lines | None = None

    def ignores(self, path: str, *, folder: bool) -> bool:
        """Whether a path is left out; the folders above it are asked before."""
        for lines in reversed(self.git):
            answer = lines.match(path, folder=folder)
            if answer:
                return True
            if answer is not None:
                break
        return self.excluded is not None and bool(self.excluded.match(path, folder=folder))

    def within(self, folder: Path, name: str | Path = ".gitignore") -> _Ignored:
        """What is left out in a folder below."""
        git = self.git
        lines = _lines_of(folder / name)
        if lines:
            git = (*git, _Lines(str(folder), Patterns(lines)))
        excluded = self.excluded
        if isinstance(self.settings, Resolver):
            own = self.settings.in_folder(folder)
            excluded = _excluded(own, folder) if own.exclude else None
        return self if git is self.git and excluded is self.excluded else replace(self, git=git, excluded=excluded)


def _lines_of(path: Path) -> list[str]:
    """The lines of a pattern file; none where there is no file, or one that nobody wrote by hand."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - whoever reads a pipe waits
            return []
        with path.open("rb") as stream:
            return stream.read(_LARGEST).decode("utf-8-sig", "replace").split("\n")
    except (OSError, ValueError):
        return []


def _excluded(settings: Settings, folder: Path) -> _Lines:
    return _Lines(str(settings.root or folder), Patterns(settings.exclude))


def _walk(root: Path, rules: _Ignored) -> Iterator[Path]:
    """The files below a folder, whose own `.gitignore` is in the rules already."""
    waiting = [_entries(os.fspath(root), os.path.abspath(root), rules, top=True)]  # noqa: PTH100
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
        elif isinstance(found, Path):
            yield found
        else:
            waiting.append(found)


def _entries(folder: str, place: str, rules: _Ignored, *, top: bool) -> Iterator[Path | Iterator[Path | Any]]:
    """The Python files in a folder, and for each folder in it the same; `place` is the folder's absolute path."""
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:
        return  # a folder we may not open holds nothing to check
    if not top:
        names = {entry.name for entry in entries}
        if _VENV in names:
            return
        if not names.isdisjoint(_SPEAKING):
            rules = rules.within(Path(place))
    for entry in entries:
        path = os.path.join(place, entry.name)  # noqa: PTH118 - Path takes ten times as long
        if _is_folder(entry):
            if entry.name not in NEVER and not rules.ignores(path, folder=True):
                yield _entries(entry.path, path, rules, top=False)
        elif _is_python(entry.name) and not rules.ignores(path, folder=False) and _is_file(entry, folder):
            yield Path(entry.path)


def _is_python(name: str) -> bool:
    return os.path.splitext(os.path.normcase(name))[1] in SUFFIXES  # noqa: PTH122


def _passed_over(rules: _Ignored, folder: Path) -> bool:
    return folder.name in NEVER or rules.ignores(str(folder), folder=True) or os.path.lexists(folder / _VENV)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str], folder: str) -> bool:
    """Whether an entry is a file, or a link to one that lies outside and so is not found otherwise."""
    try:
        if not entry.is_symlink():
            return entry.is_file(follow_symlinks=False)
        target = Path(entry.path).resolve(strict=True)
        return target.is_file() and not target.is_relative_to(Path(folder).resolve())
    except (OSError, RuntimeError):  # it leads nowhere, or to itself
        return False


def _named_outright(root: Path, settings: Settings | Resolver) -> _Ignored:
    """What is left out below a root somebody asked for: when that is the root itself, only its own files count.

    Otherwise also the files of the folders above count, up to the root of the repository.
    """
    alone = _Ignored(settings)
    if isinstance(settings, Settings) and settings.exclude:
        alone = replace(alone, excluded=_excluded(settings, root))
    above = [root, *root.parents]
    top = next((n for n, folder in enumerate(above) if os.path.lexists(folder / ".git")), None)
    if top is None:
        return alone.within(root)
    rules = alone.within(above[top], Path(".git") / "info" / "exclude")
    for folder in reversed(above[: top + 1]):
        if folder != above[top] and rules.ignores(str(folder), folder=True):
            return _Ignored(None).within(root)
        rules = rules.within(folder)
    return rules
