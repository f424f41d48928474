"""What git knows of a workspace: which lines were changed since a revision."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from backend_team.errors import BackendTeamError

_HUNK: Final = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")

# Lines from 0, half open; None stands for every line of a file that git does not know.
Changed = dict[Path, list[range] | None]


def changed_lines(folder: Path, revision: str = "HEAD") -> Changed:
    """The lines that differ from a revision in the files of the repository around a folder, untracked files whole.

    Paths are absolute. Raises `BackendTeamError` when there is no repository or no such revision.
    """
    from git import Repo
    from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError

    try:
        repository = Repo(folder, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise BackendTeamError(f"{folder} is in no git repository", hint="leave --changed out") from None
    root = repository.working_tree_dir
    if root is None:
        raise BackendTeamError(f"{folder} is in a bare git repository", hint="leave --changed out")
    base = Path(root).resolve()
    with repository:
        try:
            repository.git.rev_parse("--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
        except GitCommandError:
            hint = "name a branch, a tag or a commit: --changed=main"
            raise BackendTeamError(f'git knows no revision "{revision}"', hint=hint) from None
        # Without the drivers that a repository's configuration may name: nothing of it is executed.
        options = ("--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--diff-filter=d")
        names = repository.git.diff("--name-only", "-z", *options[2:], revision, "--", "*.py", "*.pyw")
        found: Changed = {}
        for name in filter(None, names.split("\0")):
            text = repository.git.diff(*options, revision, "--", f":(top,literal){name}")
            found[base / name] = [_lines(hunk) for hunk in _HUNK.finditer(text)]
        found |= dict.fromkeys(base / name for name in repository.untracked_files)
    return found


def _lines(hunk: re.Match[str]) -> range:
    first = int(hunk[1]) - 1
    # Where lines were only taken away, the two around the gap count as changed.
    return range(first, first + 2) if hunk[2] == "0" else range(first, first + int(hunk[2] or 1))
