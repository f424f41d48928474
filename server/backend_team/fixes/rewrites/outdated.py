"""What newer versions of Python made superfluous or gave a better name: all the rewrites for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.fixes.rewrites import arguments, formats, literals, moved, renames, six, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.settings import Settings
    from backend_team.text import Edit

    Rewrite = Callable[[Code, Finding, Settings], list[Edit]]

REWRITES: Final[Mapping[str, Rewrite]] = {
    **arguments.REWRITES,
    **formats.REWRITES,
    **literals.REWRITES,
    **moved.REWRITES,
    **renames.REWRITES,
    **six.REWRITES,
    **versions.REWRITES,
}
