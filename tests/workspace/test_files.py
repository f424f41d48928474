"""Files: found as git would, read and written without changing what is not meant to change."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import FileError, StaleError
from backend_team.settings import Settings
from backend_team.text import Source
from backend_team.workspace.discovery import included, python_files
from backend_team.workspace.files import read, write

if TYPE_CHECKING:
    from pathlib import Path


def tree(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(root: Path, settings: Settings) -> list[str]:
    found = [path.relative_to(root).as_posix() for path in python_files([root], settings)]
    every = [path for path in root.rglob("*.py") if path.is_file() and not path.is_symlink()]
    assert {root / name for name in found} == {path for path in every if included(path, root, settings)}
    return found


def test_finds_what_belongs_to_the_project(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "b/c.py", "b/d.txt", "b/build/x.py", "gen/e.py", "gen/keep.py", "env/pyvenv.cfg", "env/f.py")
    tree(tmp_path, "node_modules/g.py", "h/i.py", "h/j.py", ".git/config")
    (tmp_path / ".gitignore").write_text("gen/*\n!gen/keep.py\n")
    (tmp_path / "h" / ".gitignore").write_text("/i.py\n")
    assert names(tmp_path, Settings()) == ["a.py", "b/c.py", "gen/keep.py", "h/j.py"]
    assert names(tmp_path, Settings(exclude=("b",))) == ["a.py", "gen/keep.py", "h/j.py"]
    assert list(python_files([tmp_path / "gen"])) == [tmp_path / "gen" / "keep.py"]
    assert list(python_files([tmp_path / "gen" / "e.py"])) == [tmp_path / "gen" / "e.py"]
    assert len(list(python_files([tmp_path, tmp_path / "b"]))) == 4


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_links_end(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "b/c.py")
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b" / "same.py").symlink_to(tmp_path / "b" / "c.py")
    (tmp_path / "b" / "self.py").symlink_to(tmp_path / "b" / "self.py")
    (tmp_path / "b" / "nowhere.py").symlink_to(tmp_path / "gone.py")
    os.mkfifo(tmp_path / "b" / "pipe.py")  # whoever reads it waits
    assert names(tmp_path, Settings()) == ["a.py", "b/c.py"]


def test_folder_that_is_ignored_but_named_outright_is_taken(tmp_path: Path) -> None:
    tree(tmp_path, ".git/config", "out/a.py")
    (tmp_path / ".gitignore").write_text("out/\n")
    assert names(tmp_path, Settings()) == []
    assert list(python_files([tmp_path / "out"])) == [tmp_path / "out" / "a.py"]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"x = 1\r\ny = 2\r", "utf-8"),
        ("# é 😀\n".encode(), "utf-8"),
        (b"\xef\xbb\xbfx = 1\n", "utf-8-sig"),
        ("# coding: latin-1\n# é\n".encode("latin-1"), "iso-8859-1"),
        ("#!/usr/bin/python\r# coding: cp1252\r# €\r".encode("cp1252"), "cp1252"),
    ],
)
def test_reads_and_writes_back_the_same_bytes(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(content)
    path.chmod(0o755)
    source = read(path)
    assert source.encoding == encoding
    assert not source.text.startswith("\ufeff")
    write(source, before=source)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "after", "said"),
    [
        (b"# coding: unicode_escape\nimport os\nx = 1\n", "# coding: unicode_escape\nx = 1\n", "as it was read"),
        (b"# coding: utf-7\nimport os\nx = '+AGE-'\n", "# coding: utf-7\nx = 'a'\n", "as it was read"),
        (
            "import os\n# é\n# coding: latin-1\n".encode(),
            "# é\n# coding: latin-1\n",
            "no longer be read as utf-8",
        ),
    ],
)
def test_a_fix_never_changes_how_the_rest_is_read(tmp_path: Path, content: bytes, after: str, said: str) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(content)
    source = read(path)
    with pytest.raises(FileError, match=said):
        write(replace(source, text=after), before=source)
    assert path.read_bytes() == content


@pytest.mark.parametrize("codec", ["rot13", "hex", "undefined", "nope"])
def test_codecs_that_are_none_of_texts_are_said(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "a.py"
    path.write_text(f"# coding: {codec}\nimport os\n")
    with pytest.raises(FileError, match=f"can't be decoded: .*{codec}"):
        read(path)


def test_errors_leave_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x = 1\n\n# \xff\n")
    with pytest.raises(FileError, match=r"byte 0xff is not UTF-8 .* line 3"):
        read(path)
    path.write_bytes(b"# coding: latin-1\n")
    source = read(path)
    with pytest.raises(FileError, match="iso-8859-1, which has no"):
        write(Source(str(path), "# coding: latin-1\n# €\n", None, source.encoding), before=source)
    path.write_text("changed")
    with pytest.raises(StaleError):
        write(Source(str(path), "mine"), before=source)
    assert path.read_text() == "changed"
    with pytest.raises(FileError, match="does not exist"):
        list(python_files([tmp_path / "absent"]))
