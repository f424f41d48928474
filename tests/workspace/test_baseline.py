"""The baseline: known findings stay known wherever they move, new ones are seen, and the file is one for people."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_team.analysis.module import analyse
from backend_team.errors import FileError
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.text import Source
from backend_team.workspace.baseline import Baseline, Entry, baseline_of

if TYPE_CHECKING:
    from backend_team.findings import ModuleReport

RULES = load_rules()
TOP = "import os\nimport sys\n\n"
PARTS = [
    "def first(a):\n    if a == None:\n        return 1\n    return a != None\n",
    "@decorated\ndef second(a=[]):\n    def inner():\n        return not a == None\n    return inner\n",
    "class Third:\n    def first(self, b):\n        return b == None\n\n    def other(self, b={}):\n        return b\n",
    "value = sys.argv == None\n",
]


def checked(folder: Path, text: str, name: str = "m.py") -> tuple[ModuleReport, Source]:
    source = Source(str(folder / name), text)
    return analyse(source, RULES), source


def known(folder: Path, text: str) -> Baseline:
    return Baseline.of(folder / ".backend-team" / "baseline.txt", [checked(folder, text)])


def test_file_is_sorted_and_readable(tmp_path: Path) -> None:
    baseline = known(tmp_path, TOP + "\n".join(PARTS) + "\nif value == None:\n    pass\nif value == None:\n    pass\n")
    baseline.write()
    head, *lines = baseline.path.read_text().splitlines()
    assert head.startswith("# backend-team baseline 1")
    assert lines == sorted(lines)
    assert {tuple(line.split("\t")[:3]) for line in lines if "comparison-to-none" in line} == {
        ("m.py", "<module>", "comparison-to-none"),
        ("m.py", "Third.first", "comparison-to-none"),
        ("m.py", "first", "comparison-to-none"),
        ("m.py", "second.inner", "comparison-to-none"),
    }
    assert ("m.py", "second", "mutable-default-argument") in {tuple(line.split("\t")[:3]) for line in lines}
    assert [line for line in lines if line.endswith("\tx2")]
    assert Baseline.load(baseline.path) == baseline
    assert sum(baseline.entries.values()) == len(baseline)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(len(PARTS))),
    gaps=st.lists(st.sampled_from(["", "\n\n", "# said\n", "other = 1\n"]), min_size=len(PARTS), max_size=len(PARTS)),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_moving_code_makes_nothing_new(tmp_path: Path, order: list[int], gaps: list[str], line_end: str) -> None:
    baseline = known(tmp_path, TOP + "\n".join(PARTS))
    text = TOP + "".join(gap + PARTS[number] for number, gap in zip(order, gaps, strict=True))
    compared = baseline.compare(*checked(tmp_path, text.replace("\n", line_end)))
    assert compared.new == compared.stale == ()
    assert len(compared.known) == len(baseline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    if a == None:\n        return 1\n", "    if a  ==  None :\n        return 2\n"),
        ("    if a == None:\n", "    for b in a:\n      if a == None:\n        pass\n    if b:\n"),
    ],
)
def test_layout_and_neighbours_do_not_count(tmp_path: Path, before: str, after: str) -> None:
    baseline = known(tmp_path, PARTS[0])
    assert before in PARTS[0]
    assert not baseline.new(*checked(tmp_path, PARTS[0].replace(before, after)))


def test_one_more_of_the_same_is_new(tmp_path: Path) -> None:
    text = "def f(a):\n    x = a == None\n    return g(x)\n"
    baseline = known(tmp_path, text)
    more = text.replace("    return", "    x = a == None\n    return")
    compared = baseline.compare(*checked(tmp_path, more))
    assert [finding.rule for finding in compared.new] == ["comparison-to-none"]
    assert more.count("\n", 0, compared.new[0].span.start) == 2
    other = text + text.replace("def f", "def h")
    assert [one.rule for one in baseline.new(*checked(tmp_path, other))] == ["comparison-to-none"]
    assert len(known(tmp_path, more)) == len(baseline) + 1


def test_what_is_mended_is_stale_and_goes(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "gone.py"):
        (tmp_path / name).write_text("x = y == None\n")
    path = tmp_path / ".backend-team" / "baseline.txt"
    texts = {name: (tmp_path / name).read_text() for name in ("a.py", "b.py", "gone.py")}
    baseline = Baseline.of(path, [checked(tmp_path, text, name) for name, text in texts.items()])
    baseline.write()
    (tmp_path / "gone.py").unlink()
    (tmp_path / "a.py").write_text("x = 1\n")
    baseline = Baseline.load(path)
    compared = baseline.compare(analyse(Source(str(tmp_path / "a.py"), "x = 1\n"), RULES), None)
    assert [(one.path, one.rule) for one in compared.stale] == [("a.py", "comparison-to-none")]
    assert [one.path for one in baseline.gone()] == ["gone.py"]
    baseline.updated([checked(tmp_path, "x = 1\n", "a.py")]).write()
    assert {one.path for one in Baseline.load(path).entries} == {"b.py"}


def test_paths_count_from_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    names = ["sub/a b\té.py", "# c.py", "<<<<<<< d.py", "e\\f.py", "g\udcff.py"]
    baseline = Baseline.of(
        tmp_path / ".backend-team" / "baseline.txt", [checked(tmp_path, "x = y == None\n", name) for name in names]
    )
    baseline.write()
    monkeypatch.chdir(tmp_path / "sub")
    again = Baseline.load(Path("..") / ".backend-team" / "baseline.txt")
    assert again.entries == baseline.entries
    for name in names:
        relative = Path("..") / name
        assert not again.new(*checked(Path(), "x = y == None\n", str(relative)))
    assert len(again.gone()) == len(names)
    assert baseline_of(Settings(), tmp_path) == baseline.path
    assert baseline_of(Settings(baseline=tmp_path / "known"), tmp_path) == tmp_path / "known"


@pytest.mark.parametrize(
    "text",
    ["def f(:\n    x = y == None\n", "def f():\n    x = y == None\n  def g(): (\n", "x = 1\0\n", "(" * 5000],
)
def test_files_that_do_not_parse_have_symbols_too(tmp_path: Path, text: str) -> None:
    whole = TOP + "\n".join(PARTS)
    baseline = known(tmp_path, whole)
    compared = baseline.compare(*checked(tmp_path, whole + text))
    assert {finding.rule for finding in compared.new} <= {"comparison-to-none"}
    assert len(compared.new) <= 1


GOOD = "m.py\tf\tcomparison-to-none\t0123456789ab\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"<<<<<<< ours\n{GOOD}=======\n>>>>>>> theirs\n", "unresolved merge conflict in"),
        (f"{GOOD}m.py\tf\n", "this is no line of a baseline in"),
        (f"{GOOD}m.py\tf\tr\t0123456789ab\tx0\n", "line 2"),
        (f"{GOOD}{'a' * 100_000}\n", "line 2"),
        ("# backend-team baseline 2\n", "of version 2"),
        ("\udcff\n", "is not UTF-8: byte 0xff"),
    ],
)
def test_damaged_files_say_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "known"
    path.write_text(text, errors="surrogateescape")
    with pytest.raises(FileError) as error:
        Baseline.load(path)
    assert message in str(error.value)


def test_absent_and_unwritable(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="--write-baseline makes it"):
        Baseline.load(tmp_path / "known")
    with pytest.raises(FileError, match="can't be read"):
        Baseline.load(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="can't be made"):
        Baseline(tmp_path / "file" / "known", {}).write()


def test_nothing_is_gone_from_a_file_with_problems(tmp_path: Path) -> None:
    baseline = known(tmp_path, TOP + PARTS[0])
    broken = checked(tmp_path, TOP + PARTS[0].replace("return a != None", "return ("))
    assert broken[0].problems
    assert baseline.compare(*broken).stale == ()
    assert set(baseline.updated([broken]).entries) >= set(baseline.entries)


def test_other_files_are_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    for text, replaced in {"x = 1\n": False, "": True, "# backend-team baseline 1\n<<<<<<< ours\n": True}.items():
        path.write_text(text)
        if replaced:
            Baseline(path, {}).write()
            assert len(Baseline.load(path)) == 0
        else:
            with pytest.raises(FileError, match="is no baseline"):
                Baseline(path, {}).write()
            assert path.read_text() == text


def test_merged_lines_are_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "known"
    path.write_text("\ufeff# backend-team baseline 1\r\n" + GOOD.replace("\n", "\tx2\r\n") + GOOD + "\n")
    assert Baseline.load(path).entries == {Entry("m.py", "f", "comparison-to-none", "0123456789ab"): 2}


def test_large_projects_are_quick(tmp_path: Path) -> None:
    names = [f"part{number % 50}/m{number}.py" for number in range(500)]
    entries = {
        Entry(name, f"f{n}", "unused-import", f"{random.Random(n).getrandbits(48):012x}"): 1
        for name in names
        for n in range(20)
    }
    baseline = Baseline(tmp_path / "known", entries)
    baseline.write()
    assert Baseline.load(baseline.path) == baseline
