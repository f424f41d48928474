"""The formats of `check`, as the programs that read them do."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from backend_team.cli import printing
from backend_team.cli.formats import Context, format_named
from backend_team.cli.terminal import harmless
from backend_team.findings import Finding, Problem, Safety, Severity
from backend_team.library import Report
from backend_team.rules.load import load_rules
from backend_team.text import Span
from tests.cli.command import UNTIDY, run
from tests.cli.sarif_schema import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

NASTY = "a%b:c,d\ne\x1b[31m\x00 <&\"'> \U0001f600 \udc80"


def rendered(name: str, reports: list[Report], root: Path) -> str:
    context = Context(load_rules(), root, lambda report: ["key"] * len(report.findings))
    return "".join(format_named(name)(reports, context))


def nasty(root: Path, text: str = "x = '\U0001f600'; import os\n") -> Report:
    """A report with everything in it that could break out of a format."""
    at = text.index("import")
    finding = Finding("unused-import", Span(at, at + 6), NASTY, Severity.WARNING, Safety.SAFE)
    problems = (Problem(NASTY, Span(0, 1)), Problem(NASTY, Span(0, 0), "file"))
    return Report(str(root / "a b%:,é.py"), (finding,), problems, text)


# SARIF


def sarif(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(document)
    (one,) = document["runs"]
    return dict(one)


def test_sarif_fits_its_schema_and_counts_in_utf16(tmp_path: Path) -> None:
    one = sarif(rendered("sarif", [nasty(tmp_path)], tmp_path))
    assert one["columnKind"] == "utf16CodeUnits"
    result = one["results"][1]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 17}
    assert unquote(place["artifactLocation"]["uri"]) == "a b%:,é.py"
    assert one["originalUriBaseIds"]["%SRCROOT%"]["uri"] == f"{tmp_path.as_uri()}/"
    assert one["invocations"][0]["executionSuccessful"] is False, "a file could not be read"
    assert len(one["invocations"][0]["toolExecutionNotifications"]) == 1


def test_sarif_names_rules_with_help(project: Path) -> None:
    done = run(project, "check", "--format", "sarif")
    assert done.code == 1
    one = sarif(done.out)
    rules = one["tool"]["driver"]["rules"]
    for result in one["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}\n")
        assert urlsplit(rule["helpUri"]).scheme in {"file", "https"}
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_other_places_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('prices = {\n    "a": 1,\n    "a": 2,\n}\n')
    done = run(tmp_path, "check", "--format", "sarif", "--select", "duplicate-dict-key")
    (result,) = sarif(done.out)["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 3
    (other,) = result["relatedLocations"]
    assert other["message"] == {"text": "the key is here already"}
    assert other["physicalLocation"]["artifactLocation"]["uri"] == "a.py"
    assert other["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 8}
    (item,) = json.loads(run(tmp_path, "check", "--format", "json", "--select", "duplicate-dict-key").out)
    place = {"line": 2, "column": 5, "end_line": 2, "end_column": 8}
    assert item["related"] == [{**place, "message": "the key is here already"}]


def test_sarif_of_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "--format", "sarif")
    assert done.code == 0
    assert sarif(done.out)["results"] == []


def test_sarif_fingerprints_stay_when_lines_move(project: Path) -> None:
    def prints() -> list[str]:
        one = sarif(run(project, "check", "--format", "sarif", "--select", "comparison-to-none,else-after-return").out)
        return [result["partialFingerprints"]["backendTeam/v1"] for result in one["results"]]

    before = prints()
    (project / "untidy.py").write_text("# a comment\n\n\n" + UNTIDY.replace("    ", "  "))
    assert prints() == before
    (project / "untidy.py").write_text(UNTIDY + "\n\n" + UNTIDY.replace("import os", ""))
    more = prints()
    assert len(more) == len(before) * 2
    assert len(set(more)) == len(more), "the second of the same is another"


def test_paths_count_from_the_repository(project: Path) -> None:
    (project / ".git").mkdir()
    (project / "shop").mkdir()
    (project / "untidy.py").rename(project / "shop" / "untidy.py")
    one = sarif(run(project / "shop", "check", "--format", "sarif").out)
    assert one["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop/untidy.py"
    annotation = run(project / "shop", "check", "--format", "github").out
    assert ",file=shop/untidy.py," in annotation
    assert run(project / "shop", "check", "--format", "json").out.count('"path": "untidy.py"') == len(one["results"])


# GitHub


def annotations(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read the commands as the runner does."""
    found = []
    for line in text.split("\n")[:-1]:
        match = re.fullmatch(r"::(error|warning|notice) ([^\n]*?)::([^\n]*)", line)
        assert match, line
        properties = dict(one.split("=", 1) for one in match[2].split(","))
        for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            properties = {key: value.replace(code, char) for key, value in properties.items()}
        message = match[3].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        found.append((match[1], properties, message))
    return found


def test_github_annotations_are_escaped(tmp_path: Path) -> None:
    text = rendered("github", [nasty(tmp_path)], tmp_path)
    level, properties, message = annotations(text)[-1]
    assert level == "warning"
    assert message == harmless(f"unused-import: {NASTY}")
    assert "\x1b" not in message
    assert properties["file"] == "a b%:,é.py"
    assert properties["title"] == "AI Backend Team (unused-import)"
    assert (properties["line"], properties["endLine"], properties["col"]) == ("1", "1", "10")


def test_github_gives_columns_only_within_a_line(tmp_path: Path) -> None:
    finding = Finding("nested-if", Span(0, 12), "two lines", Severity.HINT)
    report = Report(str(tmp_path / "a.py"), (finding,), (), "if a:\n    b\n")
    ((level, properties, _),) = annotations(rendered("github", [report], tmp_path))
    assert level == "notice"
    assert "col" not in properties
    assert properties["endLine"] == "3"


# JUnit


def test_junit_is_xml_whatever_the_message(tmp_path: Path) -> None:
    text = rendered("junit", [nasty(tmp_path), Report("clean.py", ())], tmp_path)
    assert text.isascii()
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    first, second = root
    assert (first.get("tests"), first.get("failures"), first.get("errors")) == ("3", "1", "2")
    assert len(first) == 3
    failure = first.find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "unused-import"
    assert "\U0001f600" in (failure.text or "")
    assert "\\x1b[31m\\x00" in (failure.text or "")
    assert [case.get("name") for case in second] == ["clean"]


def test_junit_counts_what_it_holds(project: Path) -> None:
    (project / "clean.py").write_text("print(1)\n")
    root = ElementTree.fromstring(run(project, "check", "--format", "junit").out)
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
    assert [suite.get("name") for suite in root] == ["clean.py", "untidy.py"]


# JSON and text


def test_json_of_nothing_and_of_problems(tmp_path: Path) -> None:
    assert json.loads(run(tmp_path, "check", "--format", "json").out) == []
    (tmp_path / "broken.py").write_text("def (:\n")
    (item,) = json.loads(run(tmp_path, "check", "--format", "json").out)
    assert (item["rule"], item["severity"], item["line"]) == ("syntax", "error", 1)


def test_text_shows_nothing_that_commands_the_terminal(tmp_path: Path) -> None:
    text = rendered("text", [nasty(tmp_path, "x = '\x1b[2J\u202e'; import os\n")], tmp_path)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "␛[2J" in text


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("\tif x == None: pass", "x == None"),
        ("é = 1; x == None", "x == None"),
        ("日本 = 1; x == None", "x == None"),
        ("a" * 5_000 + " = 1; x == None; " + "b" * 5_000, "x == None"),
        ("x == None" + " " * 500, "x == None"),
    ],
    ids=["tab", "accent", "wide", "long", "blanks"],
)
def test_the_marker_stands_below_what_it_marks(tmp_path: Path, line: str, marked: str) -> None:
    from unicodedata import east_asian_width

    at = line.index(marked)
    finding = Finding("comparison-to-none", Span(at, at + len(marked)), "m", Severity.WARNING)
    text = rendered("text", [Report(str(tmp_path / "a.py"), (finding,), (), line)], tmp_path)
    _, shown, marker = text.splitlines()
    assert len(shown) < 200
    wide = "".join(char + "\0" * (east_asian_width(char) in "WF") for char in shown)
    assert wide[marker.index("^") : marker.rindex("^") + 1] == marked


@pytest.mark.parametrize(
    ("environment", "colours"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colours_are_for_terminals(project: Path, environment: dict[str, str], colours: bool) -> None:
    plain = {"NO_COLOR": "", "FORCE_COLOR": ""}
    assert ("\x1b[" in run(project, "check", **plain | environment).out) is colours


def test_statistics_in_json(project: Path) -> None:
    done = run(project, "check", "--statistics", "--format", "json")
    assert done.code == 1
    assert {"rule": "unused-import", "count": 1, "fix": "safe"} in json.loads(done.out)


@pytest.mark.parametrize("name", ["text", "json", "sarif", "github", "junit"])
@pytest.mark.parametrize("now", [None, "", "# shorter"], ids=["gone", "empty", "shorter"])
def test_files_that_change_meanwhile(tmp_path: Path, name: str, now: str | None) -> None:
    if now is not None:
        (tmp_path / "a.py").write_text(now)
    finding = Finding("unused-import", Span(500, 600), "m", Severity.WARNING)
    report = Report(str(tmp_path / "a.py"), (finding,), (Problem("p", Span(900, 901)),))
    context = Context(load_rules(), tmp_path, printing.keys_for(tmp_path))
    assert "unused-import" in "".join(format_named(name)([report], context))
