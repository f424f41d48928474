"""Faults of a manifest, gathered with their places: a person sees all of them at once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from backend_team.errors import Place, TemplateError
from backend_team.templates.json_text import Document, Steps, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Field(NamedTuple):
    """What a field of an object must be; `kinds` are the types JSON values have in Python."""

    kinds: tuple[type, ...]
    required: bool = False


class Faults:
    """The faults found so far in one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[TemplateError] = [
            TemplateError(f'"{double.steps[-1]}" is given twice', place=document.place_of(double.span), hint="keep one")
            for double in document.duplicates
        ]

    def add(self, steps: Steps, message: str, hint: str | None = None, *, key: bool = False) -> None:
        """Note a fault at a value, or at its key."""
        self.add_at(self.document.place(steps, key=key), message, hint)

    def add_at(self, place: Place, message: str, hint: str | None = None) -> None:
        """Note a fault at a place."""
        self.found.append(TemplateError(message, place=place, hint=hint))

    def object(self, steps: Steps, value: Any, fields: Mapping[str, Field]) -> dict[str, Any]:
        """The fields of an object that are as they must be; every other is a fault."""
        if not isinstance(value, dict):
            self.add(steps, f"{_name(steps)} must be an object, not {kind_of(value)}")
            return {}
        right: dict[str, Any] = {}
        for name, item in value.items():
            if name not in fields:
                self.add((*steps, name), f"unknown field {quoted(name)}", nearest(name, fields), key=True)
            elif self.kind((*steps, name), item, fields[name].kinds):
                right[name] = item
        for name, field in fields.items():
            if field.required and name not in value:
                self.add(steps, f"{_name(steps)} has no {quoted(name)}", key=bool(steps))
        return right

    def kind(self, steps: Steps, value: Any, kinds: tuple[type, ...]) -> bool:
        """Whether a value is of one of the kinds; a fault when it is not."""
        # bool is an int in Python, not in JSON.
        right = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
        if not right:
            self.add(steps, f"{_name(steps)} must be {kind_of(kinds[0]())}, not {kind_of(value)}")
        return right

    def texts(self, steps: Steps, value: Iterable[Any]) -> tuple[str, ...]:
        """The texts of a list; every other item, and each text that comes again, is a fault."""
        right: list[str] = []
        for index, item in enumerate(value):
            if not self.kind((*steps, index), item, (str,)):
                continue
            if item in right:
                self.add((*steps, index), f"{quoted(item)} is listed twice")
            right.append(item)
        return tuple(right)

    def choice(self, steps: Steps, value: str, names: Iterable[str], what: str) -> bool:
        """Whether a text is one of the names; a fault with the nearest when it is not."""
        known = list(names)
        if value in known:
            return True
        self.add(steps, f"unknown {what} {quoted(value)}", nearest(value, known) or f"known: {', '.join(known)}")
        return False


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The hint that names the nearest valid name, if one is near."""
    known = list(names)
    close = get_close_matches(name, known, 1, 0.55) or [one for one in known if one.rpartition(".")[2] == name][:1]
    return f"did you mean {quoted(close[0])}?" if close else None


def quoted(text: object) -> str:
    """A name as messages show it."""
    return f'"{text}"'


def _name(steps: Steps) -> str:
    names = [step for step in steps if isinstance(step, str)]
    if not names:
        return "the manifest"
    if steps and isinstance(steps[-1], int):
        return f"item {steps[-1] + 1} of {quoted(names[-1])}"
    return quoted(names[-1])
