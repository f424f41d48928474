"""The command line as a person meets it: what is printed, what is written, and the exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from backend_team.cli.main import CLEAN, FOUND, WRONG, main
from tests.cli.command import COMMAND, UNTIDY

if TYPE_CHECKING:
    from pathlib import Path


def test_check_names_place_rule_and_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == FOUND
    printed = capsys.readouterr().out
    assert "untidy.py:1:8: warning unused-import" in printed
    assert "     1 | import os" in printed
    assert "       |        ^^" in printed
    assert "can be fixed safely: backend-team fix" in printed


def test_check_of_a_clean_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "untidy.py").write_text("print(1)\n")
    assert main(["check"]) == CLEAN
    assert capsys.readouterr().out == "1 file, nothing found.\n"


def test_json_has_places_from_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "json"]) == FOUND
    first = json.loads(capsys.readouterr().out)[0]
    assert {name: first[name] for name in ("path", "line", "column", "end_column", "rule", "fix")} == {
        "path": "untidy.py",
        "line": 1,
        "column": 8,
        "end_column": 10,
        "rule": "unused-import",
        "fix": "safe",
    }


def test_statistics_count_rules(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--statistics"]) == FOUND
    assert "      1  unused-import" in capsys.readouterr().out


def test_fix_writes_what_is_safe_and_nothing_else(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix"]) == CLEAN
    fixed = (project / "untidy.py").read_text()
    assert "import os" not in fixed
    assert "else:" not in fixed
    assert "items=[]" in fixed  # wants a review
    assert "applied in 1 file" in capsys.readouterr().err
    assert main(["fix"]) == CLEAN
    assert (project / "untidy.py").read_text() == fixed


def test_what_is_withheld_is_named_with_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "untidy.py").write_text("import re\nimport os\n\nimport json  # kept\n\nx = 1\n")
    assert main(["fix", "--diff"]) == FOUND
    assert "untidy.py:4: unused-import was withheld" in capsys.readouterr().err
    assert main(["fix"]) == CLEAN
    said = capsys.readouterr().err
    line = (project / "untidy.py").read_text().split("\n").index("import json  # kept") + 1
    assert f"untidy.py:{line}: unused-import was withheld" in said


def test_diff_changes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--diff"]) == FOUND
    assert (project / "untidy.py").read_text() == UNTIDY
    shown = capsys.readouterr().out
    assert "--- a/untidy.py" in shown
    assert "-import os" in shown


def test_diff_is_a_patch_that_applies(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "untidy.py").write_text(UNTIDY.rstrip("\n"))
    main(["fix", "--diff"])
    patch = capsys.readouterr().out
    subprocess.run(["git", "apply", "-"], input=patch, text=True, cwd=project, check=True)
    patched = (project / "untidy.py").read_text()
    (project / "untidy.py").write_text(UNTIDY.rstrip("\n"))
    main(["fix"])
    assert (project / "untidy.py").read_text() == patched


def test_check_fix_reports_what_is_left(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--fix"]) == FOUND
    printed = capsys.readouterr().out
    assert "unused-import" not in printed
    assert "mutable-default-argument" in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nowhere"], "nowhere does not exist"),
        (["check", "--select", "unused-impor"], 'did you mean "unused-import"?'),
        (["rules", "show", "bare-excep"], 'did you mean "bare-except"?'),
    ],
)
def test_errors_say_what_to_do(
    project: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == WRONG
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ['select = ["unused-impor"]\n', 'ignore = ["unused-impor"]\n', '[severity]\nunused-impor = "error"\n'],
)
def test_settings_that_name_no_rule_are_refused(project: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "backend-team.toml").write_text(text)
    assert main(["check"]) == WRONG
    said = capsys.readouterr().err
    assert '"unused-impor" in ' in said
    assert "backend-team.toml, line " in said
    assert 'did you mean "unused-import"?' in said


def test_a_wrong_settings_file_is_shown_with_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "backend-team.toml").write_text('exlude = ["build"]\n')
    assert main(["check"]) == WRONG
    said = capsys.readouterr().err
    assert 'unknown setting "exlude" in ' in said
    assert "backend-team.toml, line 1" in said
    assert 'did you mean "exclude"?' in said


@pytest.mark.parametrize(
    "content",
    [
        b"def broken(:\n",
        b"\x00",
        b"caf\xe9 = 1\n",
        b"# coding: nonsense\n",
        b"(" * 10_000,
        b"print 'two'\n",
        b"\xff\xfe",
    ],
    ids=["syntax", "null byte", "undecodable", "wrong cookie", "parentheses", "python 2", "utf-16"],
)
def test_bad_files_are_findings_not_tracebacks(
    project: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "bad.py").write_bytes(content)
    undecodable = content in {b"caf\xe9 = 1\n", b"# coding: nonsense\n", b"\xff\xfe"}
    assert main(["check"]) == (WRONG if undecodable else FOUND)
    printed = capsys.readouterr()
    assert "bad.py" in printed.out
    assert "unused-import" in printed.out, "the other file is still checked"
    assert "Traceback" not in printed.out + printed.err
    main(["fix"])
    assert (project / "bad.py").read_bytes() == content


def test_own_rules_of_a_project_are_used(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project / ".backend-team" / "rules" / "ours"
    folder.mkdir(parents=True)
    (folder / "no-print.yaml").write_text(
        "id: no-print\ntitle: Log instead of printing\nwhy: Prints get lost.\nseverity: hint\n"
        'pattern: "print($$ARGUMENTS)"\nexamples:\n  - before: "print(1)\\n"\n'
    )
    (project / "untidy.py").write_text("print(1)\n")
    assert main(["check"]) == FOUND
    assert "no-print" in capsys.readouterr().out


def test_many_files_in_processes_are_as_in_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(40):
        (project / f"file{number}.py").write_text(UNTIDY)
    main(["check", "--format", "json", "--jobs", "2"])
    together = capsys.readouterr().out
    main(["check", "--format", "json", "--jobs", "1"])
    assert capsys.readouterr().out == together


@pytest.fixture
def repository(project: Path) -> Path:
    """The project, committed."""
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
        subprocess.run(["git", *identity, *command], cwd=project, check=True)
    return project


def test_changed_lines_only(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--changed"]) == CLEAN
    (repository / "untidy.py").write_text(UNTIDY + "\n\ndef first(items=[]):\n    return items[0]\n")
    (repository / "new ünd.py").write_text("import sys\n")
    capsys.readouterr()
    assert main(["check", "--changed", "--format", "json"]) == FOUND
    found = [(one["path"], one["line"]) for one in json.loads(capsys.readouterr().out)]
    assert found == [("new ünd.py", 1), ("untidy.py", 11)]


def test_changed_says_what_is_wrong(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--changed=nothing"]) == WRONG
    assert 'git knows no revision "nothing"' in capsys.readouterr().err


def test_changed_runs_nothing_that_the_repository_names(repository: Path) -> None:
    trap = repository / "trap"
    (repository / ".gitattributes").write_text("*.py diff=trap\n")
    for key in ("diff.trap.command", "diff.trap.textconv", "diff.external"):
        subprocess.run(["git", "config", key, f"touch {trap};"], cwd=repository, check=True)
    (repository / "untidy.py").write_text(UNTIDY + "\nimport sys\n")
    assert main(["check", "--changed"]) == FOUND
    assert not trap.exists()


def test_changed_outside_of_a_repository(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--changed"]) == WRONG
    assert "is in no git repository" in capsys.readouterr().err


def test_rules_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list"]) == CLEAN
    assert "comparison-to-none" in capsys.readouterr().out
    assert main(["rules", "show", "comparison-to-none"]) == CLEAN
    shown = capsys.readouterr().out
    assert "found:" in shown
    assert "fixed:" in shown


def test_rule_examples_are_tests(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = project / "ours" / "no-print.yaml"
    rule.parent.mkdir()
    rule.write_text(
        "id: no-print\ntitle: Log\nwhy: Prints get lost.\nseverity: hint\n"
        'pattern: "print($$ARGUMENTS)"\nexamples:\n  - before: "log(1)\\n"\n'
    )
    assert main(["rules", "test", str(rule)]) == FOUND
    assert "an example is not found" in capsys.readouterr().out


def test_the_api_can_be_asked_started_and_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["api", "status"]) == FOUND
    assert main(["api", "start"]) == CLEAN
    try:
        assert main(["api", "status"]) == CLEAN
        assert "running at http://127.0.0.1:" in capsys.readouterr().out
    finally:
        assert main(["api", "stop"]) == CLEAN
    assert main(["api", "status"]) == FOUND


def test_ai_status_names_providers(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKEND_TEAM_ANTHROPIC_KEY", "key")
    assert main(["ai", "status"]) == CLEAN
    printed = capsys.readouterr().out
    assert "api.anthropic.com" in printed
    assert "0.0000 of 5.00" in printed


def test_a_closed_pipe_ends_quietly(project: Path) -> None:
    for number in range(30):
        (project / f"file{number}.py").write_text(UNTIDY * 40)
    with subprocess.Popen([*COMMAND, "check"], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(30)


def test_version_is_printed_without_loading_the_engine(project: Path) -> None:
    code = (
        "import sys\nfrom backend_team.cli.main import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('libcst', 'yaml', 'rich', 'asyncio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout.splitlines() == ["backend-team 0.1.0", "[]"]


def test_a_missing_extra_is_named(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hidden")
    (folder / "pygls.py").write_text("raise ModuleNotFoundError('no pygls', name='pygls')\n")
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run([*COMMAND, "lsp"], cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == WRONG
    assert "pygls is missing" in done.stderr
    assert "Traceback" not in done.stderr
