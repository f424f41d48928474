"""Pages of rules: complete, current when written, linked to what is there."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from backend_team.catalogue import catalogue_folder
from backend_team.rules.load import load_rule, load_rules
from backend_team.rules.pages import index, page, page_url, stale, write

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.rules.model import Rule

RULES = load_rules()


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue of two rules, and a page that somebody wrote by hand."""
    for name in ("imports/unused-import", "complexity/too-complex"):
        to = tmp_path / "rules" / f"{name}.yaml"
        to.parent.mkdir(parents=True)
        shutil.copy(catalogue_folder("rules") / f"{name}.yaml", to)
    (tmp_path / "rules" / "README.md").write_text("# Rules\n")
    return tmp_path / "rules"


def test_pages_follow_their_rules(catalogue: Path) -> None:
    assert len(stale(catalogue)) == 3
    assert write(catalogue) == (3, 0)
    assert stale(catalogue) == []
    assert write(catalogue) == (0, 0)
    rule = catalogue / "imports" / "unused-import.yaml"
    rule.write_text(rule.read_text().replace("title: ", "title: Really, "))
    assert {path.name for path in stale(catalogue)} == {"unused-import.md", "INDEX.md"}
    rule.unlink()
    assert write(catalogue) == (1, 1)
    assert not (catalogue / "imports" / "unused-import.md").exists()
    assert (catalogue / "README.md").read_text() == "# Rules\n"


def test_the_address_of_a_page(catalogue: Path) -> None:
    file = catalogue / "imports" / "unused-import.yaml"
    assert page_url(load_rule(file)) == file.as_uri(), "while there is no page, the rule itself"
    write(catalogue)
    assert page_url(load_rule(file)) == file.with_suffix(".md").as_uri()


@pytest.mark.parametrize("rule", [*RULES], ids=lambda rule: rule.id)
def test_a_page_says_it_all(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"# {rule.id}\n")
    for example in rule.examples:
        for code in (example.before, example.after, example.keep):
            assert code is None or code.rstrip() in text
    fences = re.findall(r"^(`{3,})", text, re.MULTILINE)
    assert len(fences) % 2 == 0
    assert f"ignore[{rule.id}]" in text
    assert ("off: `extend-select" in text) is not rule.default
    assert all(name.partition(":")[2] in text for name in rule.equivalents)


def test_the_index_has_every_rule() -> None:
    text = index(RULES)
    linked = re.findall(r"^\| \[([\w-]+)\]\(([\w-]+)/([\w-]+)\.md\) \|", text, re.MULTILINE)
    assert sorted(name for name, _, _ in linked) == sorted(RULES.by_id)
    assert all(RULES.by_id[name].category == folder and name == file for name, folder, file in linked)
    for row in text.splitlines():
        if row.startswith("| ["):
            assert len(re.findall(r"(?<!\\)\|", row)) == 6, row


def test_settings_that_a_check_reads_are_named() -> None:
    assert "- `max-complexity`" in page(RULES.by_id["too-complex"])
    assert "max-" not in page(RULES.by_id["comparison-to-none"])
