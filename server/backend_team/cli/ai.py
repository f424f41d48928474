"""`backend-team ai`: providers, keys, and what today cost."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from typing import TYPE_CHECKING

from backend_team.errors import BackendTeamError

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Do the action."""
    try:
        return _login(options.provider, options.base_url) if options.action == "login" else asyncio.run(_status())
    except ModuleNotFoundError as error:
        raise BackendTeamError(f"{error.name} is missing", hint='pip install "ai-backend-team[ai]"') from None


def _login(provider: str, base_url: str | None) -> int:
    from backend_team.assist.keys import store_key

    prompt = f"Key for {provider}{f' at {base_url}' if base_url else ''} (not shown): "
    key = (getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not key:
        raise BackendTeamError("no key was given; nothing was stored")
    print(f"stored in the keyring, bound to {store_key(provider, base_url, key)}")
    return 0


async def _status() -> int:
    from backend_team.assist.keys import find_key
    from backend_team.assist.service import Assist

    assist = Assist.open()
    for endpoint in assist.settings.endpoints:
        known = "key known" if find_key(endpoint, os.environ) else "no key"
        print(f"{endpoint.provider:<10} {endpoint.host:<28} {endpoint.model:<20} {known}")
    print(f"\ntoday: {assist.ledger.cost_today():.4f} of {assist.settings.daily_cap:.2f} US dollars")
    await assist.aclose()
    return 0
