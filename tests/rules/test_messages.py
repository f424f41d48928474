"""What findings say, where it depends on the code around."""

from __future__ import annotations

import pytest

import backend_team


@pytest.mark.parametrize(
    ("after", "message"),
    [
        pytest.param("return None", "Loop over `rows` itself", id="not asked again"),
        pytest.param("return i", "Loop over `enumerate(rows)`", id="the place where the loop ended"),
        pytest.param("i = 1\n    return i", "Loop over `rows` itself", id="another value"),
    ],
)
def test_an_index_that_is_wanted_after_the_loop(after: str, message: str) -> None:
    text = f"def f(rows):\n    for i in range(len(rows)):\n        if rows[i]:\n            break\n    {after}\n"
    found = backend_team.check_source(text, path="shop.py").findings
    assert [each.message for each in found if each.rule == "index-loop"] == [message]
