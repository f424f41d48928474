"""Words of settings files: what can be written at a place of `backend-team.toml` or of our table elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backend_team.lsp.rule_words import Word
from backend_team.settings import ALL, OWN_FILE, SEVERITIES, STAND_DOWN
from backend_team.settings.reading import TABLE
from backend_team.settings.shapes import OF_FILES, OF_PATHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.rules.model import RuleSet

LISTS: Final = ("select", "extend-select", "ignore")  # of rules
_HEADER: Final = re.compile(r"[ \t]*\[([^\[\]]+)\]")
_PART: Final = re.compile(r"""[ \t]*(?:"([^"]*)"|'([^']*)'|([\w-]+))[ \t]*(?:\.|$)""")
_PAIR: Final = re.compile(r"""[ \t]*([\w.-]+)[ \t]*=""")
_NAME: Final = re.compile(r"[\w-]*$")
_FAR: Final = 500  # lines that a value may go on


def words(name: str, rows: Sequence[str], line: int, column: int, rules: RuleSet) -> list[Word]:
    """What can be written at a place (from 0, in code points) of a settings file that may be broken."""
    table = _table(name, rows, line)
    before = rows[line][:column]
    if table is None or "#" in before:
        return []
    typed = _NAME.search(before)
    assert typed is not None
    length, rest = len(typed[0]), before[: typed.start()]
    keys = _pairs_of(table)
    if not rest.strip() and (key := _open_list(rows, line)) is None:
        if table[-1:] == ("severity",):
            return _rules(rules, length, " = ")
        return [Word(f"{one} = ", "a setting", length, True) for one in keys]
    pair = _PAIR.match(before)
    key = pair[1] if pair is not None else _open_list(rows, line)
    within = before[pair.end() :] if pair is not None else before
    if key == "stand-down":
        quoted = key in keys and re.search(r"""=[ \t]*["']$""", rest)
        return [Word(one, "whether rules leave to Ruff what it checks", length) for one in STAND_DOWN if quoted]
    if table[-1:] == ("severity",) or key == "severity":
        return _severities(rules, rest, key, length)
    inside = within[: len(within) - length]
    if key in LISTS and key in keys and re.search(r"""(?:^|[\[,])[ \t]*["']$""", inside):
        groups = [ALL, *sorted({rule.category for rule in rules.names})]
        return [*_rules(rules, length, ""), *(Word(one, "a group of rules", length) for one in groups)]
    return []


def _severities(rules: RuleSet, rest: str, key: str | None, length: int) -> list[Word]:
    if re.search(r"""=[ \t]*["']$""", rest):
        return [Word(one, "how loud the rule is", length) for one in SEVERITIES]
    return _rules(rules, length, " = ") if key == "severity" and re.search(r"[{,][ \t]*$", rest) else []


def _rules(rules: RuleSet, length: int, after: str) -> list[Word]:
    return [Word(rule.id + after, rule.category, length) for rule in rules.names]


def _pairs_of(table: tuple[str, ...]) -> Sequence[str]:
    """The keys of a table of ours."""
    if not table:
        return tuple(OF_FILES)
    return tuple(OF_PATHS) if table[0] == "per-path" and len(table) == 2 else ()


def _table(name: str, rows: Sequence[str], line: int) -> tuple[str, ...] | None:
    """The table a line stands in, counted from ours; None where it is somebody else's."""
    found: tuple[str, ...] = ()
    for number in range(line, -1, -1):
        header = _HEADER.match(rows[number]) if number < line else None
        if header is not None and "=" not in rows[number]:
            found = tuple(next(part for part in each if part) for each in _PART.findall(header[1]) if any(each))
            break
    if name == OWN_FILE:
        return found
    return found[len(TABLE) :] if found[: len(TABLE)] == TABLE else None


def _open_list(rows: Sequence[str], line: int) -> str | None:
    """The key of a list that began in a line before and still goes on."""
    for number in range(line - 1, max(-1, line - _FAR), -1):
        if "]" in rows[number]:
            return None
        pair = _PAIR.match(rows[number])
        if pair is not None:
            return pair[1] if "[" in rows[number][pair.end() :] else None
    return None
