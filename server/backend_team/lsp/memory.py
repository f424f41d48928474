"""One heap for all threads: glibc gives each thread its own, and what one thread frees is of no use to the others."""

from __future__ import annotations

import sys
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of glibc's malloc.h


def share_heap() -> bool:
    """Let threads started from now on take memory from one heap; False where the C library has no such setting.

    Only one thread at a time runs Python, so they don't wait for each other there. Large texts are analysed in threads:
    without this the server holds about a tenth more.
    """
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, 1))
    except (ImportError, AttributeError, OSError):  # a Python without ctypes, another C library than glibc
        return False
