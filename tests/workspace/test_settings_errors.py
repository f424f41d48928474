"""Wrong settings: what a person reads, with the place; no input of any kind hangs or ends in a traceback."""

from __future__ import annotations

import os
import time
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_team.errors import SettingsError
from backend_team.rules.load import load_rules
from backend_team.settings import Resolver, Settings, unknown_names
from backend_team.settings.places import find
from backend_team.settings.shapes import OF_FILES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()  # nothing above the test's folder counts


def error_of(folder: Path, name: str = "a.py") -> str:
    with pytest.raises(SettingsError) as error:
        Resolver().of(folder / name)
    return str(error.value)


UNKNOWN = """\
unknown setting "ignored" of per-path in pyproject.toml, line 5
    5 | ignored = ["x"]
        ^^^^^^^ did you mean "ignore"?
   all settings of per-path: select, extend-select, ignore, severity"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[tool.backend-team]\nselect = []\n\n[tool.backend-team.per-path."tests/**"]\nignored = ["x"]', UNKNOWN),
        ("[tool.backend-team]\nper-path = 1", 'setting "per-path" must be a table in pyproject.toml, line 2'),
        ('[tool.backend-team.per-path]\nx.select = "y"', 'setting "select" must be a list of strings'),
        ("[tool.backend-team.per-path]\ntests = 1", 'must have a table for "tests" in pyproject.toml, line 2'),
        ('[tool.backend-team.per-path]\n"a[" = {}', 'a pattern that matches nothing: "a[" in pyproject.toml, line 2'),
        ('[tool.backend-team]\nexclude = [\n  "ok",\n  "a[",\n]', 'nothing: "a[" in pyproject.toml, line 4'),
        ('[tool.backend-team]\nper-path.x.severity = { y = "loud" }', "one of: error, warning, information, hint"),
        ("[tool.backend-team]\nmax-nesting = 0", "must be a whole number from 1"),
        ("[tool.backend-team]\nmax-nesting = 1.5", "must be a whole number from 1"),
        ("[tool.backend-team]\nsrc = 'lib'", "must be a list of folders in pyproject.toml, line 2"),
        ("[tool.backend-team]\nbaseline = true", "must be the path of a file"),
        ('[tool.backend-team]\nbaseline = "../known"', "leads outside of the project in pyproject.toml, line 2"),
        ('[tool.backend-team]\nbaseline = "/known"', "leads outside of the project"),
        ('[tool.backend-team]\ntarget-version = "2.7"', 'for example "3.11"'),
        ("[tool.backend-team]\nseverity = { x = 1 }", "gives x an unknown severity"),
        ("[tool]\nbackend-team = 3", '"tool.backend-team" must be a table in pyproject.toml, line 2'),
        ("[[tool.backend-team]]\nselect = []", '"tool.backend-team" must be a table'),
        ("[tool.backend-team]\nextend = 1", "must be the path of a file"),
        ("[tool.backend-team]\nselect = [", "invalid TOML"),
        (f"[tool.backend-team]\nx = {'[' * 100_000}", "is nested too deeply"),
        (f"[tool.backend-team]\nmax-nesting = {'9' * 10_000}", "has a value that can't be read"),
        ("[tool.backend-team]\nx = 2026-13-45", "invalid TOML"),
        ("[tool.backend-team]\n#" + "x" * 1_000_000, "is too large for settings"),
        ("[tool.backend-team]\nx = '\udcff'", "is not UTF-8: byte 0xff in line 2"),
        ("[tool.backend-team]\nx = '\0'", "invalid TOML"),
    ],
)
def test_errors_name_place_and_way_out(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text, errors="surrogateescape")
    assert message in error_of(tmp_path)


def test_nested_files_are_named_by_their_place(tmp_path: Path) -> None:
    (tmp_path / "apps" / "a").mkdir(parents=True)
    (tmp_path / "apps" / "a" / "backend-team.toml").write_text("x = 1")
    assert "in apps/a/backend-team.toml, line 1" in error_of(tmp_path / "apps" / "a")
    assert Resolver().of(tmp_path / "a.py") == Settings()


@pytest.mark.parametrize("content", [b"not = [toml", b"\xff", b"[project]\nrequires-python = 3", b"#" * 2_000_000, b""])
def test_project_files_that_do_not_speak_of_us_are_not_our_business(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "backend-team.toml").write_text('ignore = ["x"]')
    (tmp_path / "inner" / "pyproject.toml").write_bytes(content)
    assert Resolver().of(tmp_path / "inner" / "a.py") == Settings(ignore=frozenset({"x"}))


def test_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    (tmp_path / "backend-team.toml").write_bytes(b'\xef\xbb\xbfselect = ["x"]\r\nselekt = 1\r\n')
    assert "line 2\n    2 | selekt = 1\n        ^^^^^^" in error_of(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_what_is_no_settings_file(tmp_path: Path) -> None:
    (tmp_path / "a" / "pyproject.toml").mkdir(parents=True)
    (tmp_path / "a" / "backend-team.toml").symlink_to("backend-team.toml")
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "pyproject.toml")  # whoever reads it waits
    (tmp_path / "b" / "backend-team.toml").symlink_to("/dev/zero")
    for name in ("a/m.py", "b/m.py", "absent/folder/m.py", "a.py/m.py"):
        assert Resolver().of(tmp_path / name) == Settings()
    (tmp_path / "b" / "backend-team.toml").unlink()
    if os.path.exists("/proc/self/mem"):  # a file that can't be read, for the superuser neither
        (tmp_path / "b" / "backend-team.toml").symlink_to("/proc/self/mem")
        assert "b/backend-team.toml can't be read" in error_of(tmp_path / "b")


def test_extended_files_come_below(tmp_path: Path) -> None:
    inner = tmp_path / "apps" / "a"
    inner.mkdir(parents=True)
    (tmp_path / "base.toml").write_text(
        'select = ["x"]\nignore = ["i", "j"]\nexclude = ["gen"]\nmax-nesting = 3\ntarget-version = "3.9"\n'
        'severity = { a = "hint", b = "hint" }\nper-path."tests/" = { ignore = ["t"] }\n'
    )
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.10"\n[tool.backend-team]\nextend = "base.toml"\nextend-select = ["i"]\n'
    )
    (inner / "backend-team.toml").write_text(
        'extend = "../../pyproject.toml"\nexclude = ["out"]\nmax-nesting = 4\nseverity = { b = "error" }\n'
        'per-path."*.py" = { ignore = ["k"] }\n'
    )
    loaded = Settings.load(inner)
    assert (loaded.select, loaded.extend_select, loaded.ignore) == ({"x"}, {"i"}, {"j"})
    assert (loaded.exclude, loaded.max_nesting, loaded.target_version) == (("gen", "out"), 4, (3, 9))
    assert loaded.severity == {"a": "hint", "b": "error"}
    assert [path.name for path in loaded.files] == ["backend-team.toml", "pyproject.toml", "base.toml"]
    assert Resolver().of(inner / "tests" / "m.py").ignore == {"j", "t", "k"}  # from the folder of the nearest file
    assert Resolver().of(tmp_path / "apps" / "tests" / "m.py").ignore == {"j", "t"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extend = "backend-team.toml"', "leads in a circle: backend-team.toml → backend-team.toml"),
        ('extend = "b.toml"', "leads in a circle: backend-team.toml → b.toml → c.toml → b.toml in c.toml, line 2"),
        ('extend = "d0.toml"', "is followed through 10 files at most: backend-team.toml → d0.toml → d1.toml"),
        ('extend = "gone.toml"', 'names no file: "gone.toml" in backend-team.toml, line 1'),
        ('extend = "folder.toml"', 'names no file: "folder.toml"'),
        ('extend = "pipe.toml"', 'names no file: "pipe.toml"'),
        ('extend = "loop.toml"', "leads nowhere"),
        ('extend = "secret.txt"', "must name a .toml file"),
        ('extend = "link.toml"', "must name a .toml file"),
        ('extend = "../outside.toml"', "leads outside of the repository"),
        ('extend = "out.toml"', "leads outside of the repository"),
        ('extend = "/etc/../etc/x.toml"', "leads outside of the repository"),
        ('extend = ""', "must be the path of a file"),
        ('extend = "a\\u0000.toml"', "must be the path of a file"),
        (f'extend = "{"n" * 5000}.toml"', "extend"),
        ('extend = "pyproject.toml"', "which has no table [tool.backend-team]"),
        ('extend = "wrong.toml"', 'unknown setting "seletc" in wrong.toml, line 1'),
    ],
)
def test_extend_goes_nowhere_wrong(tmp_path: Path, text: str, message: str) -> None:
    inside = tmp_path / "repository"
    inside.mkdir()
    (inside / ".git").mkdir()
    (tmp_path / "outside.toml").write_text("select = []")
    (inside / "backend-team.toml").write_text(text)
    (inside / "b.toml").write_text('extend = "c.toml"')
    (inside / "c.toml").write_text('\nextend = "./b.toml"')
    (inside / "wrong.toml").write_text("seletc = []")
    (inside / "pyproject.toml").write_text("[project]\nname = 'x'")
    for number in range(12):
        (inside / f"d{number}.toml").write_text(f'extend = "d{number + 1}.toml"')
    (inside / "folder.toml").mkdir()
    os.mkfifo(inside / "pipe.toml")
    (inside / "loop.toml").symlink_to("loop.toml")
    (inside / "secret.txt").write_text("password")
    (inside / "link.toml").symlink_to("secret.txt")
    (inside / "out.toml").symlink_to("../outside.toml")
    said = error_of(inside)
    assert message in said
    assert "password" not in said


def test_names_that_no_rule_has(tmp_path: Path) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "base.toml").write_text('ignore = [\n  "unused-imprt",\n]\n')
    (tmp_path / "pyproject.toml").write_text(
        '[tool.backend-team]\nextend = "ci/base.toml"\nselect = ["all", "imports", "bare-except"]\n'
        'severity.imports = "hint"\n'
        '[tool.backend-team.per-path]\n"tests/" = { extend-select = ["al"], severity = { "bare-excpt" = "hint" } }\n'
    )
    rules = load_rules()
    errors = unknown_names(Settings.load(tmp_path), rules)
    assert [(error.place.path, error.place.line, error.place.column) for error in errors if error.place] == [
        ("ci/base.toml", 2, 4),
        ("pyproject.toml", 4, 10),
        ("pyproject.toml", 6, 32),
        ("pyproject.toml", 6, 52),
    ]
    assert 'did you mean "unused-import"?' in str(errors[0])
    assert errors[1].message == 'there is no rule "imports"'
    assert unknown_names(Settings(), rules) == []


ODD = [
    "1",
    "-1",
    "1.5",
    "true",
    "''",
    "'x'",
    "[]",
    "[1]",
    "['']",
    "[['x']]",
    "{}",
    "{ x = 1 }",
    "{ x = {} }",
    "2026-11-21",
    "nan",
]


@pytest.mark.parametrize("key", [*OF_FILES, "per-path.x.select", "per-path.'!'", "severity.''", "''"])
def test_values_of_any_kind_are_taken_or_refused(tmp_path: Path, key: str) -> None:
    said = []
    for value in ODD:
        (tmp_path / "backend-team.toml").write_text(f"{key} = {value}\n")
        try:
            assert Resolver().of(tmp_path / "a.py").digest
        except SettingsError as error:
            said.append((value, error.place))
    assert said
    for value, place in said:
        assert place is not None
        assert (place.line, place.text) == (1, f"{key} = {value}")


KEYS = st.sampled_from(["select", "a.b", "'x y'", '"tests/**"', '"q\\"é"', "per-path", "1"])
VALUES = st.recursive(
    st.sampled_from(['"s"', "'l=[{'", '"""m\n# no\n"""', "'''m'''", "1.5", "true", "2026-11-21T08:00:00Z"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: "[\n  " + ", # said = 1\n  ".join(some) + "\n]"),
        st.lists(inner, max_size=3).map(lambda some: "{" + ", ".join(f"k{n} = {v}" for n, v in enumerate(some)) + "}"),
    ),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(VALUES, max_size=4),
    header=st.sampled_from(["[a]", "[ a . 'b c' ]", "[[a.b]]", "# [wanted]", ""]),
    key=KEYS,
)
def test_places_are_found_in_any_toml(before: list[str], header: str, key: str) -> None:
    lines = "".join(f"before{number} = {value}\n" for number, value in enumerate(before))
    text = f'{lines}{header}\nlast = "wanted"\n[wanted."t/**"]\n{key} = [\n "one", "here",\n]\n'
    tomllib.loads(text)
    path = {"a.b": ("a", "b"), "'x y'": ("x y",), '"tests/**"': ("tests/**",), '"q\\"é"': ('q"é',)}.get(key, (key,))
    where = find(text, "x.toml", ("wanted", "t/**", *path), "here")
    assert (where.line, where.column, where.length) == (text.count("\n") - 1, 10, 4)
    of_key = find(text, "x.toml", ("wanted", "t/**", *path))
    assert of_key.line == where.line - 1


@settings(max_examples=150, deadline=1000)
@given(st.lists(st.sampled_from([*"[]{}=,.\n#x'\"\\ ", '"""', "'x'", "wanted"]), max_size=30).map("".join))
def test_places_in_what_is_no_toml_end(text: str) -> None:
    assert find(text, "x.toml", ("wanted",)).line <= text.count("\n") + 1


def test_places_in_endless_nesting_end() -> None:
    assert find("x = " + "[" * 10_000, "x.toml", ("wanted",)).text is None


def test_many_folders_cost_little(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.backend-team]\nignore = ["x"]\nper-path."tests/**" = { ignore = ["y"] }\n'
    )
    names = [tmp_path / f"package{number % 10}" / f"part{number % 100}" / f"m{number}.py" for number in range(883)]
    for folder in {path.parent for path in names}:
        folder.mkdir(parents=True)
    best = 1.0
    for _ in range(5):
        resolver = Resolver()
        started = time.process_time()
        answers = {id(resolver.of(path)) for path in names}
        best = min(best, time.process_time() - started)
        assert len(answers) == 1
    assert best < 0.05  # it takes 10 ms
