"""The exception tree: every error a person can meet, each with what to do about it.

BackendTeamError
├── SettingsError        a settings file is wrong: file, line, nearest valid name
├── RuleError            a rule file is wrong: file, line, column, way out
├── TemplateError        a template is wrong: file, line, nearest valid name
├── FileError            a file can't be read or written
├── StaleError           the text has changed since; nothing was applied
├── AssistError          an AI request could not be answered
│   ├── RefusedError     the code may not leave the machine (ignore file, private key)
│   ├── BudgetError      the daily cap would be passed
│   ├── KeyMissingError  no key for the provider
│   └── RejectedError    the answer failed our checks
├── StepError            a step of an execution failed: what, and the tail of its log
└── ApiError             the hosted API refused or could not be reached
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something is wrong: line and column from 1, the line's text for the excerpt."""

    path: str
    line: int
    column: int = 1
    length: int = 1
    text: str | None = None


class BackendTeamError(Exception):
    """An error for a person: what happened, where, and the way out."""

    def __init__(self, message: str, *, place: Place | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        return self.render()

    def render(self) -> str:
        """The error as it is printed: message, place, excerpt with a marker, hint."""
        place = self.place
        if place is None:
            return self.message if self.hint is None else f"{self.message}\n   {self.hint}"
        lines = [f"{self.message} in {place.path}, line {place.line}"]
        if place.text is not None:
            margin = f"{place.line:5d} | "
            lines.append(margin + place.text.rstrip("\r\n"))
            marker = " " * (len(margin) + place.column - 1) + "^" * max(1, place.length)
            lines.append(marker if self.hint is None else f"{marker} {self.hint}")
        elif self.hint is not None:
            lines.append(f"   {self.hint}")
        return "\n".join(lines)


class SettingsError(BackendTeamError):
    """A settings file is wrong."""


class RuleError(BackendTeamError):
    """A rule file is wrong."""


class TemplateError(BackendTeamError):
    """A template is wrong."""


class FileError(BackendTeamError):
    """A file can't be read or written."""


class StaleError(BackendTeamError):
    """The text has changed since the request; nothing was applied."""


class AssistError(BackendTeamError):
    """An AI request could not be answered."""


class RefusedError(AssistError):
    """The code may not leave this machine."""


class BudgetError(AssistError):
    """The daily cap would be passed."""


class KeyMissingError(AssistError):
    """No key is known for the provider and its host."""


class RejectedError(AssistError):
    """The provider's answer failed our checks."""


class StepError(BackendTeamError):
    """A step of an execution failed."""


class ApiError(BackendTeamError):
    """The hosted API refused a request or could not be reached."""

    def __init__(
        self, message: str, *, status: int | None = None, type_: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.type = type_
