"""Settings files: what they give, and what a person reads when one is wrong."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from backend_team.analysis.module import analyse
from backend_team.errors import SettingsError
from backend_team.rules.load import load_rules
from backend_team.settings import Resolver, Settings, state_folder
from backend_team.text import Source

if TYPE_CHECKING:
    from pathlib import Path


UNKNOWN = """\
unknown setting "exlude" in pyproject.toml, line 2
    2 | exlude = ["build"]
        ^^^^^^ did you mean "exclude"?
   all settings: select, extend-select, ignore,"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()  # nothing above the test's folder counts


def test_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.9"\n[tool.backend-team]\nignore = ["x"]\n'
    )
    assert Settings.load(inner) == Settings(ignore=frozenset({"x"}), target_version=(3, 9))
    (tmp_path / "a" / "backend-team.toml").write_text('select = ["y"]\ntarget-version = "3.12"\nmax-complexity = 7\n')
    loaded = Settings.load(inner)
    assert loaded == Settings(select=frozenset({"y"}), target_version=(3, 12), max_complexity=7)
    assert loaded.root == tmp_path / "a"


def test_nothing_set_follows_requires_python(tmp_path: Path) -> None:
    assert Settings.load(tmp_path) == Settings()
    (tmp_path / "pyproject.toml").write_text('[project]\nrequires-python = "~=3.10"\n')
    assert Settings.load(tmp_path).target_version == (3, 10)


def test_each_file_has_the_settings_of_its_nearest_file(tmp_path: Path) -> None:
    for name, text in {"a": 'ignore = ["x"]', "b": 'ignore = ["y"]', "a/inner": ""}.items():
        (tmp_path / name).mkdir(parents=True)
        if text:
            (tmp_path / name / "backend-team.toml").write_text(text)
    resolver = Resolver(ignore=frozenset({"z"}))
    for each in (resolver, pickle.loads(pickle.dumps(resolver))):
        assert each.of(tmp_path / "a" / "m.py").ignore == {"x", "z"}
        assert each.of(tmp_path / "b" / "m.py").ignore == {"y", "z"}
        assert each.of(tmp_path / "m.py").ignore == {"z"}
        assert each.of(tmp_path / "a" / "m.py") is each.of(tmp_path / "a" / "inner" / "n.py")


def test_the_digest_is_of_what_decides_findings(tmp_path: Path) -> None:
    base = Settings(severity={"a": "hint", "b": "error"}, select=frozenset({"p", "q", "r"}))
    same = Settings(severity={"b": "error", "a": "hint"}, select=frozenset({"r", "q", "p"}), root=tmp_path)
    assert base.digest == same.digest == pickle.loads(pickle.dumps(same)).digest
    others = [
        Settings(),
        Settings(select=frozenset()),
        Settings(max_nesting=3),
        Settings(target_version=(3, 12)),
        Settings(extend_select=frozenset({"all"})),
        Settings(ignore=frozenset({"all"})),
    ]
    assert len({base.digest, *(one.digest for one in others)}) == len(others) + 1


def test_the_digest_is_the_same_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "backend-team.toml").write_text(
        'select = ["a", "b", "c", "d"]\nper-path.x = { ignore = ["e", "f", "g"], severity = { h = "hint" } }\n'
    )
    program = "import sys, pathlib as p, backend_team.settings as s; print(s.Settings.load(p.Path(sys.argv[1])).digest)"
    told = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in "12"
    }
    assert told == {Settings.load(tmp_path).digest}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('exlude = ["build"]', UNKNOWN),
        ("select = 1", 'setting "select" must be a list of strings in pyproject.toml, line 2'),
        ("max-complexity = true", 'setting "max-complexity" must be a whole number from 1'),
        ('target-version = "two"', "for example"),
        ('severity = { a-rule = "loud" }', "one of: error, warning, information, hint"),
        ("select = [", "invalid TOML"),
    ],
)
def test_errors_say_where_and_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.backend-team]\n{text}\n")
    with pytest.raises(SettingsError) as error:
        Settings.load(tmp_path)
    assert message in str(error.value)


def test_state_folder_is_the_owners_alone(state_folder_of_test: Path) -> None:
    assert state_folder() == state_folder_of_test
    assert state_folder_of_test.stat().st_mode & 0o777 == 0o700


@pytest.fixture
def state_folder_of_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKEND_TEAM_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_paths_have_their_own_choice(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        """\
[tool.backend-team]
ignore = ["w"]
severity = { x = "hint" }
[tool.backend-team.per-path]
"tests/**" = { ignore = ["x"], extend-select = ["w"] }
"*_pb2.py" = { select = ["y"], severity = { y = "error" } }
"!src/" = { ignore = ["z"] }
"""
    )
    resolver = Resolver()

    def chosen(name: str) -> Settings:
        return resolver.of(tmp_path / name)

    assert chosen("src/a.py") == Settings(ignore=frozenset("w"), severity={"x": "hint"})
    assert chosen("src/a.py") is chosen("src/b/c.py")
    assert (chosen("tests/a.py").ignore, chosen("tests/a.py").extend_select) == ({"x", "z"}, {"w"})
    assert chosen("src/b/a_pb2.py").select == {"y"}
    assert chosen("tests/b_pb2.py").severity == {"x": "hint", "y": "error"}
    run = Resolver(select=frozenset({"w", "y"}), ignore=frozenset({"y"}))
    assert run.of(tmp_path / "tests" / "a_pb2.py").select == {"w", "y"}
    assert run.of(tmp_path / "tests" / "a_pb2.py").ignore == {"x", "y", "z"}
    despite = Resolver(select=frozenset({"y"}), despite=frozenset({"w"}))
    assert despite.of(tmp_path / "src" / "a.py").ignore == frozenset()
    assert pickle.loads(pickle.dumps(despite)).of(tmp_path / "src" / "a.py").ignore == frozenset()
    added = Resolver(extend_select=frozenset({"off"})).of(tmp_path / "b_pb2.py")
    assert (added.select, added.extend_select) == ({"y"}, {"off"})


def test_first_party_modules_are_those_of_the_roots(tmp_path: Path) -> None:
    for name in (
        "src/shop/__init__.py",
        "apps/a/src/cart.py",
        "lib/tool.pyi",
        "docker/Dockerfile",
        "space/inner/__init__.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "backend-team.toml").write_text("")
    (tmp_path / "apps" / "a" / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    outer = Settings.load(tmp_path)
    assert {name for name in ("shop", "space", "docker", "cart", "tool") if outer.first_party(f"{name}.x")} == {
        "shop",
        "space",
    }
    assert Settings.load(tmp_path / "apps" / "a" / "src").first_party("cart")
    (tmp_path / "backend-team.toml").write_text('src = ["lib"]')
    assert Settings.load(tmp_path).modules == {"tool"}


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("", "a.py", {"unused-import", "comparison-to-none"}),
        ('ignore = ["imports"]', "a.py", {"comparison-to-none"}),
        ('select = ["imports"]', "a.py", {"unused-import"}),
        ('select = []\nextend-select = ["comparison-to-none"]', "a.py", {"comparison-to-none"}),
        ('per-path."vendored/" = { ignore = ["all"] }', "vendored/a.py", set()),
        ('per-path."vendored/" = { ignore = ["all"] }', "a.py", {"unused-import", "comparison-to-none"}),
        ('per-path."*.py" = { select = ["unused-import"] }', "a.py", {"unused-import"}),
    ],
)
def test_what_settings_select_is_what_is_found(tmp_path: Path, text: str, name: str, found: set[str]) -> None:
    (tmp_path / "backend-team.toml").write_text(text)
    path = tmp_path / name
    report = analyse(Source(str(path), "import os\n\nx = 1\nprint(x == None)\n"), load_rules(), Resolver().of(path))
    assert {one.rule for one in report.findings} == found
