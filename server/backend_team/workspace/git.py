"""What git knows of a workspace: which lines were changed since a revision."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.errors import BackendTeamError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git import Repo

# Lines from 0, half open; None stands for every line of a file that git does not know.
Changed = dict[Path, list[range] | None]

_PYTHON: Final = ("*.py", "*.pyw", "*.pyi")
_SUBMODULE: Final = b"160000 "  # the mode of a submodule in trees and in the index
_HUNK: Final = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE: Final = re.compile(rb"\\([abtnvfr\"\\]|[0-7]{3})")
_LETTERS: Final = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))
# Without the programs that a repository's configuration may name: nothing of it is executed.
_HARMLESS: Final = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}")
# A repository may be a part of another one, and git would fetch what is missing by the programs its settings name.
_ALONE: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_FILTERS: Final = r"^filter\..*\.(clean|process|required)$"
_DIFF: Final = ("--unified=0", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames")
_SHAPE: Final = ("--src-prefix=a/", "--dst-prefix=b/", "--diff-filter=d", "--ignore-submodules=all")


def changed_lines(folder: Path, revision: str = "HEAD") -> Changed:
    """The lines that differ from a revision in the files of the repository around a folder, untracked files whole.

    `main...` stands for the commit where the branch left `main`. In a repository without a commit every file differs
    from `HEAD`. A renamed file has changed where its lines have. Of submodules, what differs from the commits that the
    revision names for them. Paths are absolute. Raises `BackendTeamError` when there is no repository or no such
    revision.
    """
    with _repository(folder) as repository:
        return _changed(repository, _tree(repository, revision))


def committed(path: Path) -> bytes | None:
    """The bytes of a file in the last commit; None when it is not in it. Raises `BackendTeamError` outside of git."""
    folder = path.parent.resolve()
    with _repository(folder) as repository:
        name = (folder / path.name).relative_to(Path(str(repository.working_tree_dir)).resolve()).as_posix()
        tree = _resolved(repository, "HEAD^{tree}")
        if tree is None:
            return None
        listed = _git(repository, "ls-tree", "-z", "--full-tree", tree, "--", name) or b""
        facts, _, _ = listed.partition(b"\t")
        if len(facts.split()) != 3 or facts.split()[1] != b"blob":
            return None
        return _git(repository, "cat-file", "blob", facts.split()[2].decode())


def _changed(repository: Repo, tree: str | None) -> Changed:
    """What differs from a tree; without one, every file."""
    base = Path(str(repository.working_tree_dir)).resolve()
    listed = ("--others", "--exclude-standard", "-z")
    found: Changed = {}
    if tree is None:
        found |= dict.fromkeys(base / name for name in _names(repository, "--cached", *listed))
    else:
        plain = _without_filters(repository)
        diff = _git(repository, "diff", *_DIFF, *_SHAPE, tree, "--", *_PYTHON, settings=plain) or b""
        found |= {base / name: lines for name, lines in _files(diff)}
        found |= dict.fromkeys(base / name for name in _names(repository, *listed))
    for name, commit in _submodules(repository, tree):
        if os.path.lexists(base / name / ".git"):
            with _repository(base / name) as inner:
                found |= _changed(inner, commit and _resolved(inner, f"{commit}^{{tree}}"))
    return found


def _repository(folder: Path) -> Repo:
    try:
        from git import Repo
        from git.exc import InvalidGitRepositoryError, NoSuchPathError
    except ImportError:  # what it raises where git itself is missing
        raise BackendTeamError("git is not installed", hint="leave --changed out") from None
    try:
        repository = Repo(folder, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError, ValueError):
        raise BackendTeamError(f"{folder} is in no git repository", hint="leave --changed out") from None
    if repository.working_tree_dir is None:
        repository.close()
        raise BackendTeamError(f"{folder} is in a bare git repository", hint="leave --changed out")
    repository.git.update_environment(**_ALONE)
    return repository


def _without_filters(repository: Repo) -> tuple[str, ...]:
    """Settings under which no filter that the repository's configuration names is run on a file."""
    names = _git(repository, "config", "--null", "--name-only", "--get-regexp", _FILTERS, silent=True) or b""
    found = {name.rpartition(".")[0] for name in map(os.fsdecode, filter(None, names.split(b"\0")))}
    return tuple(f"{name}.{key}" for name in sorted(found) for key in ("clean=", "process=", "required=false"))


def _git(
    repository: Repo, command: str, *arguments: str, silent: bool = False, settings: Iterable[str] = ()
) -> bytes | None:
    """The output of git at the top of the working tree; None when it ends with 1 and says nothing, if that is `silent`.

    Raises `BackendTeamError` with what it complains of.
    """
    from git.exc import GitCommandError, GitCommandNotFound

    options = [option for one in (*_HARMLESS, *settings) for option in ("-c", one)]
    try:
        answer: bytes = repository.git.execute(
            [repository.git.GIT_PYTHON_GIT_EXECUTABLE, *options, command, *arguments],
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
    except GitCommandNotFound:
        raise BackendTeamError("git is not installed", hint="leave --changed out") from None
    except GitCommandError as error:
        if silent and error.status == 1 and not error.stderr:
            return None
        said = re.search(r"(?:fatal|error): ([^\n]+)", str(error.stderr))
        reason = said[1].rstrip("'") if said else f"it ended with {error.status}"
        raise BackendTeamError(f"git {command} failed: {reason}") from None
    return answer


def _tree(repository: Repo, revision: str) -> str | None:
    """The hash of the tree of a revision; None for `HEAD` when there is no commit yet."""
    if revision.endswith("..."):
        start = _resolved(repository, f"{revision[:-3] or 'HEAD'}^{{commit}}")
        if start is not None and (head := _resolved(repository, "HEAD^{commit}")) is not None:
            if (base := _git(repository, "merge-base", start, head, silent=True)) is not None:
                return base.decode().strip()
            raise BackendTeamError(f"{revision.removesuffix('...')} and HEAD have no commit in common")
    elif (tree := _resolved(repository, f"{revision}^{{tree}}")) is not None:
        return tree
    elif revision == "HEAD":
        return None
    hint = "name a branch, a tag or a commit: --changed=main"
    raise BackendTeamError(f'git knows no revision "{revision}"', hint=hint)


def _resolved(repository: Repo, revision: str) -> str | None:
    """The hash that git has for a revision: what a person typed never gets further, so it is no option of a command."""
    if "\0" in revision:
        return None
    options = ("--verify", "--quiet", "--end-of-options")
    answer = _git(repository, "rev-parse", *options, revision, silent=True)
    return None if answer is None else answer.decode().strip()


def _names(repository: Repo, *options: str) -> list[str]:
    """The Python files that `git ls-files` lists and that are there."""
    listed = _git(repository, "ls-files", *options, "--", *_PYTHON) or b""
    names = map(os.fsdecode, filter(None, listed.split(b"\0")))
    return [name for name in names if os.path.isfile(os.path.join(str(repository.working_tree_dir), name))]  # noqa: PTH113, PTH118


def _submodules(repository: Repo, tree: str | None) -> Iterator[tuple[str, str | None]]:
    """The paths of submodules, each with the commit that a tree names for it."""
    commits = {}
    if tree is not None:
        for row in (_git(repository, "ls-tree", "-r", "-z", "--full-tree", tree) or b"").split(b"\0"):
            if row.startswith(_SUBMODULE):
                facts, _, name = row.partition(b"\t")
                commits[name] = facts.split()[2].decode()
    for row in (_git(repository, "ls-files", "--stage", "-z") or b"").split(b"\0"):
        if row.startswith(_SUBMODULE):
            name = row.partition(b"\t")[2]
            yield os.fsdecode(name), commits.get(name)


def _files(diff: bytes) -> Iterator[tuple[str, list[range] | None]]:
    """The files of a diff without context, and their changed lines."""
    name: str | None = None
    lines: list[range] = []
    whole = False
    left = 0  # lines of a hunk that are still to come: what they look like says nothing
    for line in diff.split(b"\n"):
        if left:
            left -= not line.startswith(b"\\")
            # A lone carriage return ends a line for Python and not for git: its numbers don't count.
            whole = whole or b"\r" in line.removesuffix(b"\r")
        elif line.startswith(b"diff --git "):
            if name is not None:
                yield name, None if whole else lines
            name, lines, whole = None, [], False
        elif line.startswith(b"+++ "):
            name = os.fsdecode(_unquoted(line[4:])).removeprefix("b/")
        elif hunk := _HUNK.match(line):
            left = int(hunk[1] or 1) + int(hunk[3] or 1)
            lines.append(_lines(int(hunk[2]), int(hunk[3] or 1)))
    if name is not None:
        yield name, None if whole else lines


def _unquoted(name: bytes) -> bytes:
    """A name as git writes it: in quotes, with escapes, when there is anything unusual in it."""
    name = name.removesuffix(b"\t")  # behind a name with blanks
    if not name.startswith(b'"'):
        return name

    def plain(found: re.Match[bytes]) -> bytes:
        letter = _LETTERS.get(found[1][0]) if len(found[1]) == 1 else int(found[1], 8)
        return bytes((letter or 0,))

    return _ESCAPE.sub(plain, name[1:-1])


def _lines(first: int, count: int) -> range:
    # Where lines were only taken away, the two around the gap count as changed.
    return range(first - 1, first - 1 + (count or 2))
