"""The status notification: sent when it changed, at most a few times a second."""

from __future__ import annotations

import asyncio
import platform
from typing import TYPE_CHECKING, Final

from backend_team.lsp import protocol
from backend_team.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.lsp.session import Session
    from backend_team.rules.model import RuleSet

PYTHON: Final = platform.python_version()
DIGITS: Final = 12  # of the hash of a rule set: enough to tell two apart
QUIET: Final = 0.2  # seconds between two notifications


class StatusLine:
    """What was said last, and whether more is to be said."""

    def __init__(self) -> None:
        self.last: protocol.Status | None = None
        self.timer: asyncio.TimerHandle | None = None


def changed(session: Session) -> None:
    """Tell the client soon, once for many changes."""
    line = session.status_line
    if line.timer is None:
        line.timer = asyncio.get_running_loop().call_later(QUIET, _tell, session)


def become(session: Session, state: str) -> None:
    """Enter a state and tell the client."""
    session.state = state
    changed(session)


def versions(sets: Sequence[RuleSet]) -> protocol.Versions:
    """What runs here; of the rule sets of folders the largest."""
    rules = max(sets, key=len)
    return {"server": VERSION, "python": PYTHON, "rules": len(rules), "ruleSet": rules.digest[:DIGITS]}


def _tell(session: Session) -> None:
    line = session.status_line
    line.timer = None
    now = session.status()
    if now != line.last:
        line.last = now
        session.wire.send(protocol.STATUS, now)
