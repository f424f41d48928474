"""`import backend_team` as a program uses it: what it gives, what it costs, what a type checker sees."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import backend_team
from backend_team import (
    BackendTeamError,
    FixResult,
    Report,
    Safety,
    Settings,
    check_paths,
    check_source,
    fix_source,
)

ROOT = Path(__file__).resolve().parents[2]
UNTIDY = "import os\n\n\ndef last(items=[]):\n    if items == None:\n        return None\n    return items[-1]\n"


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_a_text_is_checked() -> None:
    report = check_source(UNTIDY)
    assert {"unused-import", "comparison-to-none", "mutable-default-argument"} <= rules(report)
    finding = report.findings[0]
    assert report.location(finding) == (1, 8, 1, 10)
    assert UNTIDY[finding.span.start : finding.span.end] == "os"
    wide = check_source("x = '\U0001f600'; import os\n")
    (found,) = [finding for finding in wide.findings if finding.rule == "unused-import"]
    assert (wide.location(found).column, wide.location(found, "utf-16").column) == (17, 18)


def test_what_does_not_parse_is_a_problem() -> None:
    for text in ("def (:\n", "\x00", "(" * 10_000, "print 'two'\n"):
        report = check_source(text)
        assert [problem.kind for problem in report.problems] == ["syntax"]
    assert check_source("").findings == ()


def test_settings_are_those_of_the_path(tmp_path: Path) -> None:
    (tmp_path / "backend-team.toml").write_text('select = ["unused-import"]\n')
    assert rules(check_source(UNTIDY, path=tmp_path / "shop" / "cart.py")) == {"unused-import"}
    assert len(rules(check_source(UNTIDY))) > 1
    none = Settings(ignore=frozenset({"all"}))
    assert rules(check_source(UNTIDY, path=tmp_path / "cart.py", settings=none)) == set()
    (tmp_path / "backend-team.toml").write_text('selct = ["unused-import"]\n')
    with pytest.raises(BackendTeamError, match="did you mean"):
        check_source(UNTIDY, path=tmp_path / "cart.py")


def test_rules_of_the_project_run(tmp_path: Path) -> None:
    folder = tmp_path / ".backend-team" / "rules" / "own"
    folder.mkdir(parents=True)
    (folder / "no-print.yaml").write_text(
        "id: no-print\ntitle: Log instead\nwhy: Prints get lost.\nseverity: hint\n"
        'pattern: "print($$X)"\nexamples:\n  - before: "print(1)\\n"\n'
    )
    (tmp_path / "backend-team.toml").write_text("")
    assert "no-print" in rules(check_source("print(1)\n", path=tmp_path / "cart.py"))
    (tmp_path / "cart.py").write_text("print(1)\n")
    assert "no-print" in rules(next(check_paths([tmp_path])))


def test_a_text_is_fixed() -> None:
    done = fix_source(UNTIDY)
    assert isinstance(done, FixResult)
    assert "import os" not in done.text
    assert "items=[]" in done.text, "wants a review"
    assert done.report.findings == check_source(done.text).findings
    assert "unused-import" in {fix.rule for fix in done.applied}
    assert "items=[]" not in fix_source(UNTIDY, safety="review").text
    assert fix_source(UNTIDY, safety=Safety.REVIEW, select=["mutable-default-argument"]).text.startswith("import os\n")
    assert fix_source(UNTIDY, select=["imports"]).text == UNTIDY.replace("import os\n\n\n", "")
    assert fix_source("def (:\n").text == "def (:\n"


@pytest.mark.parametrize("arguments", [{"select": ["nothing"]}, {"safety": "none"}, {"safety": "all"}])
def test_wrong_arguments_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"nothing|safety|Safety"):
        fix_source(UNTIDY, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("jobs", [0, 2])
def test_files_are_checked(tmp_path: Path, jobs: int) -> None:
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text(UNTIDY)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "backend-team.toml").write_text('select = ["unused-import"]\n')
    (tmp_path / "shop" / "d.py").write_text(UNTIDY)
    reports = list(check_paths([tmp_path], jobs=jobs))
    assert [Path(report.path).name for report in reports] == ["a.py", "b.py", "c.py", "d.py"]
    assert reports[0].location(reports[0].findings[0]) == (1, 8, 1, 10)
    assert len(rules(reports[0])) > 1
    assert rules(reports[-1]) == {"unused-import"}, "the nearest settings file"
    with pytest.raises(BackendTeamError, match="does not exist"):
        check_paths([tmp_path / "nowhere"])


def test_importing_costs_next_to_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import backend_team; loaded = sorted(set(sys.modules) - before)\n"
        "import json; print(json.dumps(loaded))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert [name for name in loaded if name.startswith("backend_team")] == ["backend_team"]
    assert not {"ast", "yaml", "libcst", "rich", "dataclasses", "asyncio"} & set(loaded)


def test_every_name_is_there() -> None:
    for name in backend_team.__all__:
        assert getattr(backend_team, name) is not None
    assert set(backend_team.__all__) <= set(dir(backend_team))
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", backend_team.__version__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = backend_team.nothing


CONSUMER = """\
from collections.abc import Iterator

import backend_team
from backend_team import Finding, FixResult, Location, Report, Settings, check_paths, check_source, fix_source

report: Report = check_source("import os", path="a.py", settings=Settings(select=frozenset({"unused-import"})))
finding: Finding = report.findings[0]
line: int = report.location(finding).line
place: Location = report.location(finding, "utf-16")
result: FixResult = fix_source("import os", safety="review", select=["imports"])
reports: Iterator[Report] = check_paths(["src"], jobs=2)
version: str = backend_team.__version__
reveal_type(finding.severity)
check_source(1)
fix_source("", safety="unsafe")
"""


def test_a_strict_type_checker_knows_it(tmp_path: Path) -> None:
    (tmp_path / "consumer.py").write_text(CONSUMER)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "consumer.py"]
    environment = {name: value for name, value in os.environ.items() if name != "MYPYPATH"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.startswith("consumer.py")]
    assert [re.sub(r".*?\[([\w-]+)\]$", r"\1", line) for line in said if "error" in line] == ["arg-type", "arg-type"]
    assert 'Revealed type is "backend_team.findings.Severity"' in done.stdout


def test_the_examples_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "cart.py").write_text("import os\n")
    monkeypatch.chdir(tmp_path)
    readme = (ROOT / "README.md").read_text()
    section = readme[readme.index("### As a library") :].split("\n## ")[0].split("\n### As a library")[-1]
    examples = doctest.DocTestParser().get_doctest(section, {}, "README.md", "README.md", 0)
    assert len(examples.examples) >= 6
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert runner.run(examples).failed == 0
