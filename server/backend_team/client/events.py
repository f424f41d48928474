"""Events of an execution, read from a server-sent stream."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True, slots=True)
class Event:
    """One event: `kind` is log (`data` is the log row), status or end (`data` is the execution)."""

    sequence: int
    kind: str
    data: dict[str, Any]


async def read_events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """The events in the lines of a stream; comments and what is cut off at its end are left out."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
        elif fields:
            if {"id", "event", "data"} <= fields.keys():
                yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}
