"""The prompt, and how answers are read."""

from __future__ import annotations

import pytest

from backend_team.assist import prompt
from backend_team.errors import RejectedError

CODE = "def f():\n    return 1\n"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (f"```python\n{CODE}```\n\nShorter.", "Shorter."),
        (f"Here it is:\n\n```py\n{CODE}```", "Here it is:"),
        (f"```\n{CODE}```\nA.\n\nB.", "A. B."),
        (f"~~~~python\n{CODE}~~~~", ""),
        (f"```python\n\n{CODE}\n\n```", ""),
        (f"```python\n{CODE}```\n\n```text\nf() is 1\n```", "```text f() is 1 ```"),
    ],
)
def test_one_block_is_the_function_and_the_rest_is_the_reason(answer: str, reason: str) -> None:
    assert prompt.read(answer) == prompt.Answer(CODE, reason)


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ("", "no blocks"),
        ("def f(): ...", "no blocks"),
        (f"```python\n{CODE}```\n```python\n{CODE}```", "2 blocks"),
        ("```python\ndef f():", "breaks off"),
    ],
)
def test_anything_else_is_rejected(answer: str, failed: str) -> None:
    with pytest.raises(RejectedError, match=failed):
        prompt.read(answer)


def test_code_with_fences_inside_is_fenced_longer() -> None:
    code = 'def f():\n    """Example:\n\n    ```\n    f()\n    ```\n    """\n'
    asked = prompt.refactoring(code, "f", "why", "", "REDACTED_")
    assert f"````python\n{code}````" in asked.user
    assert "opened with ````python" in asked.system
    assert prompt.read(f"````python\n{code}````").code == code


def test_the_second_prompt_is_hardly_longer() -> None:
    asked = prompt.refactoring(CODE, "f", "why", "Python 3.11", "REDACTED_")
    again = prompt.again(asked, "x" * 5_000)
    assert again.system == asked.system
    assert 0 < again.size - asked.size < 1_024


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("def f():\n    return  1  # why\n", True),
        ("def f():\n\n    return (1)\n", True),
        ("def f():\n    return 2\n", False),
        ("def g():\n    return 1\n", False),
        ("def f() -> int:\n    return 1\n", False),
    ],
)
def test_the_fingerprint_sees_meaning_only(other: str, same: bool) -> None:
    assert (prompt.fingerprint(CODE, "m") == prompt.fingerprint(other, "m")) is same


def test_the_fingerprint_depends_on_its_context() -> None:
    assert len({prompt.fingerprint(CODE, *context) for context in ((), ("a",), ("b",), ("a", "b"), ("ab",))}) == 5
