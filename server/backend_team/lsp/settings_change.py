"""The editor's settings: those of the person, given at the start and whenever they change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.person import Way
    from backend_team.lsp.session import Session


def begin(session: Session, options: protocol.InitializationOptions | Any) -> None:
    """Take what a client says of itself when it starts, and the settings it gives then."""
    named = options.get("commands") if isinstance(options, dict) else None
    if isinstance(named, list):
        session.options.commands = frozenset(one for one in named if isinstance(one, str))
    take(session, options, "start")


def take(session: Session, options: Any, way: Way) -> None:
    """Remember what was chosen for AI, which the next request uses, and for rules; what is no object sets nothing."""
    session.person.said[way] = options
    chosen = session.person.chosen("ai")
    session.options.ai = flat(chosen) if isinstance(chosen, dict) else {}


def flat(chosen: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested camelCase settings as `assist` names them: `{"openai": {"baseUrl": u}}` is `{"openai_base_url": u}`."""
    found: dict[str, Any] = {}
    for key, value in chosen.items():
        name = prefix + re.sub(r"([A-Z])", lambda letter: "_" + letter[1].lower(), key)
        if isinstance(value, dict) and name != "prices":
            found |= flat(value, f"{name}_")
        else:
            found[name] = value
    return found
