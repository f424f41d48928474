"""A text from stdin: bytes as Python decodes them in, bytes as they were out."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import UNTIDY, run

if TYPE_CHECKING:
    from pathlib import Path


def test_findings_name_where_the_text_belongs(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "--stdin-filename", "shop/cart.py", "-", stdin=UNTIDY.encode())
    assert done.code == 1
    assert "shop/cart.py:1:8: warning unused-import" in done.out
    assert "     1 | import os" in done.out, "excerpts are of the text, not of a file"
    nameless = run(tmp_path, "check", "-", stdin=UNTIDY.encode())
    assert "<stdin>:1:8: warning unused-import" in nameless.out


@pytest.mark.parametrize("command", [["check", "--fix"], ["fix"]])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"import os\r\nprint(1)\r\n", b"print(1)\r\n"),
        (b"\xef\xbb\xbfimport os\nprint('\xc3\xa9')", b"\xef\xbb\xbfprint('\xc3\xa9')"),
        (b"# coding: latin-1\nimport os\nprint('\xe9')\n", b"# coding: latin-1\nprint('\xe9')\n"),
        (b"print(1)\n", b"print(1)\n"),
        (b"", b""),
    ],
    ids=["windows", "bom", "latin-1", "clean", "empty"],
)
def test_the_fixed_text_is_all_of_stdout(tmp_path: Path, command: list[str], before: bytes, after: bytes) -> None:
    done = run(tmp_path, *command, "-", stdin=before)
    assert (done.code, done.bytes) == (0, after)


def test_what_is_left_goes_to_stderr(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "--fix", "--stdin-filename", "cart.py", "-", stdin=UNTIDY.encode())
    assert done.code == 1
    assert "import os" not in done.out
    assert "cart.py:1:16: warning mutable-default-argument" in done.err
    done = run(tmp_path, "check", "--fix", "--format", "json", "-", stdin=UNTIDY.encode())
    assert "mutable-default-argument" in {item["rule"] for item in json.loads(done.err)}


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"def broken(:\n", 1), (b"caf\xe9 = 1\n", 2), (b"# coding: nonsense\n", 2), (b"a\x00b\n", 1)],
    ids=["syntax", "undecodable", "cookie", "null byte"],
)
def test_a_text_that_is_not_understood_comes_back_as_it_was(tmp_path: Path, text: bytes, code: int) -> None:
    done = run(tmp_path, "check", "--fix", "--stdin-filename", "cart.py", "-", stdin=text)
    assert (done.code, done.bytes) == (code, text)
    assert "cart.py" in done.err
    assert run(tmp_path, "check", "--stdin-filename", "cart.py", "-", stdin=text).code == code


def test_settings_of_its_folder_hold(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "backend-team.toml").write_text('select = ["unused-import"]\n')
    found = run(tmp_path, "check", "--stdin-filename", "shop/new/cart.py", "--format", "json", stdin=UNTIDY.encode())
    assert {item["rule"] for item in json.loads(found.out)} == {"unused-import"}
    found = run(tmp_path, "check", "--stdin-filename", "cart.py", "--format", "json", stdin=UNTIDY.encode())
    assert len(json.loads(found.out)) > 1


def test_the_difference_applies_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "cart.py").write_text(UNTIDY)
    done = run(tmp_path, "fix", "--diff", "--stdin-filename", "cart.py", "-", stdin=UNTIDY.encode())
    assert done.code == 1
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=done.bytes, check=True)
    assert (tmp_path / "cart.py").read_bytes() == run(tmp_path, "fix", "-", stdin=UNTIDY.encode()).bytes


@pytest.mark.parametrize(
    "arguments",
    [["check", "-", "other.py"], ["check", "--stdin-filename", "a.py", "b.py"], ["check", "--watch", "-"]],
)
def test_contradictions(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, *arguments)
    assert done.code == 2
    assert done.err.startswith("error: ")
    assert len(done.err.splitlines()) == 2, "what is wrong, and the way out"
