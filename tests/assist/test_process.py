"""What a process pays for the assistant, the loopback provider as a process, and two editors on one ledger."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.assist.ledger import Ledger
from backend_team.assist.settings import DAILY_CAP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAVY = (
    "anthropic", "cryptography", "detect_secrets", "diskcache", "genai_prices", "httpx2", "keyring", "libcst", "openai",
)  # fmt: skip


def test_importing_the_assistant_imports_no_sdk() -> None:
    code = "import sys, json; import backend_team.assist.service; print(json.dumps(sorted(sys.modules)))"
    assert not set(HEAVY) & set(json.loads(subprocess.check_output([sys.executable, "-c", code])))


def test_ledgers_are_opened_at_once(tmp_path: Path) -> None:
    """Switching to the write-ahead log fails at once, whatever the timeout, while another process does it."""
    code = (
        "import sys; from decimal import Decimal; from pathlib import Path;"
        "from backend_team.assist.ledger import Ledger;"
        "sys.stdin.readline(); Ledger(Path(sys.argv[1]), Decimal(5))"
    )
    for number in range(5):
        command = [sys.executable, "-c", code, str(tmp_path / f"{number}" / "ledger.db")]
        openers = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(6)]
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.write(b"go\n")
            opener.stdin.flush()
        assert [opener.wait(60) for opener in openers] == [0] * 6
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """The loopback provider as its own process; its port."""
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{"status": 529}]))
    command = [sys.executable, "-m", "tests.assist.loopback", "--port", "0", "--key", "k", "--faults", str(faults)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


_EDITOR = """
import asyncio, json, sys
from pathlib import Path
from backend_team.assist.service import Assist
from tests.assist.project import request_for
async def main():
    path = Path(sys.argv[1])
    assist = Assist.open()
    request = request_for(path.read_text(), "price_order", path, path.parents[1])
    suggestion = await assist.suggest(request, lambda _: None)
    await assist.aclose()
    print(json.dumps([suggestion.suggested, str(suggestion.cost), suggestion.cached]))
asyncio.run(main())
"""


def test_two_editors_share_one_ledger(server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree("tests/editor/sample", tmp_path / "project")
    monkeypatch.setenv("BACKEND_TEAM_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("BACKEND_TEAM_ANTHROPIC_KEY", "k")
    monkeypatch.setenv("BACKEND_TEAM_ANTHROPIC_BASE_URL", f"http://127.0.0.1:{server}")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    command = [sys.executable, "-c", _EDITOR, str(tmp_path / "project" / "shop" / "pricing.py")]
    editors = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [editor.communicate(timeout=120)[0] for editor in editors]
    answers = [json.loads(text) for text in said]
    assert answers[0][0] == answers[1][0]
    ledger = Ledger(tmp_path / "state" / "ai" / "ledger.db", DAILY_CAP)
    assert sorted(row.status for row in ledger.calls()) == ["failed", "succeeded", "succeeded"]
    assert f"{ledger.cost_today():f}" == str(sum(row.cost for row in ledger.calls()))
    asked = controlled(server, "GET")
    assert [request["path"] for request in asked] == ["/v1/messages"] * 3
    controlled(server, "DELETE")
    assert controlled(server, "GET") == []


def controlled(port: int, method: str) -> Any:
    """What the control of the provider says."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/control/requests", method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)
