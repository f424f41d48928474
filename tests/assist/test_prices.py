"""Prices: what a call can cost, what it cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.assist.prices import ENVELOPE, Tokens, cost, upper_bound
from backend_team.assist.settings import MODELS, AssistSettings, Endpoint
from backend_team.errors import AssistError


def endpoint(chosen: AssistSettings, provider: str) -> Endpoint:
    """The endpoint of a provider."""
    return next(one for one in chosen.endpoints if one.provider == provider)


def price(provider: str, model: str, tokens: Tokens, **overrides: Any) -> Decimal:
    """What tokens cost."""
    chosen = AssistSettings.load({}, overrides)
    return cost(chosen, endpoint(chosen, provider), model, tokens)


@pytest.mark.parametrize(
    ("provider", "model", "tokens", "dollars"),
    [
        ("anthropic", "claude-sonnet-5-5", Tokens(1_000_000, 0), "2"),
        ("anthropic", "claude-sonnet-5-5", Tokens(0, 100_000), "1"),
        ("anthropic", "claude-sonnet-5-5", Tokens(1_000_000, 0, cache_read=1_000_000), "0.1"),
        ("anthropic", "claude-sonnet-5-5", Tokens(1_000_000, 0, cache_write=1_000_000), "2.5"),
        ("anthropic", "claude-sonnet-5-5", Tokens(1_000, 100, cache_read=400, cache_write=100), "0.00229"),
        ("openai", "gpt-6.1-sol", Tokens(1_000, 100), "0.003"),
        ("openai", "gpt-6.1-sol", Tokens(1_000, 100, cache_read=400), "0.00224"),
        ("anthropic", "claude-sonnet-5-5", Tokens(), "0"),
    ],
)
def test_prices_of_the_list(provider: str, model: str, tokens: Tokens, dollars: str) -> None:
    assert price(provider, model, tokens) == Decimal(dollars)


def test_long_prompts_cost_more_than_their_tokens() -> None:
    short, long = (price("openai", "gpt-6.1-sol", Tokens(count, 0)) / count for count in (10_000, 1_000_000))
    assert long > short


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_every_default_model_has_a_price(provider: Any) -> None:
    large, small = (price(provider, model, Tokens(1_000, 1_000)) for model in MODELS[provider])
    assert 0 < small < large


def test_an_unknown_model() -> None:
    with pytest.raises(AssistError, match='no price is known for the model "llama"'):
        price("openai", "llama", Tokens(1, 1))
    with pytest.raises(AssistError, match="no price"):
        price("openai", "llama", Tokens(1, 1), openai_base_url="https://example.com/v1")
    assert price("openai", "llama", Tokens(1, 1), openai_base_url="http://localhost:11434/v1") == 0
    prices = {"llama": {"input": 0.5, "output": "2"}}
    assert price("openai", "llama", Tokens(1_000_000, 500_000), prices=prices) == Decimal("1.5")


@settings(deadline=None)
@given(
    st.sampled_from([(provider, model) for provider, models in MODELS.items() for model in models]),
    st.integers(0, 400_000),
    st.integers(0, 20_000),
    st.data(),
)
def test_the_bound_is_never_passed(model: tuple[str, str], size: int, output: int, data: st.DataObject) -> None:
    """Whatever a provider counts, as long as no token is shorter than a byte."""
    chosen = AssistSettings.load({})
    where = endpoint(chosen, model[0])
    bound = upper_bound(chosen, where, model[1], size, output)
    prompt = data.draw(st.integers(0, size + ENVELOPE))
    read = data.draw(st.integers(0, prompt))
    written = data.draw(st.integers(0, prompt - read))
    tokens = Tokens(prompt, data.draw(st.integers(0, output)), read, written)
    assert cost(chosen, where, model[1], tokens) <= bound
