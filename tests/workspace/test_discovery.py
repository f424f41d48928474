"""Discovery in folders as they really are: broken links, pipes, unreadable and vanishing folders, odd names."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from backend_team.errors import FileError
from backend_team.settings import Resolver, Settings
from backend_team.workspace.discovery import included, python_files

posix = pytest.mark.skipif(os.name == "nt", reason="names and links of POSIX")


def tree(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(root: Path, settings: Settings | Resolver | None = None) -> list[str]:
    judge = Resolver() if settings is None else settings
    return [path.relative_to(root).as_posix() for path in python_files([root], judge)]


@posix
def test_what_only_looks_like_a_file_is_passed_over(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "folder.py/b.py", "A.PY", "c.pyi", "d.pyw", "e.pyc", "f.py.txt", ".py", ".hidden.py")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "device.py").symlink_to("/dev/zero")
    (tmp_path / "nowhere.py").symlink_to(tmp_path / "gone.py")
    (tmp_path / "self.py").symlink_to("self.py")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # the address of a socket is at most about a hundred bytes
        try:
            server.bind("socket.py")
        finally:
            os.chdir(here)
        assert found(tmp_path) == [".hidden.py", "a.py", "d.pyw", "folder.py/b.py"]


@posix
@pytest.mark.parametrize("name", ["pipe.py", "nowhere.py", "self.py", "gone.py", "gone/a.py", "n" * 300, "a\0b"])
def test_named_outright_but_no_file(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "nowhere.py").symlink_to(tmp_path / "gone.py")
    (tmp_path / "self.py").symlink_to("self.py")
    with pytest.raises(FileError, match=r"does not exist|is neither a file nor a folder"):
        list(python_files([tmp_path / name]))


@posix
def test_loops_of_links_end(tmp_path: Path) -> None:
    tree(tmp_path, "a/b/c.py", "other/d.py")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "one").symlink_to(tmp_path / "a" / "two")
    (tmp_path / "a" / "two").symlink_to(tmp_path / "a" / "one")
    (tmp_path / "a" / "outside.py").symlink_to(tmp_path / "other" / "d.py")
    assert found(tmp_path / "a") == ["b/c.py", "outside.py"]
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    assert found(tmp_path / "link") == ["b/c.py", "outside.py"]  # a link named outright is followed


@posix
def test_names_that_are_not_unicode(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xff"
    os.mkdir(folder)
    Path(os.fsdecode(folder + b"/\xfe.py")).touch()
    (tmp_path / ".gitignore").write_bytes(b"\xfd\n*.txt\n")
    (tmp_path / "line\nend.py").touch()
    names = [os.fsencode(path.relative_to(tmp_path)) for path in python_files([tmp_path], Resolver())]
    assert names == [b"line\nend.py", b"\xff/\xfe.py"]


def test_deep_folders(tmp_path: Path) -> None:
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("deep.py").touch()
    finally:
        os.chdir(here)
    assert [path.name for path in python_files([tmp_path], Resolver())] == ["deep.py"]
    while (inner := tmp_path / "d").exists():  # pytest's own clean-up recurses
        (inner / "d").replace(tmp_path / "next") if (inner / "d").exists() else None
        (inner / "deep.py").unlink(missing_ok=True)
        inner.rmdir()
        if (tmp_path / "next").exists():
            (tmp_path / "next").replace(inner)


_AS_SOMEBODY = """\
import json, os, sys
from pathlib import Path
from backend_team.errors import BackendTeamError
from backend_team.settings import Resolver
from backend_team.workspace.discovery import python_files
if os.geteuid() == 0:  # who may open everything; what is imported from here on may be out of reach
    os.setgid(65534), os.setuid(65534)
root = Path(sys.argv[1])
answers = []
for name in sys.argv[2:]:
    try:
        answers.append([str(path.relative_to(root)) for path in python_files([root / name], Resolver())])
    except BackendTeamError as error:
        answers.append(error.message)
print(json.dumps(answers))
"""


@posix
def test_folders_that_may_not_be_opened(tmp_path: Path) -> None:
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    tree(tmp_path, "a.py", "closed/b.py", "blind/c.py", "blind/inner/d.py")
    closed, blind = tmp_path / "closed", tmp_path / "blind"
    closed.chmod(0o000)
    blind.chmod(0o444)  # can be listed, nothing in it can be looked at
    try:
        command = [sys.executable, "-c", _AS_SOMEBODY, str(tmp_path), "", "closed", "closed/b.py"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout
    finally:
        closed.chmod(0o755)
        blind.chmod(0o755)
    whole, outright, inner = json.loads(answer)
    assert whole[0] == "a.py"
    assert not any(name.startswith("closed") for name in whole)
    assert outright.endswith("closed can't be opened: Permission denied")
    assert "does not exist" in inner


def test_folders_that_vanish(tmp_path: Path) -> None:
    tree(tmp_path, "a/b.py", "c/d.py", "e.py")
    names = []
    for path in python_files([tmp_path], Resolver()):
        names.append(path.name)
        if path.name == "b.py":
            (tmp_path / "c" / "d.py").unlink()
            (tmp_path / "c").rmdir()
    assert names == ["b.py", "e.py"]


def test_each_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a/b.py", "a/c.py")
    monkeypatch.chdir(tmp_path / "a")
    roots = [Path("b.py"), Path(), Path("../a"), tmp_path / "a" / ".." / "a" / "c.py"]
    assert [path.as_posix() for path in python_files(roots)] == ["b.py", "c.py"]


def test_exclude_of_the_nearest_settings(tmp_path: Path) -> None:
    tree(tmp_path, ".git/config", "gen/a.py", "app/gen/b.py", "app/old/c.py", "app/sub/old/d.py", "vendor/e.py")
    (tmp_path / "backend-team.toml").write_text('exclude = ["gen/", "vendor"]')
    (tmp_path / "app" / "backend-team.toml").write_text('exclude = ["/old"]')
    (tmp_path / "vendor" / "backend-team.toml").write_text("")
    every = ["app/gen/b.py", "app/sub/old/d.py"]
    assert found(tmp_path) == every
    resolver = Resolver()
    taken = [path for path in tmp_path.rglob("*.py") if included(path, tmp_path, resolver)]
    assert sorted(path.relative_to(tmp_path).as_posix() for path in taken) == every
    assert found(tmp_path / "vendor") == ["e.py"]


def test_ignored_by_a_folder_above(tmp_path: Path) -> None:
    tree(tmp_path, ".git/info/exclude", "out/sub/a.py", "kept/b.py", "kept/c_pb2.py")
    (tmp_path / ".gitignore").write_text("\ufeffout/\n")
    (tmp_path / ".git" / "info" / "exclude").write_text("*_pb2.py\n")
    assert found(tmp_path) == ["kept/b.py"]
    assert found(tmp_path / "kept") == ["b.py"]
    assert found(tmp_path / "out" / "sub") == ["a.py"]  # asked for by name
    (tmp_path / ".gitignore").write_text("out/\n!c_pb2.py\n")
    assert found(tmp_path) == ["kept/b.py", "kept/c_pb2.py"]


@posix
def test_pattern_files_that_are_none(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "b/c.py", "d/e.py", "f/g.py")
    (tmp_path / ".gitignore").mkdir()
    (tmp_path / "b" / ".gitignore").symlink_to(".gitignore")
    (tmp_path / "d" / ".gitignore").write_bytes(b"\0\xff\n[\n" + b"*a" * 5000)
    os.mkfifo(tmp_path / "f" / ".gitignore")  # whoever reads it waits
    assert found(tmp_path) == ["a.py", "b/c.py", "d/e.py", "f/g.py"]
