"""The door out: ignore files, secrets, private keys."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.assist.ignores import NAMES, refuse_ignored
from backend_team.assist.outbound import outgoing
from backend_team.assist.redaction import redacted
from backend_team.errors import RefusedError, RejectedError
from tests.assist.project import request_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.assist.loopback import Loopback
    from tests.assist.project import Desk

# Put together here, so that no scanner takes this file for a leak.
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
ANTHROPIC = "sk-ant-" + "api03-abcdefghijklmnop_qrst"
OPENAI = "sk-proj-" + "Abcdefghij0123456789xyz"
JWT = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
SLACK = "xoxb-" + "123456789012-abcdefghijkl"
SENDGRID = "SG." + "a" * 22 + "." + "b" * 43
TWILIO = "SK" + "0123456789abcdef" * 2


def leaving(code: str) -> str:
    """What leaves for a piece of code."""
    return redacted(code).text


@pytest.mark.parametrize(
    ("code", "secret"),
    [
        (f'client("{AWS}")', AWS),
        (f"headers = {{'Authorization': 'token {GITHUB}'}}", GITHUB),
        (f'x = "{ANTHROPIC}"', ANTHROPIC),
        (f'x = "{OPENAI}"', OPENAI),
        (f'x = "{JWT}"', JWT),
        (f'x = "{SLACK}"', SLACK),
        (f'x = "{SENDGRID}"', SENDGRID),
        (f'x = "{TWILIO}"', TWILIO),
        ('connect("postgres://shop:hunter22@db.example.com/shop")', "hunter22"),
        ('connect(password="correct-horse")', "correct-horse"),
        ("settings['api_key'] = 'abc123def456'", "abc123def456"),
        ('token: str = "abc123def456"', "abc123def456"),
        ('{"Authorization": "Bearer abcdefghijklmnop1234"}', "abcdefghijklmnop1234"),
        (f"pass  # was {GITHUB}", GITHUB),
    ],
)
def test_secrets_stay_here_and_come_back(code: str, secret: str) -> None:
    redaction = redacted(code)
    assert secret not in redaction.text
    ast.parse(redaction.text)
    assert redaction.restored(redaction.text) == code


@pytest.mark.parametrize(
    "code",
    [
        "def f(token): return hmac.compare_digest(token, expected)",
        "password = getpass.getpass()",
        'url = f"https://{user}:{password}@{host}/"',
        "secret = os.environ['SECRET']",
        "digest = hashlib.sha256(data).hexdigest()",
        'token = ""',
        'risk_token_count = "none"',
        'uuid = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"',
    ],
)
def test_ordinary_code_is_left_alone(code: str) -> None:
    assert leaving(code) == code


def test_the_same_secret_has_the_same_placeholder() -> None:
    redaction = redacted(f'a("{AWS}"); b("{GITHUB}"); c("{AWS}")')
    assert redaction.text == 'a("REDACTED_AWS_KEY_1"); b("REDACTED_GITHUB_TOKEN_2"); c("REDACTED_AWS_KEY_1")'
    assert redaction.restored('z = "REDACTED_GITHUB_TOKEN_2" + "REDACTED_AWS_KEY_1"') == f'z = "{GITHUB}" + "{AWS}"'


def test_code_that_has_the_placeholder_already() -> None:
    code = f'x = "REDACTED_AWS_KEY_1"; y = "{AWS}"'
    redaction = redacted(code)
    assert redaction.prefix == "REDACTEDX_"
    assert redaction.restored(redaction.text) == code


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ('x = "gone"', "lost REDACTED_AWS_KEY_1"),
        ('x = "REDACTED_AWS_KEY_1" + "REDACTED_JWT_2"', "made up REDACTED_JWT_2"),
    ],
)
def test_an_answer_must_keep_placeholders(answer: str, failed: str) -> None:
    with pytest.raises(RejectedError, match=failed):
        redacted(f'x = "{AWS}"').restored(answer)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\"'\\"), max_size=30),
            st.sampled_from(
                [AWS, GITHUB, ANTHROPIC, JWT, SLACK, "password='hunter2222'", "a://b:secret99@c", "REDACTED_"]
            ),
        ),
        max_size=6,
    )
)
def test_any_text_comes_back_as_it_was(parts: list[str]) -> None:
    text = " ".join(parts)
    redaction = redacted(text)
    assert redaction.restored(redaction.text) == text
    assert not any(secret in redaction.text for secret in (AWS, GITHUB, ANTHROPIC, SLACK))
    assert redaction.hidden(text) == redaction.hidden(redaction.text) == redaction.text


@pytest.mark.parametrize(
    "key",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-File-2: ssh-rsa",
    ],
)
async def test_a_private_key_stops_the_request(desk: Desk, provider: Loopback, key: str) -> None:
    text = desk.path.read_text().replace("    if order.express:", f'    key = """{key}\n"""\n        if order.express:')
    with pytest.raises(RefusedError, match="private key in line"):
        await desk.suggest(desk.assist(), text)
    assert not provider.asked


async def test_secrets_never_reach_the_provider_and_stand_in_the_suggestion(desk: Desk, provider: Loopback) -> None:
    before = "def price_order(order: Order) -> Decimal:\n"
    text = desk.path.read_text()
    old = "    if len(order.lines) == 0:"
    text = text.replace(old, f'    audit("{AWS}")  # {GITHUB}\n{old}') + "\n\ndef audit(key: str) -> None: ...\n"
    answers = provider.answers["price_order"]
    provider.answers["price_order"] = answers.replace(
        "    tax_rates = {", '    audit("REDACTED_AWS_KEY_1")  # REDACTED_GITHUB_TOKEN_2\n    tax_rates = {'
    )
    assert before in text
    suggestion = await desk.suggest(desk.assist(), text)
    assert f'audit("{AWS}")  # {GITHUB}' in suggestion.suggested
    sent = json.dumps(provider.asked[0].body)
    assert AWS not in sent
    assert GITHUB not in sent
    assert "REDACTED_AWS_KEY_1" in sent
    kept = b"".join(path.read_bytes() for path in desk.state.rglob("*") if path.is_file())
    assert AWS.encode() not in kept
    assert b"price_order" not in kept


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pattern", ["pricing.py", "shop/", "/shop/pri*", "*.py\n!orders.py"])
async def test_every_ignore_file_is_honoured(desk: Desk, provider: Loopback, name: str, pattern: str) -> None:
    ignore = desk.root / name
    ignore.parent.mkdir(parents=True, exist_ok=True)
    ignore.write_text(f"# kept here\n{pattern}\n")
    with pytest.raises(RefusedError, match=r"pricing\.py may not leave this machine"):
        await desk.suggest(desk.assist())
    assert not provider.asked
    assert desk.rows() == []


@pytest.mark.parametrize("name", NAMES)
def test_ignore_files_that_name_others_do_not_matter(desk: Desk, name: str) -> None:
    ignore = desk.root / name
    ignore.parent.mkdir(parents=True, exist_ok=True)
    ignore.write_text("# pricing.py\norders.py\nsecrets/\n*.py\n!pricing.py\n")
    refuse_ignored(desk.path, desk.root)


def test_ignore_files_count_in_folders_between_and_above(tmp_path: Path) -> None:
    path = tmp_path / "repository" / "workspace" / "package" / "module.py"
    path.parent.mkdir(parents=True)
    path.touch()
    refuse_ignored(path, tmp_path / "repository" / "workspace")
    between = path.parent / ".cursorignore"
    between.write_text("module.py")
    with pytest.raises(RefusedError):
        refuse_ignored(path, tmp_path / "repository" / "workspace")
    between.unlink()
    (tmp_path / "repository" / ".aiexclude").write_text("workspace/package")
    refuse_ignored(path, tmp_path / "repository" / "workspace")
    (tmp_path / "repository" / ".git").mkdir()  # the repository around the workspace speaks too
    with pytest.raises(RefusedError):
        refuse_ignored(path, tmp_path / "repository" / "workspace")


def test_the_git_files_of_a_repository_around_the_repository_do_not_count(tmp_path: Path) -> None:
    """A home folder under git, with everything ignored, holds projects all the same."""
    project = tmp_path / "home" / "project"
    (tmp_path / "home" / ".git").mkdir(parents=True)
    (project / ".git").mkdir(parents=True)
    (tmp_path / "home" / ".gitignore").write_text("*")
    refuse_ignored(project / "module.py", project)
    (tmp_path / "home" / ".aiexclude").write_text("project/module.py")
    with pytest.raises(RefusedError):
        refuse_ignored(project / "module.py", project)


def test_a_link_does_not_lead_around_an_ignore_file(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    (private / "keys.py").touch()
    (private / ".aiexclude").write_text("*")
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "link.py").symlink_to(private / "keys.py")
    with pytest.raises(RefusedError):
        refuse_ignored(root / "link.py", root)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00broken", None])
def test_an_ignore_file_that_cannot_be_read_refuses(desk: Desk, content: bytes | None) -> None:
    ignore = desk.root / ".aiexclude"
    if content is None:
        ignore.mkdir()
    else:
        ignore.write_bytes(content)
    with pytest.raises(RefusedError, match="can't be read"):
        refuse_ignored(desk.path, desk.root)


def test_a_document_without_a_place_is_refused(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="save it first"):
        refuse_ignored(desk.path.relative_to(desk.root), desk.root)


def test_git_agrees_about_what_is_ignored(tmp_path: Path) -> None:
    """Ours refuses whatever git itself would ignore."""
    patterns = "build/\n*.secret.py\n!keep.secret.py\n/top.py\ndeep/**/leaf.py\n"
    names = [
        "build/a.py",
        "src/a.secret.py",
        "keep.secret.py",
        "top.py",
        "src/top.py",
        "deep/x/y/leaf.py",
        "deep/leaf.py",
    ]
    environ = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True, env=environ)
    (tmp_path / ".gitignore").write_text(patterns)
    ours, git = set(), set()
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        if subprocess.run(["git", "check-ignore", "-q", name], cwd=tmp_path, check=False, env=environ).returncode == 0:
            git.add(name)
        try:
            refuse_ignored(tmp_path / name, tmp_path)
        except RefusedError:
            ours.add(name)
    assert ours == git != set()


@pytest.mark.parametrize(
    ("code", "leaves"),
    [
        ("class A:\n    def f(self):\n        return 1\n", "def f(self):\n    return 1"),
        ("class A:\n    @property\n    def f(self):\n        return 1\n", "@property\ndef f(self):\n    return 1"),
        (
            'class A:\n    def f(self):\n        """One.\n\n        Two.\n        """\n        x = [\n            1]\n',
            'def f(self):\n    """One.\n\n        Two.\n        """\n    x = [\n        1]',
        ),
        ("class A:\n\tdef f(self):\n\t\treturn 1\n", "def f(self):\n\treturn 1"),
    ],
)
def test_a_method_leaves_at_the_margin_with_its_strings_as_they_are(tmp_path: Path, code: str, leaves: str) -> None:
    request = request_for(code, "A.f", tmp_path / "module.py", tmp_path)
    assert f"```python\n{leaves}\n```" in outgoing(request).prompt.user
