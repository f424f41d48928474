"""The parser from several threads at once: each gets its tree, and the filters of warnings stay as they were."""

from __future__ import annotations

import ast
import gc
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from backend_team.parsing import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "".join(
    f"def f{number}(a, b=[{number}, (1, {{2: '\\d'}})]):\n    return [a, (b, -a)]\n" for number in range(200)
)


@pytest.fixture
def interrupted() -> Iterator[None]:
    """Let other threads go on at each collection, which also comes while a tree is being made."""
    before = gc.get_threshold()

    def elsewhere(phase: str, _: dict[str, int]) -> None:
        if phase == "stop":
            time.sleep(0)

    gc.callbacks.append(elsewhere)
    gc.set_threshold(50)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(elsewhere)


@pytest.mark.usefixtures("interrupted")
def test_threads_parse_at_once() -> None:
    filters = list(warnings.filters)
    wanted = ast.dump(syntax_tree(TEXT))
    with ThreadPoolExecutor(4) as threads:
        trees = list(threads.map(syntax_tree, [TEXT] * 24))
    assert {ast.dump(tree) for tree in trees} == {wanted}
    assert warnings.filters == filters


@pytest.mark.parametrize("text", ["def", "\x00", "(" * 5000, "x = '\ud800'"])
def test_what_cannot_be_parsed(text: str) -> None:
    with pytest.raises((SyntaxError, ValueError, RecursionError, MemoryError)):
        syntax_tree(text)
    assert isinstance(syntax_tree("1 + 1", "eval").body, ast.BinOp)
