"""`--diff` shows exactly what fixing does: applied by git or by patch it gives the same bytes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_team.cli.diff import patch
from backend_team.rules.load import load_rules
from tests.cli.command import run

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [
    b"import os\n",
    b"import os\r\nimport re\r\n",
    b"def f(a):\n    if a:\n        return 1\n    else:\n        return 2\n",
    b"x = [i for i in range(3)]  # \xf0\x9f\x98\x80\n",
    b"\x0c\nif not a == b:\n    pass\n",
    b"y = 'a\\\rb'\n",
    b"while x:\n\tprint(f'hello')\n",
    b"z = 1",
    b"\n",
    b"# \xc2\x85 \xe2\x80\xa8 \x1c\n",
]


GIT = ["git", "apply", "--whitespace=nowarn", "-"]
PATCH = ["patch", "--binary", "-p1"]


@given(
    before=st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join),
    after=st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(b"".join),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_patch_leads_from_one_text_to_the_other(tmp_path: Path, before: bytes, after: bytes) -> None:
    (tmp_path / "cart.py").write_bytes(before or b"\n")
    difference = b"".join(patch("cart.py", before or b"\n", after))
    if difference:
        subprocess.run(GIT, cwd=tmp_path, input=difference, check=True, capture_output=True)
    assert (tmp_path / "cart.py").read_bytes() == after


@pytest.mark.parametrize("tool", [GIT, PATCH], ids=["git", "patch"])
def test_the_patch_does_what_fix_does(tmp_path: Path, tool: list[str]) -> None:
    body = b"import os\n\n\ndef f(a, b=[]):\n    if a == None:\n        return 1\n    else:\n        return b"
    texts = {
        "cart.py": body,
        "with space.py": body,
        "é ö.py": b"# coding: latin-1\nprint('\xe9')\n" + body,
        '"quoted"\\.py': body,
        "tab\there.py": body,
        "windows.py": body.replace(b"\n", b"\r\n"),
        "bom.py": b"\xef\xbb\xbf# first\n" + body,
    }

    def write() -> None:
        for name, text in texts.items():
            (tmp_path / name).write_bytes(text)

    def read() -> dict[str, bytes]:
        return {name: (tmp_path / name).read_bytes() for name in texts}

    write()
    shown = run(tmp_path, "check", "--diff", "--unsafe")
    assert shown.code == 1
    assert read() == texts, "only shown"
    assert run(tmp_path, "fix", "--diff", "--unsafe").bytes == shown.bytes
    subprocess.run(tool, cwd=tmp_path, input=shown.bytes, check=True, capture_output=True)
    patched = read()
    write()
    assert run(tmp_path, "check", "--fix", "--unsafe").code in {0, 1}
    assert read() == patched
    assert all(patched[name] != text for name, text in texts.items())
    again = run(tmp_path, "check", "--diff", "--unsafe")
    assert (again.code, again.bytes) == (0, b"")


def test_the_patch_of_every_third_example_of_the_rules(tmp_path: Path) -> None:
    befores = [example.before for rule in load_rules() for example in rule.examples if example.before][::3]
    texts = {f"example{number}.py": text.encode() for number, text in enumerate(befores)}
    folders = {name: tmp_path / name for name in ("patched", "fixed")}
    for folder in folders.values():
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_bytes(text)
    arguments = ("--unsafe", "--select", "all")
    shown = run(folders["patched"], "fix", "--diff", *arguments)
    subprocess.run(GIT, cwd=folders["patched"], input=shown.bytes, check=True, capture_output=True)
    run(folders["fixed"], "fix", *arguments)
    after = {name: (folders["fixed"] / name).read_bytes() for name in texts}
    assert {name: (folders["patched"] / name).read_bytes() for name in texts} == after
    assert sum(after[name] != text for name, text in texts.items()) > len(texts) / 2
