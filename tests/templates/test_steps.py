"""The commands one by one: repeated, cut short, undone; nothing of a person is overwritten or removed."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import FileError, StepError
from backend_team.hosted.steps import snapshot
from backend_team.hosted.steps.deploy_application import deployment_id_of
from backend_team.templates.manifest import load_template
from backend_team.templates.render import RenderedFile
from tests.templates.conftest import processes_in
from tests.templates.journal import Bench
from tests.templates.tiny import TINY, write

if TYPE_CHECKING:
    from backend_team.hosted.providers.local import LocalProvider
    from tests.templates.conftest import Changes

SERVER = Path(__file__).with_name("server.py").read_text("utf-8")
GOOD_TEST = "def test_it():\n    assert True\n"


@pytest.fixture
def tiny(tmp_path: Path, provider: LocalProvider) -> Bench:
    """An execution of the small template: its application is the provider tests' server."""
    files = {
        "files/server.py": SERVER,
        "files/Procfile": "web: python server.py\n",
        "files/requirements.txt": "",
        "files/requirements-dev.txt": "-r requirements.txt\npytest\n",
        "files/tests/test_it.py": GOOD_TEST,
        "files/pytest.ini": "[pytest]\n",
    }
    template = load_template(write(tmp_path, TINY, files))
    inputs = {"app_name": "Small", "size": "small", "domain": None}
    return Bench(template, inputs, tmp_path / "execution", provider, tmp_path / "wanted")


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()
    }


async def test_files_are_generated_and_copied(tiny: Bench) -> None:
    output = await tiny.run("generate_files")
    assert tiny.destination is not None
    assert content(tiny.destination) == content(Path(str(output["snapshot"])))
    assert content(tiny.destination)["tests/test_it.py"] == GOOD_TEST
    assert output["file_count"] == 7
    assert stat.S_IMODE((Path(str(output["snapshot"])) / "a.txt").stat().st_mode) == 0o444
    assert os.access(tiny.destination / "a.txt", os.W_OK)


async def test_generated_again_it_is_the_same(tiny: Bench) -> None:
    first = await tiny.run("generate_files")
    assert await tiny.run("generate_files") == first
    assert len(list((tiny.folder / "snapshots").iterdir())) == 1


async def test_without_a_destination(tiny: Bench) -> None:
    tiny.destination = None
    assert (await tiny.run("generate_files"))["destination"] is None
    assert tiny.journal.rows == {}


async def test_a_destination_that_is_not_empty_is_refused(tiny: Bench) -> None:
    assert tiny.destination is not None
    tiny.destination.mkdir()
    (tiny.destination / "precious.txt").write_text("mine")
    with pytest.raises(FileError, match="is not empty"):
        await tiny.run("generate_files")
    await tiny.run("remove_files")
    assert content(tiny.destination) == {"precious.txt": "mine"}


async def test_other_destinations_refused(tiny: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name, said in (("file", "not a folder"), ("link", "not a folder"), ("file/below", "can't be")):
        tiny.destination = tmp_path / name
        with pytest.raises(FileError, match=said):
            await tiny.run("generate_files")
    tiny.destination = Path("relative")
    with pytest.raises(FileError, match="not an absolute path"):
        await tiny.run("generate_files")


async def test_an_empty_destination_is_used_and_left(tiny: Bench) -> None:
    assert tiny.destination is not None
    await tiny.run("generate_files")
    await tiny.run("remove_files")
    assert not tiny.destination.exists()
    assert tiny.journal.rows == {}
    assert not (tiny.folder / "snapshots").exists()


async def test_what_a_person_changed_or_added_stays(tiny: Bench) -> None:
    assert tiny.destination is not None
    await tiny.run("generate_files")
    (tiny.destination / "a.txt").write_text("my own words")
    (tiny.destination / "tests" / "test_mine.py").write_text("mine")
    assert (await tiny.run("remove_files"))["left"] == ["a.txt"]
    assert content(tiny.destination) == {"a.txt": "my own words", "tests/test_mine.py": "mine"}


async def test_cut_short_while_copying_the_files_are_removed_too(tiny: Bench) -> None:
    assert tiny.destination is not None
    await tiny.journal.intend("destination", str(tiny.destination))
    tiny.destination.mkdir()
    (tiny.destination / "a.txt").write_text("a")  # the first of seven
    await tiny.run("remove_files")
    assert not tiny.destination.exists()


async def test_cut_short_while_copying_it_is_finished(tiny: Bench) -> None:
    assert tiny.destination is not None
    await tiny.journal.intend("destination", str(tiny.destination))
    tiny.destination.mkdir()
    (tiny.destination / "a.txt").write_text("a")
    await tiny.run("generate_files")
    assert len(content(tiny.destination)) == 7


async def test_the_gate_opens(tiny: Bench) -> None:
    await tiny.run("generate_files")
    (tiny.folder / "tests-killed" / "environment").mkdir(parents=True)
    output = await tiny.run("run_tests")
    assert output["passed"] == 1
    assert any("1 passed" in line for line in tiny.lines)
    assert [path.name for path in tiny.folder.iterdir()] == ["snapshots"]


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("def test_it():\n    raise AssertionError('the reason')\n", "AssertionError: the reason"),
        ("", "the tests of the application fail (status 5)"),
        ("import pytest\n@pytest.mark.skip\ndef test_it(): pass\n", "none has passed"),
        ("def test_it(:\n", "SyntaxError"),
        ("import os\ndef test_it():\n    assert not [n for n in os.environ if 'KEY' in n]\n", ""),
    ],
)
async def test_the_gate_stays_closed(test: str, said: str, tiny: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "ours")
    (tiny.template.folder / "files" / "tests" / "test_it.py").write_text(test)
    await tiny.run("generate_files")
    if not said:
        assert (await tiny.run("run_tests"))["passed"] == 1
        return
    with pytest.raises(StepError) as caught:
        await tiny.run("run_tests")
    assert said in caught.value.message
    assert processes_in(tiny.folder) == []


@pytest.mark.parametrize("command", ["run_tests", "deploy_application"])
async def test_what_was_generated_is_what_is_used(command: str, tiny: Bench) -> None:
    """Deploying never edits code, and code that was edited is never deployed."""
    output = await tiny.run("generate_files")
    file = Path(str(output["snapshot"])) / "server.py"
    file.chmod(0o644)
    file.write_text(SERVER + "# one word more")
    with pytest.raises(StepError, match="changed after they were generated"):
        await tiny.run(command)


async def test_deployed_twice_it_is_one_deployment_with_one_password(tiny: Bench, changes: Changes) -> None:
    await tiny.run("generate_files")
    first = await tiny.run("deploy_application", admin_email="anna@example.com")
    again = await tiny.run("deploy_application", admin_email="anna@example.com")
    assert again == first
    assert first["deployment_id"] == deployment_id_of(tiny.execution_id)
    assert changes.statuses == ["deploying", "running"] * 2
    credentials = first["admin_credentials"]
    assert isinstance(credentials, dict)
    file = Path(str(credentials["password_file"]))
    password = json.loads(file.read_text())["password"]
    assert len(password) == 20
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for place in (json.dumps(first), json.dumps(changes), "\n".join(tiny.lines), str(tiny.journal.rows)):
        assert password not in place


async def test_what_failed_is_cleaned_up_from_the_journal(tiny: Bench, changes: Changes) -> None:
    await tiny.run("generate_files")
    with pytest.raises(StepError):
        await tiny.run("deploy_application", environment={"MODE": "crash"})
    assert [kind for kind, _ in tiny.journal.rows] == ["destination", "deployment"]
    for command in tiny.template.cleanup * 2:  # at least once means: maybe twice
        await tiny.run(command)
    assert tiny.journal.rows == {}
    assert changes.statuses == ["deploying", "failed", "removed"]
    assert tiny.destination is not None
    assert not tiny.destination.exists()


async def test_an_unhealthy_address_is_named(tiny: Bench) -> None:
    tiny.outputs["deployed"] = {"app_url": "http://127.0.0.1:9"}
    with pytest.raises(StepError, match=r"http://127.0.0.1:9/health answers .*, not 200"):
        await tiny.run("verify_health", within_seconds=0.1)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "a\\b", ""])
def test_no_file_outside(path: str, tmp_path: Path) -> None:
    with pytest.raises(StepError, match="may not write"):
        snapshot.write(tmp_path / "s", [RenderedFile(path, b"")])
    assert list((tmp_path / "s").iterdir()) == []
