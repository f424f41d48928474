"""`--baseline`, `--write-baseline` and `--changed`: only what is new."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import UNTIDY, run

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = 'select = ["unused-import", "comparison-to-none", "mutable-default-argument"]\n'


def found(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    done = run(folder, "check", "--format", "json", *arguments)
    return [(item["path"], item["rule"]) for item in json.loads(done.out)]


def test_what_is_known_is_left_out(project: Path) -> None:
    (project / "backend-team.toml").write_text(SETTINGS)
    done = run(project, "check", "--write-baseline")
    assert (done.code, done.out) == (0, "3 findings known now, in .backend-team/baseline.txt\n")
    assert found(project, "--baseline") == []
    done = run(project, "check", "--baseline")
    assert done.code == 0
    assert "3 known findings of .backend-team/baseline.txt left out." in done.out
    (project / "untidy.py").write_text("# moved\n\n" + UNTIDY + "\nimport re\n")
    assert found(project, "--baseline") == [("untidy.py", "unused-import")]
    assert len(found(project)) == 4
    (project / "untidy.py").write_text("print(1)\n")
    done = run(project, "check", "--baseline")
    assert "3 of what it knows are no longer found: backend-team check --write-baseline" in done.out
    assert run(project, "check", "--write-baseline").out.startswith("0 findings known now")


@pytest.mark.parametrize("chosen", ["--select=unused-import", "--ignore=unused-import"])
def test_rules_that_did_not_run_say_nothing_of_what_is_gone(project: Path, chosen: str) -> None:
    run(project, "check", "--write-baseline")
    done = run(project, "check", "--baseline", chosen)
    assert done.code == 0
    assert "left out" in done.out
    assert "no longer found" not in done.out


def test_a_baseline_of_another_name(project: Path) -> None:
    (project / "backend-team.toml").write_text(SETTINGS)
    assert run(project, "check", "--write-baseline=known.txt").code == 0
    assert found(project, "--baseline=known.txt") == []
    assert len(found(project)) == 3


def test_settings_can_name_it(project: Path) -> None:
    (project / "backend-team.toml").write_text(SETTINGS + 'baseline = "known.txt"\n')
    missing = run(project, "check")
    assert missing.code == 2
    assert "--write-baseline makes it" in missing.err
    assert run(project, "check", "--write-baseline").code == 0
    assert (project / "known.txt").is_file()
    assert found(project) == []
    piped = run(project, "check", "--stdin-filename", "untidy.py", "-", stdin=UNTIDY.encode())
    assert piped.code == 0, "an editor sees the same"


def test_a_damaged_baseline_is_said_and_written_anew(project: Path) -> None:
    run(project, "check", "--write-baseline")
    with (project / ".backend-team" / "baseline.txt").open("a") as file:
        file.write("nonsense\n")
    done = run(project, "check", "--baseline")
    assert done.code == 2
    assert "baseline.txt, line " in done.err
    assert run(project, "check", "--write-baseline").code == 0
    assert run(project, "check", "--baseline").code == 0


def test_another_file_is_not_overwritten(project: Path) -> None:
    done = run(project, "check", "--write-baseline=untidy.py")
    assert done.code == 2
    assert (project / "untidy.py").read_text() == UNTIDY


def test_problems_stay(project: Path) -> None:
    (project / "broken.py").write_text("def (:\n")
    run(project, "check", "--write-baseline")
    assert found(project, "--baseline") == [("broken.py", "syntax")]


def test_every_repository_is_asked_what_changed(project: Path) -> None:
    for name in ("one", "two"):
        subprocess.run(["git", "init", "-q", name], cwd=project, check=True)
        (project / name / "new.py").write_text("import os\n")
    assert found(project, "--changed", "one", "two") == [
        ("one/new.py", "unused-import"),
        ("two/new.py", "unused-import"),
    ]


def test_only_changed_files_are_fixed(project: Path) -> None:
    (project / "other.py").write_text(UNTIDY)
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
        subprocess.run(["git", *identity, *command], cwd=project, check=True)
    assert run(project, "check", "--changed").out == "No Python files were changed.\n"
    (project / "other.py").write_text(UNTIDY + "\nprint(2)\n")
    assert "1 file" in run(project, "fix", "--changed", "--select", "unused-import").err
    assert (project / "untidy.py").read_text() == UNTIDY
    assert not (project / "other.py").read_text().startswith("import os")
    shown = run(project, "check", "--diff", "--changed=HEAD", "--select", "else-after-return").out
    assert "other.py" in shown
    assert "untidy.py" not in shown
