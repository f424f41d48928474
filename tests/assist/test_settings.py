"""Settings of the assistant, and keys bound to their hosts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import keyring
import keyring.backends.fail
import pytest

from backend_team.assist.keys import find_key, missing_key, store_key
from backend_team.assist.settings import AssistSettings, Endpoint
from backend_team.errors import AssistError, SettingsError

if TYPE_CHECKING:
    from tests.assist.conftest import MemoryKeyring

LOCAL = "http://127.0.0.1:8080"


def endpoint(provider: str, environ: dict[str, str], **overrides: Any) -> Endpoint:
    """The endpoint of a provider."""
    settings = AssistSettings.load(environ, overrides)
    return next(endpoint for endpoint in settings.endpoints if endpoint.provider == provider)


def test_defaults() -> None:
    settings = AssistSettings.load({})
    assert [(one.provider, one.host, one.official) for one in settings.endpoints] == [
        ("anthropic", "api.anthropic.com", True),
        ("openai", "api.openai.com", True),
    ]
    assert settings.daily_cap == 5


@pytest.mark.parametrize(
    ("environ", "overrides", "first", "cap"),
    [
        ({"BACKEND_TEAM_AI_PROVIDER": "openai"}, {}, "openai", 5),
        ({"BACKEND_TEAM_AI_PROVIDER": "openai"}, {"provider": "anthropic"}, "anthropic", 5),
        ({"BACKEND_TEAM_AI_DAILY_CAP": "2.5"}, {"provider": ""}, "anthropic", Decimal("2.5")),
        ({"BACKEND_TEAM_AI_DAILY_CAP": "2.5"}, {"daily_cap": 0.1}, "anthropic", Decimal("0.1")),
        ({}, {"daily_cap": 0}, "anthropic", 0),
    ],
)
def test_the_editor_wins_over_the_environment(
    environ: dict[str, str], overrides: dict[str, Any], first: str, cap: Decimal
) -> None:
    settings = AssistSettings.load(environ, overrides)
    assert (settings.endpoints[0].provider, settings.daily_cap) == (first, cap)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"antropic_model": "m"}, 'unknown AI setting "antropic_model"\n   did you mean "anthropic_model"?'),
        ({"provider": "claude"}, 'unknown AI provider "claude"\n   one of: anthropic, openai'),
        ({"daily_cap": "much"}, 'the daily cap "much" is no amount of US dollars'),
        ({"daily_cap": -1}, "no amount"),
        ({"daily_cap": "NaN"}, "no amount"),
        ({"anthropic_base_url": "api.anthropic.com"}, "is no address of an AI service"),
        ({"anthropic_base_url": "file:///etc/passwd"}, "is no address"),
        ({"anthropic_base_url": "https://[broken"}, "is no address"),
        ({"anthropic_base_url": "http://example.com"}, "code and key would travel to example.com unencrypted"),
        ({"openai_base_url": "http://93.184.216.34/v1"}, "unencrypted"),
        ({"openai_base_url": "https://me:secret@example.com/v1"}, "holds a user name or password"),
        ({"prices": {"m": 1}}, "AI prices are not understood"),
    ],
)
def test_what_is_not_understood_is_said_with_the_way_out(overrides: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        AssistSettings.load({}, overrides)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address", [LOCAL, "http://localhost:11434/v1", "http://192.168.1.7:8000", "http://gpu-box/v1"]
)
def test_plain_http_is_for_this_machine_and_the_local_network(address: str) -> None:
    assert endpoint("openai", {}, openai_base_url=address + "/").base_url == address


def test_models() -> None:
    assert endpoint("anthropic", {}).model_for(10) == "claude-haiku-5-5"
    assert endpoint("anthropic", {}).model_for(60) == "claude-sonnet-5-5"
    chosen = endpoint("anthropic", {"BACKEND_TEAM_ANTHROPIC_MODEL": "a"}, anthropic_model="b")
    assert (chosen.model_for(10), chosen.model_for(60)) == ("b", "b")
    assert endpoint("openai", {}, openai_small_model="s").model_for(10) == "s"


ENVIRONMENT = {"BACKEND_TEAM_ANTHROPIC_KEY": "ours", "ANTHROPIC_API_KEY": "theirs"}
WITH_ADDRESS = {**ENVIRONMENT, "BACKEND_TEAM_ANTHROPIC_BASE_URL": LOCAL}


@pytest.mark.parametrize(
    ("environ", "address", "key"),
    [
        (ENVIRONMENT, None, "ours"),
        ({"ANTHROPIC_API_KEY": "theirs"}, None, "theirs"),
        ({}, None, None),
        (WITH_ADDRESS, None, "ours"),
        (WITH_ADDRESS, LOCAL + "/proxy", "ours"),
        ({"ANTHROPIC_API_KEY": "theirs", "BACKEND_TEAM_ANTHROPIC_BASE_URL": LOCAL}, None, None),
        (ENVIRONMENT, LOCAL, None),  # an address from elsewhere never takes a key of the environment
        (ENVIRONMENT, "https://api.anthropic.com.example.org", None),
        (WITH_ADDRESS, "http://127.0.0.1:9090", None),
        (WITH_ADDRESS, "https://api.anthropic.com", "theirs"),
        (WITH_ADDRESS, "https://127.0.0.1:8080", None),
    ],
)
def test_a_key_is_bound_to_its_host(environ: dict[str, str], address: str | None, key: str | None) -> None:
    assert find_key(endpoint("anthropic", environ, anthropic_base_url=address), environ) == key


def test_the_keyring_holds_keys_by_provider_and_host(memory_keyring: MemoryKeyring) -> None:
    assert store_key("anthropic", None, " for-claude \n") == "api.anthropic.com"
    assert store_key("anthropic", LOCAL + "/", "for-here") == "127.0.0.1:8080"
    assert memory_keyring.entries == {
        ("ai-backend-team", "anthropic@api.anthropic.com"): "for-claude",
        ("ai-backend-team", "anthropic@127.0.0.1:8080"): "for-here",
    }
    assert find_key(endpoint("anthropic", {}), {}) == "for-claude"
    assert find_key(endpoint("anthropic", {}, anthropic_base_url=LOCAL), {}) == "for-here"
    assert find_key(endpoint("anthropic", {}, anthropic_base_url="https://example.com"), {}) is None
    assert find_key(endpoint("openai", {}), {}) is None


def test_a_local_compatible_server_needs_no_key() -> None:
    assert find_key(endpoint("openai", {}, openai_base_url=LOCAL), {}) == "none"
    assert find_key(endpoint("anthropic", {}, anthropic_base_url=LOCAL), {}) is None


def test_a_machine_without_a_keyring_works_from_the_environment() -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    assert find_key(endpoint("anthropic", {}), {}) is None
    assert find_key(endpoint("anthropic", ENVIRONMENT), ENVIRONMENT) == "ours"
    with pytest.raises(AssistError, match="no keyring to keep a key in\n   set BACKEND_TEAM_ANTHROPIC_KEY"):
        store_key("anthropic", None, "key")


@pytest.mark.parametrize(("provider", "key"), [("claude", "key"), ("openai", "  ")])
def test_what_is_no_key_is_not_stored(memory_keyring: MemoryKeyring, provider: str, key: str) -> None:
    with pytest.raises(AssistError):
        store_key(provider, None, key)
    assert memory_keyring.entries == {}


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        (None, "backend-team ai login openai, or set BACKEND_TEAM_OPENAI_KEY"),
        ("https://llm.example.com/v1", "backend-team ai login openai --base-url https://llm.example.com/v1"),
    ],
)
def test_a_missing_key_says_how_to_give_one(address: str | None, hint: str) -> None:
    assert hint in str(missing_key(endpoint("openai", {}, openai_base_url=address)))
