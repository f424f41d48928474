"""The parser of Python, from whichever thread: the only place that calls it on the code of others.

In Python before 3.11.8 and 3.12.2 all threads share one count of how deep the tree under construction is, and two that
parse at once end with a `SystemError` (CPython issue 106905). `warnings.catch_warnings` is shared too, in every
version: of two threads in it, the one that leaves last may leave the filters of the other behind.
"""

from __future__ import annotations

import ast
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONE_AT_A_TIME: Final = threading.RLock()


@overload
def syntax_tree(text: str, mode: Literal["exec"] = "exec") -> ast.Module: ...
@overload
def syntax_tree(text: str, mode: Literal["eval"]) -> ast.Expression: ...
def syntax_tree(text: str, mode: Literal["exec", "eval"] = "exec") -> ast.Module | ast.Expression:
    """The tree of a text; raises `SyntaxError`, `ValueError`, `RecursionError` and `MemoryError` as the parser does."""
    with quiet():
        return ast.parse(text, mode="eval") if mode == "eval" else ast.parse(text)


@contextmanager
def quiet() -> Iterator[None]:
    """Parse or compile without the warnings of others' code, such as invalid escapes, and alone."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
