"""What a person chose for AI requests: providers in order of preference, their endpoints and models, the daily cap."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Literal, get_args
from urllib.parse import urlsplit

from backend_team.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

Provider = Literal["anthropic", "openai"]
PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)

OWN_ADDRESS: Final[Mapping[Provider, str]] = {
    "anthropic": "https://api.anthropic.com",
    "openai": "https://api.openai.com/v1",
}
# Current models of both price lists in November 2026; the small one is for functions of at most SMALL_FUNCTION lines.
MODELS: Final[Mapping[Provider, tuple[str, str]]] = {
    "anthropic": ("claude-sonnet-5-5", "claude-haiku-5-5"),
    "openai": ("gpt-6.1-sol", "gpt-6-luna"),
}
SMALL_FUNCTION: Final = 25
DAILY_CAP: Final = Decimal("5.00")
DEADLINE: Final = 180.0

_KEYS: Final = (
    "provider",
    *(f"{name}_{part}" for name in PROVIDERS for part in ("base_url", "model", "small_model")),
    "daily_cap",
    "prices",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider is reached, and its models.

    `official` says that it is the provider's own service. `environment_key` says that keys of the environment belong to
    this address: it is the provider's own, or it stands in the environment itself. An address from editor settings gets
    keys from the keyring alone.
    """

    provider: Provider
    base_url: str
    model: str
    small_model: str
    official: bool
    environment_key: bool

    @property
    def host(self) -> str:
        """Host and port, the name keys are bound to."""
        return host_of(self.base_url)

    @property
    def loopback(self) -> bool:
        """Whether nothing leaves the machine on the way there."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")

    def model_for(self, lines: int) -> str:
        """The model for a function of so many lines."""
        return self.small_model if lines <= SMALL_FUNCTION else self.model


@dataclass(frozen=True, slots=True)
class AssistSettings:
    """Endpoints, the preferred one first; the cap in US dollars a day; prices that no list knows.

    `prices` maps a model to US dollars for a million tokens in and out. `deadline` is the longest a suggestion may
    take, in seconds, with every retry.
    """

    endpoints: tuple[Endpoint, ...]
    daily_cap: Decimal = DAILY_CAP
    deadline: float = DEADLINE
    prices: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict, hash=False)

    @classmethod
    def load(cls, environ: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> AssistSettings:
        """Settings from the environment and from the editor; what the editor says (`overrides`) wins unless empty.

        Keys of `overrides`: `provider`, `anthropic_base_url`, `anthropic_model`, `anthropic_small_model`, the same for
        `openai`, `daily_cap`, `prices` (`{model: {"input": dollars, "output": dollars}}` for a million tokens). The
        environment has `BACKEND_TEAM_AI_PROVIDER`, `BACKEND_TEAM_ANTHROPIC_BASE_URL`, `…_MODEL`, `…_SMALL_MODEL` and
        `BACKEND_TEAM_AI_DAILY_CAP`. Raises `SettingsError`.
        """
        chosen = {key: value for key, value in (overrides or {}).items() if value not in (None, "", {})}
        for key in chosen:
            if key not in _KEYS:
                near = get_close_matches(key, _KEYS, n=1)
                hint = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(_KEYS)}"
                raise SettingsError(f'unknown AI setting "{key}"', hint=hint)
        first = str(chosen.get("provider") or environ.get("BACKEND_TEAM_AI_PROVIDER") or PROVIDERS[0]).strip().lower()
        if first not in PROVIDERS:
            raise SettingsError(f'unknown AI provider "{first}"', hint=f"one of: {', '.join(PROVIDERS)}")
        order = sorted(PROVIDERS, key=lambda provider: provider != first)
        return cls(
            endpoints=tuple(_endpoint(provider, environ, chosen) for provider in order),
            daily_cap=_dollars(chosen.get("daily_cap", environ.get("BACKEND_TEAM_AI_DAILY_CAP") or DAILY_CAP)),
            prices=_prices(chosen.get("prices", {})),
        )


def host_of(base_url: str) -> str:
    """Host and port of an address, in lower case, without the port that its scheme means anyway."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    default = {"https": 443, "http": 80}.get(parts.scheme)
    return host if parts.port in (None, default) else f"{host}:{parts.port}"


def checked_address(base_url: str, provider: Provider) -> str:
    """An address as it is used: https, or http on this machine and in the local network; without a slash at the end.

    Raises `SettingsError` for anything else, and for user and password in an address.
    """
    address = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"https", "http"} or not host or parts.query or parts.fragment:
        raise SettingsError(f'"{base_url}" is no address of an AI service', hint=f"for example {OWN_ADDRESS[provider]}")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            f"the address for {provider} holds a user name or password",
            hint=f"store the key with: backend-team ai login {provider} --base-url {parts.scheme}://{host_of(address)}",
        )
    if parts.scheme == "http" and not _is_near(host):
        raise SettingsError(f"code and key would travel to {host} unencrypted", hint="use https://")
    return address


def _endpoint(provider: Provider, environ: Mapping[str, str], chosen: Mapping[str, Any]) -> Endpoint:
    def value(part: str, otherwise: str) -> str:
        named = environ.get(f"BACKEND_TEAM_{provider.upper()}_{part.upper()}")
        return str(chosen.get(f"{provider}_{part}") or named or otherwise).strip()

    own = OWN_ADDRESS[provider]
    base_url = checked_address(value("base_url", own), provider)
    in_environment = environ.get(f"BACKEND_TEAM_{provider.upper()}_BASE_URL") or own
    model, small = MODELS[provider]
    large = value("model", model)
    return Endpoint(
        provider=provider,
        base_url=base_url,
        model=large,
        # Another model was chosen: it is the one that is known to be there (a local server may have no other).
        small_model=value("small_model", small if large == model else large),
        official=base_url == own,
        environment_key=_origin(base_url) == _origin(in_environment),
    )


def _origin(base_url: str) -> tuple[str, str]:
    return urlsplit(base_url.strip()).scheme, host_of(base_url.strip())


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    if _is_loopback(host) or "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa")):
        return ":" not in host or _is_loopback(host)
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _dollars(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise SettingsError(f'the daily cap "{value}" is no amount of US dollars', hint="for example 5.00")
    return amount


def _prices(value: Any) -> dict[str, tuple[Decimal, Decimal]]:
    try:
        return {str(model): (_dollars(row["input"]), _dollars(row["output"])) for model, row in value.items()}
    except (AttributeError, KeyError, TypeError, SettingsError):
        raise SettingsError(
            "AI prices are not understood",
            hint='for example {"my-model": {"input": 0.5, "output": 2}}: US dollars for a million tokens',
        ) from None
