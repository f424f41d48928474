"""Patterns of `.gitignore`: as git understands them, and quick whatever they are."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_team.settings.patterns import Pattern, Patterns

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "matched", "passed"),
    [
        ("a.py", ["a.py", "x/a.py"], ["b.py", "a.pyc", "A.py"]),
        ("/a.py", ["a.py"], ["x/a.py"]),
        ("x/a.py", ["x/a.py"], ["y/x/a.py", "a.py"]),
        ("**/x/a.py", ["x/a.py", "y/x/a.py"], ["a.py"]),
        ("x/**/a.py", ["x/a.py", "x/y/z/a.py"], ["a.py"]),
        ("x/**", ["x/a", "x/y/a"], ["x", "y/x/a"]),
        ("*.py", [".py", "x/a.py"], ["a.py.txt"]),
        ("a*b*c", ["abc", "a-b-bb-c"], ["ab", "abcd", "acb"]),
        ("a?c", ["abc"], ["ac", "abbc", "a/c"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "x"]),
        ("[!a-c]x", ["dx"], ["ax", "x"]),
        ("[]x]", ["]", "x"], ["[", "y"]),
        ("[[:digit:]_]", ["7", "_"], ["a"]),
        (r"\*.py", ["*.py"], ["a.py"]),
        (r"\#a", ["#a"], ["a"]),
        (r"a\ ", ["a "], ["a"]),
        ("a  ", ["a"], ["a "]),
        ("x**y", ["xy", "x-y"], ["x/y"]),
        ("é*", ["é", "éa"], ["e"]),
    ],
)
def test_lines_match_paths(line: str, matched: list[str], passed: list[str]) -> None:
    pattern = Pattern.parse(line)
    assert pattern is not None
    assert [path for path in [*matched, *passed] if pattern.matches(path.split("/"))] == matched


@pytest.mark.parametrize("line", ["", "  ", "# a", "!", "/", "//", "a//b", "[a", "a\\", "[z-a]", "[[:nothing:]]"])
def test_lines_that_match_nothing(line: str) -> None:
    assert Pattern.parse(line) is None


def test_what_lies_within() -> None:
    folder = Pattern.parse("tests/")
    assert folder is not None
    assert folder.matches(["a", "tests", "b.py"], within=True)
    assert not folder.matches(["a", "tests"], within=True)  # a file of that name


@pytest.mark.parametrize(
    "line", ["*a" * 60 + "b", "**/a/" * 60 + "b", "?*" * 60 + "[!a]", "*" * 5000, "[a-]*" * 60 + "b"]
)
def test_no_pattern_explodes(line: str) -> None:
    pattern = Pattern.parse(line)
    assert pattern is not None
    lines = Patterns([line])
    started = time.process_time()
    for path in (["a" * 255], ["a"] * 2000):
        pattern.matches(path, within=True)
        lines.match(path, folder=False)
    assert time.process_time() - started < 1


NAMES = st.text("ab.x", min_size=1, max_size=3).filter(lambda name: name.strip("."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
LINES = st.lists(
    st.sampled_from(["a", "b", "x", ".", "*", "**", "/", "?", "!", "[ab]", "[!a]", "/**/", "\\a", " "]),
    min_size=1,
    max_size=6,
).map("".join)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES, min_size=1, max_size=4), paths=st.lists(PATHS, min_size=1, max_size=12, unique=True))
def test_agrees_with_git(repository: Path, lines: list[str], paths: list[str]) -> None:
    (repository / ".gitignore").write_text("\n".join(lines) + "\n")
    command = ["git", "check-ignore", "--no-index", "--stdin", "-z"]
    told = subprocess.run(
        command, cwd=repository, input="\0".join(paths), capture_output=True, text=True, check=False
    ).stdout
    assert {path for path in paths if ignored(Patterns(lines), path.split("/"))} == set(filter(None, told.split("\0")))


def ignored(patterns: Patterns, names: list[str]) -> bool:
    """Whether a file is ignored: itself, or the first folder above it that is named."""
    above = (patterns.match(names[:end], folder=True) for end in range(1, len(names)))
    return any(above) or bool(patterns.match(names, folder=False))
