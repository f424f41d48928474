"""Results kept between runs: exactly what a fresh analysis gives, whatever happened to the files meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_team.analysis.module import analyse
from backend_team.errors import FileError
from backend_team.findings import ModuleReport, Problem
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT, Resolver, Settings
from backend_team.text import Span
from backend_team.workspace import results as kept
from backend_team.workspace.disk_cache import DATABASE, DiskCache
from backend_team.workspace.files import read
from backend_team.workspace.results import Results, packed, unpacked
from backend_team.workspace.scan import scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.rules.model import RuleSet

RULES = load_rules()
LONG_AGO = 1_600_000_000_000_000_000
TEXTS = (
    "import os\n",
    "import re\n",
    "import os\n\nprint(os)\n",
    "def f(a=[]):\n    return a == None\n",
    "def f(:\n",
    "",
    "# é\nx = {1, 1}\n",
    "if x == None:  # noqa\n    pass\n",
    "y = f'é'  # \U0001f600\n",
    "# coding: latin-1\nimport os\n",
)


class Folder:
    """Files and the results kept of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.code = root / "code"
        self.code.mkdir()

    def write(self, name: str, text: str, *, age: bool = True) -> Path:
        """A file, by default one that was last changed long ago."""
        path = self.code / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if age:
            os.utime(path, ns=(LONG_AGO, LONG_AGO))
        return path

    def results(self) -> Results:
        return Results(DiskCache(self.root / "results", 2**24))

    def check(
        self, chosen: Settings | Resolver = DEFAULT, rules: RuleSet = RULES, paths: Sequence[Path] | None = None
    ) -> tuple[list[ModuleReport], int]:
        """The reports of all files, the same as fresh ones, and how many of them were known."""
        files = sorted(self.code.rglob("*.py")) if paths is None else list(paths)
        with self.results() as results:
            found = list(scan(files, rules, chosen, jobs=0, results=results))
        resolve = chosen.of if isinstance(chosen, Resolver) else lambda _: chosen
        assert found == [fresh(path, rules, resolve(path)) for path in files]
        return found, results.hits


def fresh(path: Path, rules: RuleSet, chosen: Settings) -> ModuleReport:
    """What an analysis gives now."""
    try:
        return analyse(read(path), rules, chosen)
    except FileError as error:
        return ModuleReport(str(path), None, (), (Problem(str(error), Span(0, 0), "file"),))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two files."""
    made = Folder(tmp_path)
    made.write("a.py", TEXTS[0])
    made.write("b/c.py", TEXTS[3])
    return made


def settle(folder: Folder) -> None:
    """Wait until files are old enough to be known without being read."""
    newest = max(path.stat().st_ctime_ns for path in folder.code.rglob("*"))
    while time.time_ns() <= newest + kept.SETTLED:
        time.sleep(0.05)


def test_what_has_not_changed_is_known(folder: Folder) -> None:
    first, hits = folder.check()
    assert hits == 0
    assert any(report.findings for report in first)
    assert folder.check() == (first, 2)
    with folder.results() as results:
        last = results.last_run()
    assert last is not None
    assert (last.files, last.hits) == (2, 2)


@pytest.mark.parametrize("text", TEXTS)
def test_reports_survive_the_way_to_the_disk(folder: Folder, text: str) -> None:
    path = folder.write("x.py", text)
    report = analyse(read(path), RULES, Settings(select=frozenset({"all"})))
    assert unpacked(str(path), json.loads(json.dumps(packed(report)))) == report


def test_a_young_file_is_read_to_be_sure(folder: Folder) -> None:
    path = folder.write("young.py", "import os\n")
    before = path.stat()
    folder.check()
    path.write_text("import re\n")  # same size, and the same times as far as anybody can tell
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    found, hits = folder.check()
    assert hits == 2
    assert "re" in found[-1].findings[0].message


def test_a_file_with_its_old_time_and_another_text_is_noticed(folder: Folder) -> None:
    folder.check()
    settle(folder)
    assert folder.check()[1] == 2  # now known by their status alone
    path = folder.code / "a.py"
    before = path.stat()
    path.write_text(TEXTS[1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (before.st_size, before.st_mtime_ns, before.st_ino) == (after.st_size, after.st_mtime_ns, after.st_ino)
    found, hits = folder.check()
    assert hits == 1
    assert "re" in found[0].findings[0].message


def test_a_file_that_was_only_touched_is_known(folder: Folder) -> None:
    folder.check()
    for path in folder.code.rglob("*.py"):
        os.utime(path)
    assert folder.check()[1] == 2


def test_a_file_replaced_by_another_of_the_same_look_is_noticed(folder: Folder) -> None:
    folder.check()
    settle(folder)
    folder.check()
    other = folder.write("other", TEXTS[1])
    os.replace(other, folder.code / "a.py")
    assert folder.check()[1] == 1


def test_a_renamed_file_is_analysed_under_its_new_name(folder: Folder) -> None:
    folder.write("d.py", "import os\n")
    folder.check()
    os.replace(folder.code / "d.py", folder.code / "__init__.py")  # where an unused import may be meant
    os.replace(folder.code / "b", folder.code / "e")
    found, hits = folder.check()
    assert hits == 1
    assert {Path(report.path).name for report in found} == {"__init__.py", "a.py", "c.py"}


def test_a_file_named_in_another_way_is_another_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import os\nimport code\n\nimport b\n\nprint(os, code, b)\n"  # whose own `code` and `b` are, names say
    path = folder.write("b/d.py", text)
    monkeypatch.chdir(folder.root)
    chosen = Settings(select=frozenset({"all"}))
    for one in (path, path.relative_to(folder.root), Path("code", "..", "code", "b", "d.py"), path):
        folder.check(chosen, paths=[one])
    monkeypatch.chdir(folder.code)
    folder.check(chosen, paths=[path.relative_to(folder.code)])
    assert folder.check(chosen, paths=[path])[1] == 1


def test_other_settings_are_other_results(folder: Folder) -> None:
    folder.check()
    ignoring = Settings(ignore=frozenset({"unused-import"}))
    assert folder.check(ignoring)[1] == 0
    assert folder.check(replace(ignoring, severity={"mutable-default-argument": "hint"}))[1] == 0
    assert folder.check(ignoring)[1] == 2
    assert folder.check()[1] == 2


def test_settings_of_a_folder_below_count(folder: Folder) -> None:
    (folder.code / "b" / "backend-team.toml").write_text('ignore = ["mutable-default-argument"]\n')
    first, _ = folder.check(Resolver())
    assert folder.check(Resolver())[1] == 2
    (folder.code / "b" / "backend-team.toml").write_text("")
    second, hits = folder.check(Resolver())
    assert hits == 1
    assert first != second


RULE = """\
id: no-spam
title: No spam
why: Nobody orders it.
severity: warning
pattern: spam({arguments})
examples:
  - before: spam({arguments})
"""


def test_own_rules_count(folder: Folder, tmp_path: Path) -> None:
    own = tmp_path / "own" / "food"
    own.mkdir(parents=True)
    folder.write("spam.py", "spam(1)\n")
    for arguments, expected in (("$X", 1), ("$X, 2", 0), ("1", 1)):
        (own / "no-spam.yaml").write_text(RULE.format(arguments=arguments))
        rules = load_rules(extra=[tmp_path / "own"])
        found, hits = folder.check(rules=rules)
        assert hits == 0
        assert len([one for one in found[-1].findings if one.rule == "no-spam"]) == expected
        assert folder.check(rules=rules)[1] == 3


def test_another_python_knows_nothing(folder: Folder) -> None:
    folder.check()
    path = str(folder.code / "a.py")
    with folder.results() as same, Results(DiskCache(folder.root / "results", 2**24), "4.0") as other:
        assert same.find(path, RULES.digest, DEFAULT) is not None
        assert other.find(path, RULES.digest, DEFAULT) is None


def test_an_edited_engine_knows_nothing(tmp_path: Path) -> None:
    package = tmp_path / "backend_team"
    shutil.copytree(Path(kept.__file__).parents[1], package, ignore=shutil.ignore_patterns("__pycache__"))
    first = kept.engine_digest(package)
    assert first == kept.engine_digest(package)
    (package / "checks" / "nested_if.py").write_text("")
    assert kept.engine_digest(package) != first


def test_trouble_with_a_file_is_not_kept(folder: Folder) -> None:
    bad = folder.code / "bad.py"
    bad.write_bytes(b"# \xff\n")
    assert folder.check()[1] == 0
    assert folder.check()[1] == 2
    bad.unlink()
    assert folder.check()[1] == 2
    os.mkfifo(bad)
    with folder.results() as results:
        assert results.find(str(bad), RULES.digest, DEFAULT) is None


def test_what_is_gone_is_forgotten(folder: Folder) -> None:
    folder.check()
    (folder.code / "a.py").unlink()
    folder.write("other.py", "")
    folder.check()
    assert b"a.py" not in (folder.root / "results" / DATABASE).read_bytes()


def test_no_text_of_a_file_is_kept(folder: Folder) -> None:
    folder.write("secret.py", "import os\npassword = 'hunter2'  # for the bank\n")
    folder.check()
    content = b"".join(path.read_bytes() for path in (folder.root / "results").iterdir())
    assert b"secret.py" in content
    assert b"hunter2" not in content
    assert b"bank" not in content


@pytest.mark.parametrize(
    "value",
    [b"", b"nonsense", b'[1, {"a.py": []}]', b'[1, {"a.py": [0, 0, 0]}]', b"[]", b'{"a": 1}', b"[1, 2]", b"\xff" * 99],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_a_record_of_another_form_is_a_miss(folder: Folder, value: bytes, sealed: bool) -> None:
    folder.check()
    database = sqlite3.connect(folder.root / "results" / DATABASE, isolation_level=None)
    for (key,) in database.execute("SELECT key FROM Cache").fetchall():
        written = kept._sealed(key, value) if sealed else value
        database.execute("UPDATE Cache SET value = ? WHERE key = ?", (written, key))
    database.close()
    with folder.results() as results:
        results.last_run()
    assert folder.check()[1] == 0
    assert folder.check()[1] == 2


def test_a_flipped_bit_is_a_miss(folder: Folder) -> None:
    folder.check()
    database = sqlite3.connect(folder.root / "results" / DATABASE, isolation_level=None)
    for key, value in database.execute("SELECT key, value FROM Cache").fetchall():
        flipped = value.replace(b"unused-import", b"unused-impost").replace(b"mutable", b"mutible")
        database.execute("UPDATE Cache SET value = ? WHERE key = ?", (flipped, key))
    database.close()
    assert folder.check()[1] == 0


def test_a_cache_that_cannot_be_written_changes_nothing(folder: Folder) -> None:
    (folder.root / "results").write_text("a file where the folder should be")
    assert folder.check()[1] == 0
    assert folder.check()[1] == 0


def test_two_runs_at_once_do_not_disturb_each_other(folder: Folder) -> None:
    for number in range(40):
        folder.write(f"m{number}.py", TEXTS[number % len(TEXTS)])
    files = sorted(folder.code.rglob("*.py"))
    with folder.results() as one, folder.results() as two:
        left = scan(files, RULES, jobs=0, results=one)
        right = scan(files, RULES, jobs=0, results=two)
        pairs = list(zip(left, right, strict=True))
    assert all(a == b for a, b in pairs)
    assert folder.check()[1] == len(files)


def test_what_was_not_finished_is_kept_as_far_as_it_went(folder: Folder) -> None:
    for number in range(30):
        folder.write(f"m{number:02}.py", TEXTS[0])
    files = sorted(folder.code.rglob("*.py"))
    with folder.results() as results:
        reports = scan(files, RULES, jobs=2, results=results)
        next(reports)
        reports.close()
    assert folder.check()[1] >= 1


EDIT = st.tuples(
    st.sampled_from(["write", "touch", "remove", "rename", "restore", "settings", "nothing"]),
    st.sampled_from(["a.py", "b.py", "s/a.py", "s/__init__.py"]),
    st.sampled_from(TEXTS),
    st.sampled_from(["a.py", "s/b.py", "__init__.py"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.lists(EDIT, max_size=3), min_size=1, max_size=5))
def test_after_any_edits_it_is_as_if_nothing_were_kept(folder: Folder, edits: list[list[tuple[str, ...]]]) -> None:
    shutil.rmtree(folder.code)
    folder.code.mkdir()
    chosen = DEFAULT
    for step in edits:
        for what, name, text, other in step:
            path = folder.code / name
            if what == "write":
                folder.write(name, text, age=len(text) % 2 == 0)
            elif what == "touch" and path.exists():
                os.utime(path)
            elif what == "remove":
                path.unlink(missing_ok=True)
            elif what == "rename" and path.exists():
                (folder.code / other).parent.mkdir(exist_ok=True)
                os.replace(path, folder.code / other)
            elif what == "restore" and path.exists():
                before = path.stat()
                path.write_text(text, encoding="utf-8")
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            elif what == "settings":
                chosen = replace(chosen, max_complexity=chosen.max_complexity + 1)
        folder.check(chosen)  # compares with fresh ones
