"""Rule files under an editor: everything that is wrong in them, and examples that don't show what they say."""

from __future__ import annotations

import asyncio
import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.errors import RuleError
from backend_team.lsp.marks import FAILING_EXAMPLE, INVALID_RULE, Mark, mark_of
from backend_team.rules.faults import faults
from backend_team.rules.load import load_rule
from backend_team.rules.texts import LARGEST, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.lsp.workers import Workers

SHORT: Final = 5_000  # characters read without leaving the loop: at most some 15 ms
MOST: Final = 100  # errors that are told of one file
PATIENCE: Final = 10.0  # seconds for the examples of a rule: fixes wait behind them
_OWN: Final = (".backend-team", "rules")
_SAY_SO: Final = (re.compile(r"^id:", re.MULTILINE), re.compile(r"^(?:pattern|check):", re.MULTILINE))
_LINE_END: Final = re.compile("\r\n|\r")
_REWRITE: Final = re.compile(r"^rewrite:[ \t]*", re.MULTILINE)


def is_rule_file(path: Path) -> bool:
    """Whether a file is a rule by its place, or may be one by what it says (`is_rule`)."""
    return path.suffix == ".yaml" and (_is_own(path) or path.parent.parent.name == "rules")


def is_rule(path: Path, text: str) -> bool:
    """Whether a text is meant as a rule: all of a project's own, elsewhere those that say so."""
    return is_rule_file(path) and (_is_own(path) or all(each.search(text) for each in _SAY_SO))


def _is_own(path: Path) -> bool:
    parts = path.parts[:-1]
    return any(parts[at : at + 2] == _OWN for at in range(len(parts)))


async def judge(workers: Workers, path: Path, text: str) -> list[Mark]:
    """What is wrong with a rule as it is typed: its errors, or its examples when it has none; raises `WorkerDied`."""
    text = plain(text)
    if len(text.encode()) > LARGEST:
        return [_too_large()]
    if not is_rule(path, text):
        return []
    found = errors(path, text) if len(text) <= SHORT else await asyncio.to_thread(errors, path, text)
    if found:
        return found
    return await workers.soon(judge_examples, path, text, patience=min(workers.patience, PATIENCE))


def errors(path: Path, text: str) -> list[Mark]:
    """The errors of a rule."""
    return [mark_of(INVALID_RULE, error) for error in faults(path, text)[:MOST]]


def judge_examples(path: Path, text: str) -> list[Mark]:
    """What the examples of a rule say that is not so, and a rewrite there isn't; for a worker process."""
    from backend_team.fixes.examples import complaints
    from backend_team.fixes.rewrites import rewrites

    try:
        rule = load_rule(path, text)
    except RuleError as error:
        return [mark_of(INVALID_RULE, error)]
    rows = text.split("\n")
    if rule.rewrite is not None and rule.rewrite not in rewrites():
        near = get_close_matches(rule.rewrite, rewrites(), 1)
        message = f'there is no rewrite "{rule.rewrite}"' + (f'\ndid you mean "{near[0]}"?' if near else "")
        found = _REWRITE.search(text)
        if found is None:
            return [Mark(INVALID_RULE, message)]
        line = text.count("\n", 0, found.start())
        return [Mark(INVALID_RULE, message, line, found.end() - found.start(), len(rule.rewrite))]
    return [
        Mark(FAILING_EXAMPLE, complaint, example.line, _indent(rows, example.line))
        for example, complaint in complaints(rule)
    ]


def faulty(folder: Path) -> Iterator[tuple[Path, str, list[Mark]]]:
    """The rule files at and below a folder that are wrong, with their texts."""
    seen: dict[str, Path] = {}
    for path in sorted(_below(folder)):
        try:
            text = read_text(path)
        except RuleError as error:
            if os.path.exists(path):  # noqa: PTH110 - Path.exists raises where it can't look
                yield path, "", [mark_of(INVALID_RULE, error)]
            continue
        found = errors(path, text)
        if not found and path.stem in seen:
            found = [Mark(INVALID_RULE, f'rule "{path.stem}" is already in {seen[path.stem]}')]
        seen.setdefault(path.stem, path)
        if found:
            yield path, text, found


def _below(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):  # Path.rglob raises when a folder goes meanwhile
        yield from (Path(place, name) for name in names if name.endswith(".yaml"))


def plain(text: str) -> str:
    """The text as it would be read from its file."""
    return _LINE_END.sub("\n", text).encode("utf-8", "replace").decode("utf-8")


def _too_large() -> Mark:
    return Mark(INVALID_RULE, f"this is too large for a rule\nat most {LARGEST // 1024} KiB")


def _indent(rows: list[str], line: int) -> int:
    row = rows[line] if line < len(rows) else ""
    return len(row) - len(row.lstrip(" -"))
