"""Fixes: findings turned into edits, each proved on the text it leads to. The only place that knows LibCST.

`fix.py` is the way in for one finding and for all; the two functions below serve the checks on an AI answer.
"""

from __future__ import annotations

from backend_team.fixes.proof import comments
from backend_team.fixes.replace import replace_function

__all__ = ["comments", "replace_function"]
