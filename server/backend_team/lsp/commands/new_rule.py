"""New Rule: the file of a rule of the project's own, from a selected expression or statement."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from backend_team.errors import FileError, RuleError
from backend_team.lsp import jobs, watching
from backend_team.lsp.folders import OWN_RULES
from backend_team.text import Span

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session
    from backend_team.text import Source

CATEGORY: Final = "own"
WORDS: Final = 3  # of the selection in an id that nobody chose


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for a rule; without an id it gets one."""

    id: str | None
    category: str
    metavariables: bool


async def run(session: Session, params: protocol.NewRuleParams, _token: str | int | None) -> protocol.NewRule:
    """Write the file and show it; refuses what is not one expression or statement, and to replace a file."""
    snapshot = session.snapshot(params["uri"])
    snapshot.require(params["version"])
    if snapshot.folder.path is None:
        raise FileError("the file is in no folder of the workspace", hint="open its folder: rules are kept there")
    lines, encoding = snapshot.source.lines, session.client.encoding
    start = lines.offset(params["line"], params["character"], encoding)
    span = Span(start, max(start, lines.offset(params["endLine"], params["endCharacter"], encoding)))
    chosen = Chosen(params.get("id"), params.get("category", CATEGORY), params.get("metavariables", False))
    own = snapshot.folder.path / OWN_RULES
    place, text = await session.workers.soon(written, own, jobs.plain(snapshot.source), span, chosen)
    await asyncio.to_thread(_write, place, text)
    watching.noted(session, [place])
    uri = session.uri_of(place)
    if session.client.shows_documents:
        await session.wire.ask("window/showDocument", {"uri": uri, "takeFocus": True})
    return {"uri": uri, "id": place.stem}


def written(own: Path, source: Source, span: Span, chosen: Chosen) -> tuple[Path, str]:
    """The place and the text of the rule, shown to find its own example; raises `RuleError` or `FileError`."""
    from backend_team.fixes.examples import complaints
    from backend_team.fixes.selection import selection
    from backend_team.rules.load import load_rule
    from backend_team.rules.new import refuse, rule_text

    found = selection(source, span, metavariables=chosen.metavariables)
    name = chosen.id if chosen.id is not None else _free_name(own / chosen.category, found.names)
    refuse(name, chosen.category)
    folder = own / chosen.category
    place = folder / f"{name}.yaml"
    _refuse_to_replace(place)
    file = (OWN_RULES / folder.name / place.name).as_posix()
    text = rule_text(name, file, pattern=found.pattern, before=found.text)
    rule = load_rule(place, text)
    for _, complaint in complaints(rule):
        raise RuleError(f"no rule can be made of the selection: {complaint}", hint="select something else")
    return place, text


def _free_name(folder: Path, names: tuple[str, ...]) -> str:
    """An id that says what was selected, and that no file has."""
    from backend_team.rules.load import load_rules
    from backend_team.rules.new import slug

    begun = slug("-".join(("no", *names[:WORDS])))
    name, number = begun, 1
    while name in load_rules().by_id or (folder / f"{name}.yaml").exists():
        number += 1
        name = f"{begun}-{number}"
    return name


def _write(place: Path, text: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        _refuse_to_replace(place)
    except OSError as error:
        raise FileError(f"{place} can't be written: {error.strerror or error}") from None


def _refuse_to_replace(place: Path) -> None:
    if place.exists():
        raise FileError(f"{place} is there already", hint="choose another name, or change that file")
