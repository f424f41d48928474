"""`rules` and `explain`: what there is, what it is about, and rules of one's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from backend_team.rules.load import load_rules
from tests.cli.command import run

if TYPE_CHECKING:
    from pathlib import Path


def test_rules_alone_lists_them(tmp_path: Path) -> None:
    done = run(tmp_path, "rules")
    assert done.code == 0
    assert done.out == run(tmp_path, "rules", "list").out
    assert "\x1b" not in done.out
    for rule in load_rules():
        assert f"  {rule.id} " in done.out


def test_list_of_a_category(tmp_path: Path) -> None:
    done = run(tmp_path, "rules", "list", "--category", "comments", "--format", "json")
    items = json.loads(done.out)
    assert {item["category"] for item in items} == {"comments"}
    assert all(item["page"].startswith(("file:///", "https://")) for item in items)
    wrong = run(tmp_path, "rules", "list", "--category", "commnets")
    assert (wrong.code, wrong.err.splitlines()[1].strip()) == (2, 'did you mean "comments"?')


def test_explain_tells_all(tmp_path: Path) -> None:
    page = run(tmp_path, "explain", "too-complex").out
    for said in ("# too-complex", "## Found", "## Fix", "max-complexity", "ignore[too-complex]", "# noqa: C901"):
        assert said in page
    assert "docs.astral.sh" in page


@pytest.mark.parametrize(
    ("code", "rule"),
    [("F401", "unused-import"), ("f401", "unused-import"), ("ruff:F401", "unused-import"), ("SIM102", "nested-if")],
)
def test_explain_takes_codes_of_other_tools(tmp_path: Path, code: str, rule: str) -> None:
    assert f"# {rule}\n" in run(tmp_path, "explain", code).out


def test_explain_lists_what_a_code_or_category_stands_for(tmp_path: Path) -> None:
    done = run(tmp_path, "explain", "imports")
    assert done.code == 0
    assert "unused-import " in done.out
    several = {
        code: [rule.id for rule in load_rules() if f"ruff:{code}" in rule.equivalents] for code in ("RET505", "C401")
    }
    for code, ids in several.items():
        if len(ids) > 1:
            assert all(name in run(tmp_path, "explain", code).out for name in ids)


@pytest.mark.parametrize(
    ("name", "hint"), [("unused-imprt", "unused-import"), ("F4O1", "F401"), ("zzzz", "backend-team rules list")]
)
def test_explain_names_the_nearest(tmp_path: Path, name: str, hint: str) -> None:
    done = run(tmp_path, "explain", name)
    assert done.code == 2
    assert hint in done.err.splitlines()[1]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--category", "logging", "--title", 'Say: "log"'],
        ["--pattern", "print($$ARGUMENTS)"],
        ["--pattern", "print($X)", "--fix", "log($X)"],
        ["--pattern", "if $A:\n    if $B:\n        $$BODY"],
        ["--pattern", "$X == ''", "--title", "Ünïcode: # and 'quotes'"],
    ],
    ids=["plain", "category", "pattern", "fix", "statement", "title"],
)
def test_a_new_rule_works_at_once(project: Path, arguments: list[str]) -> None:
    done = run(project, "rules", "new", "no-print", *arguments)
    assert done.code == 0, done.out
    (file,) = (project / ".backend-team" / "rules").rglob("*.yaml")
    assert f"backend-team rules test {file.relative_to(project)}" in done.out
    assert run(project, "rules", "test", str(file)).code == 0
    assert run(project, "rules", "test", ".backend-team").code == 0
    assert "  no-print " in run(project, "rules", "list").out
    again = run(project, "rules", "new", "no-print", *arguments)
    assert again.code == 2
    assert "is there already" in again.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["No_Print"], "for example no-print"),
        (["unused-import"], 'there is a rule "unused-import" already'),
        (["no-print", "--category", "../out"], "is not of the form"),
        (["no-print", "--pattern", "print($"], "can't be parsed"),
        (["no-print", "--pattern", "print($X)", "--fix", "log($Y)"], "$Y is not in the pattern"),
        (["no-print", "--fix", "log($X)"], "--fix needs --pattern"),
    ],
)
def test_a_new_rule_that_cannot_be(project: Path, arguments: list[str], said: str) -> None:
    done = run(project, "rules", "new", *arguments)
    assert done.code == 2
    assert said in done.err
    assert not (project / ".backend-team").exists(), "nothing is written"


def test_a_new_rule_goes_where_the_settings_are(project: Path) -> None:
    (project / "backend-team.toml").write_text("")
    (project / "shop").mkdir()
    assert run(project / "shop", "rules", "new", "no-print").code == 0
    assert (project / ".backend-team" / "rules" / "own" / "no-print.yaml").is_file()
    (project / "shop" / "a.py").write_text("old_name(1)\n")
    assert "warning no-print" in run(project / "shop", "check").out


def test_every_broken_file_is_named(project: Path) -> None:
    run(project, "rules", "new", "good")
    own = project / ".backend-team" / "rules" / "own"
    text = (own / "good.yaml").read_text()
    (own / "worse.yaml").write_text(text.replace("id: good", "id: worse").replace("severity: warning", "severity: x"))
    (own / "bad.yaml").write_text("id: bad\n  title")
    (own / "wrong.yaml").write_text(text.replace("id: good", "id: wrong").replace("new_name(x)", "old_name(x)"))
    done = run(project, "rules", "test", ".backend-team", "absent.yaml")
    assert done.code == 2
    assert done.err.count("error: ") == 3
    assert "worse.yaml, line" in done.err
    assert "wrong.yaml:" in done.out, "the others are tested"
    assert run(project, "rules", "test", str(own / "wrong.yaml")).code == 1
    empty = run(project, "rules", "test", str(project / ".backend-team" / "rules" / "own" / "none"))
    assert empty.code == 2


def test_a_rule_for_newer_python_is_tested_for_it(project: Path) -> None:
    run(project, "rules", "new", "newer", "--pattern", "newer($X)")
    file = project / ".backend-team" / "rules" / "own" / "newer.yaml"
    file.write_text(file.read_text() + 'python: "3.13"\ndefault: off\n')
    assert run(project, "rules", "test", str(file)).code == 0
