"""Fix Workspace: the safe fixes of all files as one edit; open documents from memory, the others from disk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.errors import BackendTeamError, FileError, StaleError
from backend_team.findings import Safety
from backend_team.lsp import background, bulk, convert, jobs
from backend_team.lsp.progress import progress
from backend_team.lsp.workers import WorkerDied
from backend_team.workspace.discovery import included

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_team.lsp import protocol
    from backend_team.lsp.folders import Folder
    from backend_team.lsp.session import Session
    from backend_team.lsp.snapshot import Snapshot

FEW: Final = 3  # files that are named when they were left out


async def run(
    session: Session, params: protocol.FixWorkspaceParams, token: str | int | None
) -> protocol.FixWorkspaceResult:
    """Apply the fixes of all rules, of some rules or of one category; raises `StaleError` when a document has changed.

    Rules that were named are fixed as a whole, what wants a review too, where the client asks before it changes files.
    """
    rules, category = _rules(params), params.get("category")
    _refuse_unknown(session, rules, category)
    asks = session.client.annotated_edits
    safety = Safety.REVIEW if rules is not None and asks else Safety.SAFE
    title = _title(rules, category)
    async with progress(session, title, token or await session.own_token()) as reports:
        work = _Work(session, rules, category, safety)
        await work.collect(params.get("folder"))
        await work.fix(lambda done, total: reports.report(f"{done} of {total} files", 100 * done // max(1, total)))
        await work.leave_out_changed()
    return await work.apply(title)


def _rules(params: protocol.FixWorkspaceParams) -> frozenset[str] | None:
    """The rules that are named, None where none are."""
    rule, rules = params.get("rule"), params.get("rules")
    if rule is None and rules is None:
        return None
    return frozenset(rules or ()) | ({rule} if rule is not None else set())


def _title(rules: frozenset[str] | None, category: str | None) -> str:
    if rules is not None:
        return f"Fix all findings of {next(iter(rules)) if len(rules) == 1 else f'{len(rules)} rules'}"
    return f"Fix all safe findings of {category}" if category else "Fix all safe findings"


def _refuse_unknown(session: Session, rules: frozenset[str] | None, category: str | None) -> None:
    known = [each for folder in (session.outside, *session.folders.values()) for each in folder.rules]
    unknown = (rules or frozenset()) - {each.id for each in known}
    if unknown:
        raise BackendTeamError(f"there is no rule {', '.join(sorted(unknown))}")
    if category is not None and all(each.category != category for each in known):
        names = ", ".join(sorted({each.category for each in known}))
        raise BackendTeamError(f"there is no category {category}", hint=f"there are {names}")


class _Work:
    """What is fixed, and what came of it."""

    def __init__(self, session: Session, rules: frozenset[str] | None, category: str | None, safety: Safety) -> None:
        self.session = session
        self.rules = rules
        self.category = category
        self.safety = safety
        self.closed: list[tuple[Folder, list[Path]]] = []
        self.open: list[Snapshot] = []
        self.fixed: list[bulk.FixedText] = []
        self.left_out: dict[str, str] = {}

    async def collect(self, wanted: str | None) -> None:
        """Find the files of the workspace, or of a folder in it, or the one file that is named."""
        session = self.session
        below = None if wanted is None else convert.path_of(wanted)
        if wanted is not None and (below is None or session.folder_of(below).path is None):
            raise FileError(f"{wanted} is in no folder of the workspace")
        seen: set[Path] = set()
        for folder in list(session.folders.values()):
            files = await asyncio.to_thread(background.files_of, folder)
            chosen = [
                path
                for path in files
                if path not in seen
                and session.folder_of(path) is folder
                and session.uri_of(path) not in session.documents
                and (below is None or path.is_relative_to(below))
            ]
            seen.update(chosen)
            self.closed.append((folder, chosen))
        for uri in [one for one in session.documents if one not in session.notebooks.opened]:
            path = convert.path_of(uri)
            if path is None or (below is not None and not path.is_relative_to(below)):
                continue
            folder = session.folder_of(path)
            if folder.path is not None and await asyncio.to_thread(included, path, folder.path, folder.resolver):
                self.open.append(session.snapshot(uri))

    async def fix(self, on_progress: Callable[[int, int], None]) -> None:
        """Compute the fixes in the worker processes."""
        total = len(self.open) + sum(len(paths) for _, paths in self.closed)
        done = 0

        def advance(number: int) -> None:
            nonlocal done
            done += number
            on_progress(done, total)

        on_progress(0, total)
        for snapshot in self.open:
            judge, source = jobs.judge_of(snapshot.folder, snapshot.source), jobs.plain(snapshot.source)
            only = self._only(snapshot.folder)
            encoding = self.session.client.encoding
            try:
                found = await self.session.workers.idle(bulk.fix_text, judge, source, only, self.safety, encoding)
            except WorkerDied as error:
                self.left_out[snapshot.uri] = f"fixing it {error.reason}"
            else:
                self.fixed.append(found)
            advance(1)
        for folder, paths in self.closed:
            await self._fix_closed(folder, paths, advance)

    async def _fix_closed(self, folder: Folder, paths: Sequence[Path], advance: Callable[[int], None]) -> None:
        judge, only = jobs.judge(folder), self._only(folder)
        waiting = background.groups(paths)
        waiting.reverse()

        async def work() -> None:
            while waiting:
                left = waiting.pop()
                while left:
                    found = await self._batch(judge, left[: background.BATCH], only)
                    left = left[len(found) :]
                    self.fixed += [one for one in found if one.edits or one.withheld]
                    self.left_out |= {self.session.uri_of(one.path): one.fault for one in found if one.fault}
                    advance(len(found))

        async with asyncio.TaskGroup() as group:
            for _ in range(self.session.workers.spare):
                group.create_task(work())

    async def _batch(
        self, judge: jobs.Judge, paths: Sequence[Path], only: frozenset[str] | None
    ) -> list[bulk.FixedText]:
        """Fix the first of some files; one that ends its worker is left out."""
        encoding = self.session.client.encoding
        try:
            return await self.session.workers.idle(bulk.fix_files, judge, paths, only, self.safety, encoding)
        except WorkerDied as error:
            if len(paths) == 1:
                return [bulk.FixedText(paths[0], fault=f"fixing it {error.reason}")]
        found = []
        for path in paths:
            found += await self._batch(judge, [path], only)
        return found

    async def leave_out_changed(self) -> None:
        """Leave out the files that were changed, or opened, while the others were worked on."""
        session = self.session
        for snapshot in self.open:
            session.snapshot(snapshot.uri).require(snapshot.source.version)
        known = {one.path: one.content for one in self.fixed if one.content}
        changed = set(await session.workers.through(len(known), bulk.changed, known))
        changed |= {path for path in known if session.uri_of(path) in session.documents}
        self.fixed = [one for one in self.fixed if one.path not in changed]
        self.left_out |= {session.uri_of(path): "it was changed meanwhile" for path in changed}

    async def apply(self, title: str) -> protocol.FixWorkspaceResult:
        """Let the client apply all of it, and say what came of it."""
        session = self.session
        for snapshot in self.open:
            session.snapshot(snapshot.uri).require(snapshot.source.version)
        versions = {Path(one.source.path): (one.uri, one.source.version) for one in self.open}
        edits = [
            (*versions.get(one.path, (session.uri_of(one.path), None)), one.edits) for one in self.fixed if one.edits
        ]
        applied = sum(one.applied for one in self.fixed if one.edits)
        if edits and not await self._sent(title, sorted(edits, key=lambda one: one[0])):
            edits, applied = [], 0
        if self.left_out:
            session.wire.show(_said(self.left_out), session.wire.WARNING)
        return {
            "files": len(edits),
            "applied": applied,
            "withheld": [
                {"uri": session.uri_of(one.path), "rule": rule, "line": line, "reason": reason}
                for one in self.fixed
                for rule, line, reason in one.withheld
            ],
            "leftOut": [{"uri": uri, "reason": reason} for uri, reason in sorted(self.left_out.items())],
        }

    async def _sent(self, title: str, edits: list[tuple[str, int | None, list[convert.JSON]]]) -> bool:
        """Whether the client applied the edit; a person who was asked may have said no."""
        client = self.session.client
        if not client.versioned_edits:
            edit: convert.JSON = {"changes": {uri: changes for uri, _, changes in edits}}
        else:
            note = _files(len(edits)) if self._is_asked_for(edits) else None
            edit = convert.workspace_edits(edits, (title, note) if client.annotated_edits and note else None)
        answer = await self.session.wire.ask("workspace/applyEdit", {"label": title, "edit": edit})
        if isinstance(answer, dict) and answer.get("applied"):
            return True
        reason = answer.get("failureReason") if isinstance(answer, dict) else None
        if reason is None and "changeAnnotations" in edit:
            return False
        raise StaleError(f"the editor did not apply the edit: {reason or 'a document has changed'}", hint="try again")

    def _is_asked_for(self, edits: list[tuple[str, int | None, list[convert.JSON]]]) -> bool:
        """Whether a person confirms: several files, and what wants a review of several rules or out of sight."""
        if len(edits) > 1:
            return True
        out_of_sight = any(version is None for _, version, _ in edits)
        return self.safety is Safety.REVIEW and (out_of_sight or len(self.rules or ()) > 1)

    def _only(self, folder: Folder) -> frozenset[str] | None:
        if self.rules is not None:
            return self.rules
        if self.category is not None:
            return frozenset(rule.id for rule in folder.rules if rule.category == self.category)
        return None


def _said(left_out: dict[str, str]) -> str:
    names = [f"{Path(convert.path_of(uri) or uri).name}: {reason}" for uri, reason in sorted(left_out.items())]
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    count = f"{_files(len(names))} {'was' if len(names) == 1 else 'were'}"
    return f"{count} left alone. {'; '.join(names[:FEW])}{more}."


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
