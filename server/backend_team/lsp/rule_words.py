"""Words of rule files: what can be written at a place, and what a word that is there means."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from backend_team.catalogue import catalogue_folder
from backend_team.findings import Safety, Severity, Tag
from backend_team.rules.conditions import KINDS
from backend_team.rules.load import EXAMPLE_KEYS, KEYS, check_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOOLS: Final = (
    *("bandit", "bugbear", "flake8-annotations", "flake8-debugger", "flake8-print", "flake8-simplify", "isort"),
    *("mccabe", "mypy", "pep597", "pycodestyle", "pyflakes", "pylint", "pyupgrade", "refurb", "ruff", "semgrep"),
    *("sourcery", "vulture"),
)
ABOUT_EXAMPLES: Final = {
    "before": "Code that offends the rule.",
    "after": "What it becomes when it is fixed.",
    "keep": "Code that does not offend the rule.",
}
_KEY: Final = re.compile(r"([a-z]+)[ \t]*:")
_METAVARIABLE: Final = re.compile(r"\$\$?[A-Z][A-Z0-9_]*")
_WORD: Final = re.compile(r"[\w.-]*$")
_DOLLARS: Final = re.compile(r"\$\$?[A-Z0-9_]*$")
_SPOKEN_OF: Final = re.compile(r"\$[A-Z][A-Z0-9_]*[ \t]+is[ \t]+(?:not[ \t]+)?[\w.]*$")
_ITEM: Final = re.compile(r"""(?:^|[,\[])[ \t]*(?:-[ \t]+)?["']?[ \t]*$""")
_FAR: Final = 2000  # lines; nobody's rule is longer


class Word(NamedTuple):
    """A word that can be written, in the place of so many characters before the cursor."""

    text: str
    about: str
    replaces: int
    is_key: bool = False


class Meaning(NamedTuple):
    """What a word means, in Markdown, and where in its line it stands."""

    text: str
    start: int
    end: int


def words(rows: Sequence[str], line: int, column: int) -> list[Word]:
    """What can be written at a place (from 0, in code points) of a rule file that may be broken."""
    before = rows[line][:column]
    if "#" in before:
        return []
    if _KEY.match(rows[line]) is None and re.fullmatch(r"[a-z]*", before):
        return _keys(rows, line, before)
    key, start = _key_of(rows, line)
    return _values_of(rows, key, before[start:], bool(start))


def _values_of(rows: Sequence[str], key: str, written: str, in_line: bool) -> list[Word]:
    """What can be written under a key, of which something may be written already."""
    if (dollars := _DOLLARS.search(written)) is not None and key in ("where", "fix"):
        return [Word(name, about, len(dollars[0])) for name, about in _bound(rows, key == "where").items()]
    typed = _WORD.search(written)
    assert typed is not None
    rest, length = written[: typed.start()], len(typed[0])
    if key == "where":
        return _conditions(rows, rest, length, bool(_SPOKEN_OF.search(written)))
    if key == "examples" and re.fullmatch(r"[ \t]*(?:-[ \t]+)?", rest):
        return [Word(f"{name}: ", ABOUT_EXAMPLES[name], length, True) for name in EXAMPLE_KEYS]
    if key == "equivalents" and _ITEM.search(rest):
        return [Word(f"{tool}:", "the same rule elsewhere, by its code there", length) for tool in TOOLS]
    several = key == "tags"
    if _ITEM.search(rest) if several else not rest.strip(" \t\"'") and in_line:
        return [Word(value, _about(key), length) for value in _values(key)]
    return []


def _conditions(rows: Sequence[str], rest: str, length: int, spoken_of: bool) -> list[Word]:
    """What a condition can say: of which metavariable, or what that is."""
    if spoken_of:
        return [Word(kind, f"the metavariable is {kind}", length) for kind in KINDS]
    if _ITEM.search(rest):
        return [Word(f"{name} is ", about, length) for name, about in _bound(rows, True).items()]
    return []


def meaning(rows: Sequence[str], line: int, column: int) -> Meaning | None:
    """What the word at a place means: a key, or a metavariable with what binds it."""
    row = rows[line]
    found = _KEY.match(row)
    if found is not None and column <= found.end(1) and found[1] in KEYS:
        values = () if found[1] in ("check", "rewrite") else _values(found[1])
        known = f"\n\nOne of: {', '.join(f'`{value}`' for value in values)}" if values else ""
        return Meaning(f"**{found[1]}** · {_about(found[1])}{known}", found.start(1), found.end(1))
    example = re.match(r"[ \t]*(?:-[ \t]+)?(before|after|keep):", row)
    if example is not None and example.start(1) <= column <= example.end(1) and _key_of(rows, line)[0] == "examples":
        return Meaning(f"**{example[1]}** · {ABOUT_EXAMPLES[example[1]]}", example.start(1), example.end(1))
    for name in _METAVARIABLE.finditer(row):
        if name.start() <= column <= name.end() and _key_of(rows, line)[0] in ("pattern", "fix", "where"):
            return Meaning(_of_metavariable(rows, name[0]), name.start(), name.end())
    return None


def _keys(rows: Sequence[str], line: int, typed: str) -> list[Word]:
    there = {found[1] for number, row in enumerate(rows[:_FAR]) if number != line and (found := _KEY.match(row))}
    return [Word(f"{key}: ", _about(key), len(typed), True) for key in KEYS if key not in there]


def _key_of(rows: Sequence[str], line: int) -> tuple[str, int]:
    """The key whose value a line belongs to, and where in the line the value may begin."""
    for number in range(line, max(-1, line - _FAR), -1):
        found = _KEY.match(rows[number])
        if found is not None:
            return found[1], found.end() if number == line else 0
    return "", 0


def _of_key(rows: Sequence[str], key: str) -> list[int]:
    """The lines of a key and its value."""
    found = []
    current = ""
    for line, row in enumerate(rows[:_FAR]):
        begins = _KEY.match(row)
        current = begins[1] if begins is not None else current
        if current == key:
            found.append(line)
    return found


def _bound(rows: Sequence[str], single: bool) -> dict[str, str]:
    """The metavariables of the pattern, as a condition or a fix names them, with what there is to say."""
    found: dict[str, str] = {}
    for line in _of_key(rows, "pattern"):
        for name in _METAVARIABLE.findall(rows[line]):
            text = "$" + name.lstrip("$") if single else name
            found.setdefault(text, f"{_what(name)}, bound in line {line + 1}")
    return found


def _of_metavariable(rows: Sequence[str], name: str) -> str:
    bare = name.lstrip("$")
    lines = [line for line in _of_key(rows, "pattern") if _names(rows[line], bare)]
    if not lines:
        return f"`{name}` is not bound: the pattern doesn't have it."
    spelled = next(one for one in _METAVARIABLE.findall(rows[lines[0]]) if one.lstrip("$") == bare)
    parts = [f"`{spelled}` · {_what(spelled)}, bound in {_listed(lines)}: `{_code(rows[lines[0]])}`"]
    conditions = [_code(rows[line]) for line in _of_key(rows, "where") if _names(rows[line], bare)]
    if conditions:
        parts.append("Conditions:\n" + "\n".join(f"- `{one}`" for one in conditions))
    used = [line for line in _of_key(rows, "fix") if _names(rows[line], bare)]
    parts.append(f"Used by the fix in {_listed(used)}." if used else "No fix uses it.")
    return "\n\n".join(parts)


def _code(row: str) -> str:
    """What a line says, without its key and the marks of YAML."""
    return _KEY.sub("", row, count=1).strip(" \t-|>[]")


def _names(row: str, bare: str) -> bool:
    return any(name.lstrip("$") == bare for name in _METAVARIABLE.findall(row))


def _listed(lines: Iterable[int]) -> str:
    numbers = [str(line + 1) for line in lines]
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


def _what(name: str) -> str:
    return "any number of statements or arguments" if name.startswith("$$") else "one expression or name"


@cache
def _values(key: str) -> tuple[str, ...]:
    """The values of a key that has only some."""
    match key:
        case "severity":
            return tuple(one.value for one in Severity)
        case "safety":
            return Safety.SAFE.value, Safety.REVIEW.value
        case "tags":
            return tuple(one.value for one in Tag)
        case "default":
            return "on", "off"
        case "python":
            return "3.11", "3.12", "3.13", "3.14"
        case "check":
            return check_names()
        case "rewrite":
            return _rewrites()
        case _:
            return ()


@cache
def _rewrites() -> tuple[str, ...]:
    """The rewrites that shipped rules name: those that can be named, without loading what they do."""
    files = catalogue_folder("rules").rglob("*.yaml")
    found = (re.search(r"^rewrite:[ \t]*([a-z-]+)", file.read_text("utf-8"), re.MULTILINE) for file in files)
    return tuple(sorted({one[1] for one in found if one is not None}))


@cache
def _schema() -> dict[str, dict[str, str]]:
    content = json.loads((catalogue_folder("rules") / "schema.json").read_text("utf-8"))
    properties: dict[str, dict[str, str]] = content["properties"]
    return properties


def _about(key: str) -> str:
    return _schema().get(key, {}).get("description", "")
