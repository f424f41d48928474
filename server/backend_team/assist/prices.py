"""Prices of AI requests: an upper bound before the call, the cost after it, from the price list of `genai-prices`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from backend_team.errors import AssistError

if TYPE_CHECKING:
    from backend_team.assist.settings import AssistSettings, Endpoint

MILLION: Final = Decimal(1_000_000)
# Roles, separators and what a provider adds around a prompt, in tokens; counted by none of its bytes.
ENVELOPE: Final = 512
MOST_TOKENS: Final = 10_000_000  # of one call; no model reads or writes as many


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider counted. `input` holds all of the prompt; what came from or went to its cache is within."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def possible(self) -> bool:
        """Whether a call can have had these: compatible servers leave counts out, or send what can't be."""
        counts = (self.input, self.output, self.cache_read, self.cache_write)
        if not all(isinstance(count, int) and 0 <= count <= MOST_TOKENS for count in counts):
            return False
        return self.cache_read + self.cache_write <= self.input


def upper_bound(
    settings: AssistSettings, endpoint: Endpoint, model: str, prompt_bytes: int, most_output: int
) -> Decimal:
    """What a call can cost at most: a token for every byte, all written to the provider's cache if that is dearer."""
    prompt = prompt_bytes + ENVELOPE
    plain = Tokens(input=prompt, output=most_output)
    written = Tokens(input=prompt, output=most_output, cache_write=prompt)
    return max(cost(settings, endpoint, model, plain), cost(settings, endpoint, model, written))


def cost(settings: AssistSettings, endpoint: Endpoint, model: str, tokens: Tokens) -> Decimal:
    """What a call costs in US dollars.

    A model that no list knows costs what the setting `prices` says, and nothing when it runs on this machine. Raises
    `AssistError` when no price is known: a call at an unknown price is not made.
    """
    if (row := settings.prices.get(model)) is not None:
        return (tokens.input * row[0] + tokens.output * row[1]) / MILLION
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write,
    )
    try:
        return calc_price(usage, model, provider_id=endpoint.provider).total_price
    except LookupError:
        if endpoint.loopback:
            return Decimal(0)
        raise AssistError(
            f'no price is known for the model "{model}" at {endpoint.host}',
            hint='say it in the setting of AI prices: {"' + model + '": {"input": …, "output": …}} per million tokens',
        ) from None
