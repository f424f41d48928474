"""API keys, each bound to the host it was given for: from the environment or the keyring of the operating system.

`BACKEND_TEAM_ANTHROPIC_KEY` and `BACKEND_TEAM_OPENAI_KEY` belong to the address that stands in the environment beside
them, otherwise to the provider's own; `ANTHROPIC_API_KEY` and `OPENAI_API_KEY` to the provider's own alone. A key in
the keyring is stored under `provider@host`. So an address that came from elsewhere never receives a key that was not
given for it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from backend_team.assist.settings import OWN_ADDRESS, PROVIDERS, Endpoint, Provider, checked_address, host_of
from backend_team.errors import AssistError, KeyMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE: Final = "ai-backend-team"
CACHE_ENTRY: Final = "cache-encryption"
# A server on this machine that speaks OpenAI's protocol (Ollama, vLLM, llama.cpp) needs none; the SDK wants a text.
NO_KEY: Final = "none"

_log = logging.getLogger(__name__)


def find_key(endpoint: Endpoint, environ: Mapping[str, str]) -> str | None:
    """The key for an endpoint, None when there is none."""
    name = endpoint.provider.upper()
    if endpoint.environment_key and (key := environ.get(f"BACKEND_TEAM_{name}_KEY", "").strip()):
        return key
    if endpoint.official and (key := environ.get(f"{name}_API_KEY", "").strip()):
        return key
    if stored := read_secret(f"{endpoint.provider}@{endpoint.host}"):
        return stored
    return NO_KEY if endpoint.provider == "openai" and endpoint.loopback else None


def missing_key(endpoint: Endpoint) -> KeyMissingError:
    """The error for an endpoint without a key, with the ways out."""
    login = f"backend-team ai login {endpoint.provider}"
    ways = [login if endpoint.official else f"{login} --base-url {endpoint.base_url}"]
    if endpoint.environment_key:
        ways.append(f"or set BACKEND_TEAM_{endpoint.provider.upper()}_KEY where the editor starts")
    return KeyMissingError(
        f"no key for {endpoint.provider} at {endpoint.host}", hint="store one with: " + ", ".join(ways)
    )


def store_key(provider: str, base_url: str | None, key: str) -> str:
    """Keep a key in the keyring for a provider's host (None: the provider's own); the host it is bound to.

    Raises `AssistError` when the provider is unknown, the key is empty or this machine has no keyring.
    """
    known: Provider | None = next((name for name in PROVIDERS if name == provider), None)
    if known is None:
        raise AssistError(f'unknown AI provider "{provider}"', hint=f"one of: {', '.join(PROVIDERS)}")
    if not key.strip():
        raise AssistError("an empty key was given; nothing was stored")
    host = host_of(checked_address(base_url or OWN_ADDRESS[known], known))
    if not write_secret(f"{known}@{host}", key.strip()):
        raise AssistError(
            "this machine has no keyring to keep a key in",
            hint=f"set BACKEND_TEAM_{known.upper()}_KEY in the environment instead",
        )
    return host


def read_secret(entry: str) -> str | None:
    """A secret of ours in the keyring; None when it isn't there, or there is no keyring (a headless machine)."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, entry)
    except KeyringError:
        return None
    except Exception as error:
        _log.info("the keyring does not answer: %s", type(error).__name__)
        return None


def write_secret(entry: str, value: str) -> bool:
    """Keep a secret in the keyring; whether it is there now."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, entry, value)
        return keyring.get_password(SERVICE, entry) == value
    except KeyringError:
        return False
    except Exception as error:
        _log.info("the keyring does not answer: %s", type(error).__name__)
        return False
