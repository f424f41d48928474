"""Standing down for Ruff: what it selects in a folder, compared with Ruff itself, and what that means for our rules."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from backend_team.analysis.module import analyse
from backend_team.analysis.table import stands_down
from backend_team.errors import SettingsError
from backend_team.rules.load import load_rules
from backend_team.rules.texts import RulesOnDemand
from backend_team.settings import Resolver, Settings
from backend_team.settings.ruff import Selection, selection
from backend_team.settings.ruff_codes import DEFAULT, PREVIEW
from backend_team.text import Source

RUFF = str(Path(sys.executable).with_name("ruff"))
CONTRADICTING = {"D203", "D213"}  # Ruff leaves these out where their opposites are selected too
NEWEST = 'required-version = ">=0.16"\n'  # where the default is the one of the Ruff that is asked


def ruff(*arguments: str, folder: Path) -> str:
    done = subprocess.run([RUFF, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def enabled(folder: Path) -> set[str]:
    """What Ruff says it checks in a folder."""
    (folder / "module.py").touch()
    shown = ruff("check", "--show-settings", "module.py", folder=folder)
    found = re.search(r"linter\.rules\.enabled = \[(.*?)\n?\]", shown, re.DOTALL)
    assert found is not None
    return set(re.findall(r"\((\w+)\)", found[1]))


@pytest.fixture(scope="session")
def codes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The codes of all rules of Ruff, and the state of each."""
    rules = json.loads(ruff("rule", "--all", "--output-format", "json", folder=tmp_path_factory.mktemp("ruff")))
    return {one["code"]: next(iter(one["status"])) for one in rules if one["code"]}


def test_the_tables_are_those_of_ruff(codes: dict[str, str], tmp_path: Path) -> None:
    assert {code for code, state in codes.items() if state == "Preview"} == PREVIEW
    (tmp_path / "ruff.toml").touch()
    assert enabled(tmp_path) == DEFAULT


@pytest.mark.parametrize(
    "text",
    [
        "line-length = 100",
        'lint.select = ["E4", "E7", "E9", "F"]',
        'lint.select = ["E"]',
        'lint.select = ["F", "FURB", "S"]\nlint.ignore = ["F401", "S1"]',
        'lint.select = ["UP"]\nlint.ignore = ["UP0"]\nlint.extend-select = ["UP03"]',
        'lint.select = ["UP0"]\nlint.ignore = ["UP"]',
        'lint.select = ["UP032"]\nlint.ignore = ["UP032"]',
        'lint.select = ["ALL"]\nlint.ignore = ["D", "ANN", "PL", "PLR2004", "C9"]',
        'lint.select = ["ALL"]\nlint.ignore = ["PLR"]\nlint.extend-select = ["PLR09"]',
        'lint.select = ["F"]\nlint.ignore = ["ALL"]',
        'lint.select = ["PL", "C", "T"]',
        'lint.select = ["C4", "C90", "T20", "PLE1"]',
        'lint.select = ["TCH", "SIM111", "TRY200", "I25", "IC0", "PLR1701", "RUF011", "U", "PDV"]',
        "lint.select = []",
        'lint.select = []\nlint.extend-select = ["B006"]',
        'lint.extend-select = ["B", "SIM1"]',
        'lint.ignore = ["F401", "B"]',
        'lint.extend-ignore = ["F4"]',
        'select = ["E7"]\nignore = ["E711"]',
        'select = ["E7"]\n[lint]\nselect = ["F"]',
        'select = ["E7"]\nextend-select = ["B"]\n[lint]\nignore = ["E711"]',
        'lint.select = ["FURB"]',
        'lint.select = ["FURB", "PLW"]\nlint.preview = true',
        'preview = true\nlint.select = ["FURB", "PLR17"]',
        'preview = true\nlint.preview = false\nlint.select = ["FURB"]',
        'preview = true\nlint.explicit-preview-rules = true\nlint.select = ["FURB", "FURB101"]',
        'preview = true\nlint.explicit-preview-rules = true\nlint.select = ["ALL"]\nlint.ignore = ["E"]',
    ],
)
def test_selection_is_that_of_ruff(text: str, codes: dict[str, str], tmp_path: Path) -> None:
    agrees(tmp_path, {"ruff.toml": NEWEST + text}, codes)


def agrees(folder: Path, files: dict[str, str], codes: dict[str, str], place: str = "ruff.toml") -> None:
    """Compare what we make of files with what Ruff makes of them in the folder of one of these."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found = selection(folder / place, folder)
    assert found is not None
    alive = {code for code, state in codes.items() if state != "Removed"}
    ours = {code for code in alive if found.selects(code)}
    assert ours - CONTRADICTING == enabled((folder / place).parent) - CONTRADICTING


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ('lint.select = ["F", "E7"]', 'lint.extend-select = ["B"]\nlint.ignore = ["F401"]'),
        ('lint.select = ["F", "E7"]\nlint.ignore = ["F401"]', 'lint.select = ["F"]'),
        ('lint.ignore = ["F401"]\nlint.select = []', 'lint.select = ["F"]'),
        ('lint.ignore = ["F401"]', 'lint.extend-select = ["F401"]'),
        ('lint.extend-select = ["B006"]', 'lint.ignore = ["B"]'),
        ('preview = true\nlint.select = ["FURB"]', ""),
        ('preview = true\nlint.select = ["FURB"]', "preview = false"),
    ],
)
def test_a_file_stands_on_the_one_it_extends(base: str, text: str, codes: dict[str, str], tmp_path: Path) -> None:
    files = {"ruff.toml": NEWEST + base, "shop/ruff.toml": f'extend = "../ruff.toml"\n{text}'}
    agrees(tmp_path, files, codes, "shop/ruff.toml")
    project = f'[tool.ruff]\nextend = "../ruff.toml"\n{text}'
    agrees(tmp_path, {"other/pyproject.toml": project}, codes, "other/pyproject.toml")


def test_a_chain_of_three_files(codes: dict[str, str], tmp_path: Path) -> None:
    files = {
        "ruff.toml": NEWEST + 'lint.select = ["E", "F"]',
        "a/ruff.toml": 'extend = "../ruff.toml"\nlint.ignore = ["F4"]',
        "a/b/.ruff.toml": 'extend = "../ruff.toml"\nlint.extend-select = ["F401"]',
    }
    agrees(tmp_path, files, codes, "a/b/.ruff.toml")


@pytest.mark.parametrize(
    ("required", "narrow", "both", "wide"),
    [
        ("", False, True, False),
        ('">=0.4"', False, True, False),
        ('">=0.16"', False, True, True),
        ('">=0.17.2,<0.18"', False, True, True),
        ('"==0.17.5"', False, True, True),
        ('"0.15.22"', True, True, False),
        ('"<0.16"', True, True, False),
        ('"~=0.15.3"', True, True, False),
        ('"~=0.15"', False, True, False),
        ('"<=0.15"', True, True, False),
        ('"nonsense"', False, True, False),
    ],
)
def test_the_default_is_what_all_versions_that_may_run_select(
    required: str, narrow: bool, both: bool, wide: bool, tmp_path: Path
) -> None:
    path = tmp_path / "ruff.toml"
    path.write_text(f"required-version = {required}" if required else "")
    found = selection(path, tmp_path)
    assert found is not None
    assert [found.selects(code) for code in ("E711", "F401", "B006")] == [narrow, both, wide]


@pytest.mark.parametrize(
    "text",
    [
        "lint.select = 'F'",
        "lint = 1",
        "select = [1]",
        "preview = 'yes'",
        "extend = 'missing.toml'",
        "extend = 'ruff.toml'",
        "extend = '../outside.toml'",
        "[",
        "\udcff",
    ],
)
def test_what_ruff_would_refuse_selects_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text('lint.select = ["F"]')
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "ruff.toml").write_bytes(os.fsencode(text))
    assert selection(folder / "ruff.toml", folder) is None


# Where it holds ---------------------------------------------------------------------------------------------------

CODE = "import os\n\nif x == None:\n    pass\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "module.py").write_text(CODE)
    return tmp_path


def found(folder: Path, **choices: frozenset[str]) -> set[str]:
    """The rules that find something in the module of a folder."""
    settings = Resolver(**choices).of(folder / "module.py")  # type: ignore[arg-type]
    return {one.rule for one in analyse(Source("module.py", CODE), load_rules(), settings).findings}


def test_rules_stand_down_where_ruff_checks_the_same(shop: Path) -> None:
    assert found(shop) >= {"unused-import", "comparison-to-none"}
    (shop / "ruff.toml").write_text('lint.select = ["F"]')
    assert "unused-import" not in found(shop)
    assert "comparison-to-none" in found(shop)
    (shop / "ruff.toml").write_text('lint.select = ["E"]')
    assert "unused-import" in found(shop)
    assert "comparison-to-none" not in found(shop)


def test_the_nearest_settings_of_ruff_count(shop: Path) -> None:
    inner = shop / "inner"
    inner.mkdir()
    (shop / "pyproject.toml").write_text('[tool.ruff.lint]\nselect = ["F"]')
    assert "unused-import" not in found(inner)
    (inner / "pyproject.toml").write_text('[project]\nname = "inner"\n')
    assert "unused-import" not in found(inner)
    (inner / "pyproject.toml").write_text('[tool.ruff.lint]\nselect = ["E"]')
    assert "unused-import" in found(inner)
    (inner / "ruff.toml").write_text('lint.select = ["F"]')
    assert "unused-import" not in found(inner)
    (inner / ".ruff.toml").write_text("lint.select = []")
    assert {"unused-import", "comparison-to-none"} <= found(inner)


def test_settings_of_ruff_outside_of_the_repository_are_not_read(shop: Path) -> None:
    inner = shop / "inner"
    (inner / ".git").mkdir(parents=True)
    (shop / "ruff.toml").write_text('lint.select = ["F"]')
    assert "unused-import" in found(inner)


def test_never_keeps_all_rules(shop: Path) -> None:
    (shop / "ruff.toml").write_text('lint.select = ["ALL"]')
    (shop / "backend-team.toml").write_text('stand-down = "never"')
    assert {"unused-import", "comparison-to-none"} <= found(shop)
    (shop / "backend-team.toml").write_text('stand-down = "auto"')
    assert found(shop).isdisjoint({"unused-import", "comparison-to-none"})
    (shop / "backend-team.toml").write_text('stand-down = "ruff"')
    with pytest.raises(SettingsError, match="stand-down"):
        found(shop)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ('extend-select = ["unused-import"]', True),
        ('select = ["unused-import"]', True),
        ('severity = { unused-import = "error" }', True),
        ('per-path."*.py" = { extend-select = ["unused-import"] }', True),
        ('per-path."*.pyi" = { extend-select = ["unused-import"] }', False),
        ('select = ["all"]', False),
        ('select = ["imports"]', False),
        ('severity = { comparison-to-none = "error" }', False),
    ],
)
def test_a_rule_that_is_named_does_not_stand_down(text: str, runs: bool, shop: Path) -> None:
    (shop / "ruff.toml").write_text('lint.select = ["F"]')
    (shop / "backend-team.toml").write_text(text)
    assert ("unused-import" in found(shop)) is runs


def test_a_rule_that_a_run_names_does_not_stand_down(shop: Path) -> None:
    (shop / "ruff.toml").write_text('lint.select = ["F"]')
    assert found(shop, select=frozenset({"unused-import"})) == {"unused-import"}
    assert "unused-import" in found(shop, extend_select=frozenset({"unused-import"}))


def test_what_stands_down_is_part_of_the_digest(shop: Path) -> None:
    without = Settings.load(shop)
    (shop / "ruff.toml").write_text('lint.select = ["F"]')
    one = Settings.load(shop)
    (shop / "ruff.toml").write_text('lint.select = ["E"]')
    other = Settings.load(shop)
    assert len({without.digest, one.digest, other.digest}) == 3
    (shop / "backend-team.toml").write_text('stand-down = "never"')
    assert Settings.load(shop).digest == without.digest
    (shop / "backend-team.toml").unlink()
    (shop / "ruff.toml").write_text('lint.select = ["E"]\nline-length = 99')
    assert Settings.load(shop).digest == other.digest


def test_suppressions_of_rules_that_stand_down_are_not_unused(shop: Path) -> None:
    (shop / "ruff.toml").write_text('lint.select = ["F"]')
    text = "import os  # noqa: F401\nimport re  # backend-team: ignore[unused-import]\n"
    settings = Settings.load(shop)
    assert not analyse(Source("module.py", text), load_rules(), settings).findings


def test_outlines_say_what_the_parsed_rules_say() -> None:
    settings = Settings(ruff=Selection())
    outlines = {one.id: one for one in RulesOnDemand().outlines}
    assert outlines.keys() == load_rules().by_id.keys()
    for rule in load_rules():
        head = outlines[rule.id]
        assert (head.category, head.default, head.python) == (rule.category, rule.default, rule.python)
        assert head.equivalents == rule.equivalents
        assert stands_down(head, settings) == stands_down(rule, settings)


def test_the_command_line_says_it_once(shop: Path) -> None:
    def check(*arguments: str) -> str:
        command = [sys.executable, "-m", "backend_team", "check", *arguments, "."]
        done = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        return done.stdout

    assert "stand down" not in check()
    (shop / "ruff.toml").write_text('lint.select = ["F401"]')
    said = check()
    assert "unused-import" not in said
    assert "comparison-to-none" in said
    assert said.count('1 rule stands down for Ruff, which checks the same here; stand-down = "never" runs them.') == 1
    assert check() == said  # all from what the run before kept
    assert "down" not in check("--format", "json")
    (shop / "backend-team.toml").write_text('stand-down = "never"')
    assert "unused-import" in check()
    assert "down" not in check()
