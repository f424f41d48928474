"""Changed lines: what git says in every state that a repository can be in."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import BackendTeamError
from backend_team.workspace.git import changed_lines, committed

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "protocol.file.allow=always")
TEXT = "".join(f"x{number} = {number}\n" for number in range(20))


def git(folder: Path, *arguments: str) -> None:
    command = ["git", *IDENTITY, "-c", "init.defaultBranch=main", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "title")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.py", "sub/b.py", "note.txt"):
        (folder / name).write_text(TEXT)
    git(folder, "init", "-q")
    commit(folder)
    return folder


def changed(folder: Path, revision: str = "HEAD") -> dict[str, list[tuple[int, int]] | None]:
    found = changed_lines(folder, revision)
    return {
        os.path.relpath(path, folder.resolve()): None if lines is None else [(one.start, one.stop) for one in lines]
        for path, lines in found.items()
    }


def test_lines_added_changed_and_taken_away(repository: Path) -> None:
    assert changed(repository) == {}
    lines = TEXT.splitlines(keepends=True)
    lines[2] = "++ changed\n"
    lines[6:6] = ["@@ -1 +1 @@\n", "+++ b/other.py\n", "--- \n"]
    del lines[14:16]
    (repository / "a.py").write_text("".join(lines))
    (repository / "note.txt").write_text("")
    assert changed(repository) == {"a.py": [(2, 3), (6, 9), (13, 15)]}
    assert changed(repository / "sub") == {"../a.py": [(2, 3), (6, 9), (13, 15)]}
    git(repository, "add", "-A")
    assert changed(repository) == {"a.py": [(2, 3), (6, 9), (13, 15)]}


@pytest.mark.parametrize("name", ["new.py", "ünd ä.py", 'a"b\\c\td.py', "-x.py", " .py", "(top)x.py", "line\nend.py"])
def test_unusual_names(repository: Path, name: str) -> None:
    (repository / name).write_text(TEXT)
    assert changed(repository) == {name: None}
    commit(repository)
    (repository / name).write_text(TEXT.replace("x3", "y"))
    assert changed(repository) == {name: [(3, 4)]}


def test_name_that_is_not_unicode(repository: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.py")
    (repository / name).write_text(TEXT)
    commit(repository)
    (repository / name).write_text(TEXT + "y = 1\n")
    assert changed(repository) == {name: [(20, 21)]}


def test_renamed_file_changed_where_its_lines_did(repository: Path) -> None:
    git(repository, "mv", "a.py", "sub/renamed.py")
    assert changed(repository) == {}
    (repository / "sub" / "renamed.py").write_text(TEXT.replace("x7", "y"))
    assert changed(repository) == {"sub/renamed.py": [(7, 8)]}


def test_deleted_ignored_and_linked_files(repository: Path) -> None:
    (repository / "a.py").unlink()
    (repository / ".gitignore").write_text("out/\n")
    (repository / "out").mkdir()
    (repository / "out" / "c.py").touch()
    (repository / "loop.py").symlink_to("loop.py")
    (repository / "folder.py").mkdir()
    (repository / "folder.py" / "d.py").touch()
    assert changed(repository) == {"folder.py/d.py": None}


def test_no_commit_yet(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text(TEXT)
    (tmp_path / "b.py").write_text(TEXT)
    (tmp_path / "c.py").write_text(TEXT)
    git(tmp_path, "add", "a.py", "c.py")
    (tmp_path / "c.py").unlink()
    assert changed(tmp_path) == {"a.py": None, "b.py": None}
    with pytest.raises(BackendTeamError, match="git knows no revision"):
        changed_lines(tmp_path, "main")


@pytest.mark.parametrize(
    "revision",
    ["nothing", "-x", "--output=made", "--help", "", "a b", "\0", "HEAD..main", ":/nothing", "HEAD:a.py", "nothing..."],
)
def test_revisions_that_do_not_exist(repository: Path, revision: str) -> None:
    with pytest.raises(BackendTeamError, match="git knows no revision"):
        changed_lines(repository, revision)
    assert sorted(path.name for path in repository.iterdir()) == [".git", "a.py", "note.txt", "sub"]


def test_where_the_branch_left(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "topic")
    (repository / "a.py").write_text(TEXT.replace("x1 ", "y "))
    commit(repository)
    git(repository, "switch", "-q", "main")
    (repository / "sub" / "b.py").write_text(TEXT.replace("x2 ", "y "))
    commit(repository)
    git(repository, "switch", "-q", "topic")
    assert changed(repository, "main") == {"a.py": [(1, 2)], "sub/b.py": [(2, 3)]}
    assert changed(repository, "main...") == {"a.py": [(1, 2)]}
    git(repository, "switch", "-q", "--orphan", "other")
    (repository / "z.py").touch()
    commit(repository)
    with pytest.raises(BackendTeamError, match="no commit in common"):
        changed_lines(repository, "main...")


def test_worktrees_and_submodules(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"))
    (tmp_path / "tree" / "a.py").write_text(TEXT.replace("x5", "y"))
    assert changed(tmp_path / "tree") == {"a.py": [(5, 6)]}
    assert changed(repository) == {}


def test_submodules_differ_from_the_commits_of_the_revision(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "submodule", "add", "-q", str(repository), "inner")
    assert changed(outer) == {"inner/a.py": None, "inner/sub/b.py": None}
    commit(outer)
    assert changed(outer) == {}
    inner = outer / "inner"
    (inner / "a.py").write_text(TEXT.replace("x5", "y"))
    (outer / "c.py").write_text("x = 1\n")
    assert changed(outer) == {"c.py": None, "inner/a.py": [(5, 6)]}
    assert changed(inner) == {"a.py": [(5, 6)]}
    commit(inner)
    assert changed(inner) == {}
    assert changed(outer) == {"c.py": None, "inner/a.py": [(5, 6)]}
    commit(outer)
    assert changed(outer, "HEAD~") == {"c.py": [(0, 1)], "inner/a.py": [(5, 6)]}
    git(outer, "submodule", "deinit", "-q", "--all", "--force")
    assert changed(outer, "HEAD~") == {"c.py": [(0, 1)]}


def test_files_that_look_binary(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py -diff\n")
    commit(repository)
    (repository / "a.py").write_text(TEXT.replace("x9", "y") + "z = '\0'\n")
    assert changed(repository) == {"a.py": [(9, 10), (20, 21)]}


def test_unresolved_conflict(repository: Path) -> None:
    (repository / "a.py").write_text(TEXT.replace("x9", "y"))
    git(repository, "switch", "-q", "-c", "topic")
    commit(repository)
    git(repository, "switch", "-q", "main")
    (repository / "a.py").write_text(TEXT.replace("x9", "w"))
    commit(repository)
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "topic")
    assert changed(repository) == {"a.py": [(9, 10), (11, 14)]}


def test_line_ends_that_git_does_not_count(repository: Path) -> None:
    (repository / "a.py").write_bytes(TEXT.encode().replace(b"x4 = 4\n", b"x4 = 4\ry = 4\n"))
    (repository / "sub" / "b.py").write_bytes(TEXT.encode().replace(b"x4 = 4\n", b"x4 = 4\r\n"))
    assert changed(repository) == {"a.py": None, "sub/b.py": [(4, 5)]}
    (repository / "a.py").write_text(TEXT.removesuffix("\n"))
    assert changed(repository) == {"a.py": [(19, 20)], "sub/b.py": [(4, 5)]}


def test_programs_named_by_the_repository_do_not_run(repository: Path) -> None:
    trap = repository / "trap"
    hook = repository / ".git" / "hooks" / "post-index-change"
    hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
    hook.chmod(0o755)
    git(repository, "config", "core.fsmonitor", f"touch {trap};")
    os.utime(repository / "a.py", (1, 1))
    changed_lines(repository)
    assert not trap.exists()


def test_filters_named_by_the_repository_do_not_run(repository: Path) -> None:
    trap = repository / "trap"
    (repository / ".gitattributes").write_text("*.py filter=trap\n")
    for key in ("clean", "process"):
        git(repository, "config", f"filter.trap.{key}", f"touch {trap}; cat")
    git(repository, "config", "filter.trap.required", "true")
    (repository / "a.py").write_text(TEXT.replace("x4 = 4", "x4 = 5"))
    assert changed(repository) == {"a.py": [(4, 5)]}
    assert not trap.exists()


def test_what_a_part_of_a_repository_lacks_is_not_fetched(repository: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    name = subprocess.run(
        ["git", "rev-parse", "HEAD:a.py"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", str(repository)),
        ("remote.origin.promisor", "true"),
        ("remote.origin.uploadpack", f"touch {trap}; git-upload-pack"),
    ):
        git(repository, "config", key, value)
    (repository / "a.py").write_text("import os\n")
    for ask in (lambda: committed(repository / "a.py"), lambda: changed_lines(repository)):
        with suppress(BackendTeamError):
            ask()
    assert not trap.exists()


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(BackendTeamError, match="is in no git repository"):
        changed_lines(tmp_path)
    with pytest.raises(BackendTeamError, match="is in no git repository"):
        changed_lines(tmp_path / "absent")
    git(tmp_path, "init", "-q", "--bare", "bare")
    with pytest.raises(BackendTeamError, match="is in a bare git repository"):
        changed_lines(tmp_path / "bare")


def test_damaged_repository_is_told(repository: Path) -> None:
    (repository / ".git" / "index").write_bytes(b"nothing")
    with pytest.raises(BackendTeamError, match=r"git diff failed: .*index file"):
        changed_lines(repository)
