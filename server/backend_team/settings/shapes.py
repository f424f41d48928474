"""Every setting by its name in a file, and the shape its value must have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backend_team.settings.model import SEVERITIES, STAND_DOWN
from backend_team.settings.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Shape = Callable[[Any], Any]


class WrongShape(Exception):
    """A value of the wrong shape; `keys` lead to the inner place of the fault, `value` is the string it is about."""

    def __init__(self, message: str, hint: str | None = None, *keys: str, value: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.keys = keys
        self.value = value


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongShape("must be a list of strings", 'for example ["unused-import"]')
    return tuple(value)


def _rules(value: Any) -> frozenset[str]:
    return frozenset(_names(value))


def _severities(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise WrongShape("must be a table", 'for example { unused-import = "error" }')
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            raise WrongShape(f"gives {rule} an unknown severity", f"one of: {', '.join(SEVERITIES)}", rule)
    return dict(value)


def _patterns(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongShape("must be a list of strings", 'patterns as in .gitignore, for example ["build/", "*_pb2.py"]')
    for line in value:
        if line.strip() and not line.startswith("#") and Pattern.parse(line) is None:
            raise WrongShape(f'has a pattern that matches nothing: "{line}"', None, value=line)
    return tuple(value)


def _per_path(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise WrongShape("must be a table", 'for example "tests/**" = { ignore = ["unused-import"] }')
    for pattern, inner in value.items():
        if Pattern.parse(pattern) is None:
            raise WrongShape(f'has a pattern that matches nothing: "{pattern}"', None, pattern)
        if not isinstance(inner, dict):
            raise WrongShape(
                f'must have a table for "{pattern}"', 'for example { ignore = ["unused-import"] }', pattern
            )
    return value


def _version(value: Any) -> tuple[int, int]:
    found = re.fullmatch(r"(?:py)?3\.?(\d{1,2})", value) if isinstance(value, str) else None
    if not found:
        raise WrongShape("must be a Python version", 'for example "3.11"')
    return 3, int(found[1])


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise WrongShape("must be a whole number from 1")
    return value


def _path(value: Any) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise WrongShape("must be the path of a file, relative to this one")
    return value


def _stand_down(value: Any) -> str:
    if value not in STAND_DOWN:
        raise WrongShape(
            "must be a word that says whether rules leave to Ruff what it checks", f"one of: {', '.join(STAND_DOWN)}"
        )
    return str(value)


def _folders(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item and "\0" not in item for item in value):
        raise WrongShape("must be a list of folders", 'for example ["lib", "src"]')
    return tuple(value)


OF_PATHS: Final[Mapping[str, Shape]] = {
    "select": _rules,
    "extend-select": _rules,
    "ignore": _rules,
    "severity": _severities,
}

OF_FILES: Final[Mapping[str, Shape]] = {
    **OF_PATHS,
    "per-path": _per_path,
    "exclude": _patterns,
    "target-version": _version,
    "max-complexity": _count,
    "max-branches": _count,
    "max-arguments": _count,
    "max-statements": _count,
    "max-returns": _count,
    "max-nesting": _count,
    "src": _folders,
    "baseline": _path,
    "stand-down": _stand_down,
    "extend": _path,
}
