"""The session: folders, settings, rules and open documents of one client. The event loop is its only writer."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from backend_team.analysis.engine import engine_for
from backend_team.errors import BackendTeamError, FileError
from backend_team.lsp import convert, diagnostics, notebooks, protocol, status
from backend_team.lsp.capabilities import Capabilities
from backend_team.lsp.counts import Counts
from backend_team.lsp.folders import Folder, Loaded, load
from backend_team.lsp.known import Known, View
from backend_team.lsp.left_out import LeftOut
from backend_team.lsp.person import Person
from backend_team.lsp.project_files import ProjectFiles
from backend_team.lsp.proofs import Proofs
from backend_team.lsp.pull import Held
from backend_team.lsp.seen import ClosedFiles
from backend_team.lsp.snapshot import Snapshot
from backend_team.lsp.standing_down import StandingDown
from backend_team.lsp.status import StatusLine, versions
from backend_team.lsp.tally import Tally, weight_of, weight_of_items
from backend_team.lsp.watching import Changes
from backend_team.lsp.wire import AT_ONCE, UnansweredError
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT, Resolver
from backend_team.text import Source
from backend_team.version import VERSION
from backend_team.workspace.documents import Document
from backend_team.workspace.notebooks import Notebook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from decimal import Decimal
    from pathlib import Path

    from backend_team.analysis.module import Module
    from backend_team.assist.service import Assist
    from backend_team.findings import ModuleReport
    from backend_team.lsp.commands.suggest import Offered
    from backend_team.lsp.wire import Wire
    from backend_team.lsp.workers import Workers
    from backend_team.workspace.baseline import Baseline
    from backend_team.workspace.watcher import Watcher

logger = logging.getLogger(__name__)

SHORT: Final = 30_000  # characters analysed without leaving the loop: some 10 ms


@dataclass
class Options:
    """What the client chose when it started: settings of the person, never of a repository; commands it can run."""

    ai: dict[str, Any] = field(default_factory=dict)
    commands: frozenset[str] = frozenset()


class Session:
    """One client's session."""

    def __init__(self, wire: Wire, workers: Workers) -> None:
        self.wire = wire
        self.workers = workers
        self.left_out = LeftOut(wire)
        self.client = Capabilities()
        self.options = Options()
        self.person = Person()
        self.outside = Folder(None, DEFAULT, load_rules(), Resolver())
        engine_for(self.outside.rules, DEFAULT)  # loads the checks: the first document shall not wait for them
        self.folders: dict[str, Folder] = {}
        self.documents: dict[str, Document] = {}
        self.views: dict[str, View] = {}
        self.notebooks = notebooks.Notebooks()
        self.shown = Counts()  # findings of open documents
        self._uncounted: set[str] = set()  # open documents that changed since
        self.closed = ClosedFiles()  # what was published for files that are not open
        self.analysing: dict[str, asyncio.Task[None]] = {}  # large documents, until they are
        self.unchecked: set[str] = set()  # closed files to be checked in a moment
        self.shows_lenses = False  # the client has asked for some
        self.held = Held(wire)  # those themselves, for a client that asks
        self.spelled: dict[Path, str] = {}  # URIs of files as the client writes them, where we would write another
        self.tally = Tally()
        self.standing_down = StandingDown()
        self.state: str = "starting"
        self.status_line = StatusLine()
        self.cancellable: dict[str | int, asyncio.Task[Any]] = {}  # by progress token
        self.suggestions: dict[str, Offered] = {}
        self.agreed: dict[tuple[Any, ...], Decimal] = {}  # what was shown as the most a request can cost
        self.changes = Changes()
        self.project_files = ProjectFiles()
        self.proofs = Proofs()
        self.watcher: Watcher | None = None
        self.usage: protocol.Usage | None = None  # what the hosted API said last
        self.assist: Assist | None = None
        self.assist_options: dict[str, Any] = {}
        self.assist_lock = asyncio.Lock()
        self._coming: set[str] = set()  # folders whose files are being read
        self._said: set[str] = set()
        self._tokens = itertools.count(1)
        self._making_token = asyncio.Lock()

    async def aclose(self) -> None:
        """End what belongs to the session; the hosted API goes on."""
        if self.watcher is not None:
            self.watcher.close()
        if self.assist is not None:
            await self.assist.aclose()
        self.workers.close()

    async def own_token(self, name: str = "", patience: float = AT_ONCE) -> str | None:
        """A token for the progress of what the client began without one; None when it shows none."""
        token = f"backend-team-{name}{next(self._tokens)}"
        try:
            async with self._making_token:  # a client that does not answer is asked, and told of, once
                if not self.client.creates_progress:
                    return None
                await self.wire.ask("window/workDoneProgress/create", {"token": token}, patience)
        except UnansweredError as error:
            logger.warning("%s; no progress is shown", error.message)
            self.client = replace(self.client, creates_progress=False)
            return None
        except BackendTeamError:
            return None
        return token

    # Folders ------------------------------------------------------------------------------------------------------

    def add_folder(self, uri: str) -> None:
        """Take a folder into the workspace."""
        path = convert.path_of(uri)
        if path is not None:
            lint = self.person.applied[uri] = self.person.lint(uri)
            self.folders[uri] = self._said_of(load(path, self.outside, self.outside.rules, lint))

    async def bring_folder(self, uri: str) -> None:
        """Take a folder into the workspace, its files read beside the loop; dropped when it goes again meanwhile."""
        path = convert.path_of(uri)
        if path is not None and uri not in self.folders and uri not in self._coming:
            self._coming.add(uri)
            lint = self.person.lint(uri)
            loaded = await asyncio.to_thread(load, path, self.outside, self.outside.rules, lint)
            if uri in self._coming:
                self._coming.remove(uri)
                self.person.applied[uri] = lint
                self.folders[uri] = self._said_of(loaded)

    def remove_folder(self, uri: str) -> None:
        """Drop a folder; what was published for its closed files goes with it."""
        self._coming.discard(uri)
        folder = self.folders.pop(uri, None)
        if folder is not None and folder.path is not None:
            self.forget_closed({folder.path})
            self.tally.forget([folder.path], self.open_paths)

    async def reload(self, uri: str) -> None:
        """Read settings and rules of a folder again, beside the loop."""
        # Again when another reload came first: it may have begun before what is to be read now.
        while (before := self.folders.get(uri)) is not None and before.path is not None:
            lint = self.person.lint(uri)
            now = await asyncio.to_thread(load, before.path, before, self.outside.rules, lint)
            if self.folders.get(uri) is before:
                self.person.applied[uri] = lint
                self.folders[uri] = self._said_of(now)
                break

    def folder_of(self, path: Path | None) -> Folder:
        """The innermost folder that holds a file."""
        around = [one for one in self.folders.values() if path and one.path and path.is_relative_to(one.path)]
        return max(around, key=lambda one: len(str(one.path)), default=self.outside)

    def _said_of(self, loaded: Loaded) -> Folder:
        """The folder; what could not be read is said, once."""
        said = {f"{loaded.folder.path} {error.render()}": error for error in loaded.errors}
        for text, error in said.items():
            if text not in self._said:
                logger.warning("%s: %s", loaded.folder.path, error.message)
                if not (error.place is not None and self.project_files.shows(loaded.folder.path, error.place.path)):
                    self.wire.show(error.render())
        self._said = {one for one in self._said if not one.startswith(f"{loaded.folder.path} ")} | said.keys()
        self.person.tell(self.wire, loaded.wrong)
        return loaded.folder

    # Documents ----------------------------------------------------------------------------------------------------

    def snapshot(self, uri: str) -> Snapshot:
        """An open document as it is now, or the notebook of a cell; raises `FileError` when it is not open."""
        uri = self.notebooks.uri_of(uri)
        document = self.document(uri)
        folder, table = self.folder_of(convert.path_of(uri)), getattr(document, "table", None)
        return Snapshot(uri, document.source, self.report(uri), folder, document.settings, table)

    def is_open(self, uri: str) -> bool:
        """Whether a URI is an open document, or a cell of an open notebook."""
        return self.notebooks.uri_of(uri) in self.documents

    def report(self, uri: str) -> ModuleReport:
        """What is shown of an open document: the findings that are not known."""
        return self.views[uri].report(self.documents[uri], self.folder_of(convert.path_of(uri)).baseline)

    def items(self, uri: str) -> list[convert.JSON]:
        """The diagnostics of an open document; nothing before its first analysis."""
        document = self.documents[uri]
        return diagnostics.items(document.source, self.report(uri), self.client, document.rules, uri)

    def document(self, uri: str) -> Document:
        """An open document; raises `FileError` when it is not open."""
        found = self.documents.get(uri)
        if found is None:
            raise FileError(f"{uri} is not an open Python file")
        return found

    def open(self, uri: str, text: str, number: int) -> None:
        """Take a document and publish what it holds."""
        path = convert.path_of(uri)
        if path is not None and uri != (ours := self.uri_of(path)):
            self.publish_closed(ours, [])
            self.spelled[path] = uri
        folder = self.folder_of(path)
        self.take(uri, Document(Source(str(path or uri), text, number), folder.rules, folder.of(path)))

    def take(self, uri: str, document: Document) -> None:
        """Take a document that was opened and publish what it holds."""
        self.documents[uri], self.views[uri] = document, View()
        self.closed.drop(uri)
        self.held.reports.pop(uri, None)
        self._analyse(uri, document)

    def _analyse(self, uri: str, document: Document) -> None:
        """Analyse a text as a whole and publish: at once when it is short, in a thread otherwise."""
        if len(document.source.text) <= SHORT:
            document.adopt(document.analysed())
            self.publish(uri)
        else:
            self.analysing[uri] = self.wire.later(self._analyse_beside(uri, document), "analysing a large document")
            self.analysing[uri].add_done_callback(lambda done: self._drop_task(uri, done))

    def _drop_task(self, uri: str, done: asyncio.Task[None]) -> None:
        if self.analysing.get(uri) is done:
            del self.analysing[uri]

    async def _analyse_beside(self, uri: str, document: Document) -> None:
        rules, settings = document.rules, document.settings
        baseline = self.folder_of(convert.path_of(uri)).baseline
        module, known = await asyncio.to_thread(_analysed, document, baseline)
        if self.documents.get(uri) is document and document.rules is rules and document.settings == settings:
            document.adopt(module)
            self.views[uri].known = known
            self.publish(uri)
            status.changed(self)

    async def analysed(self, uri: str) -> None:
        """Wait until a large document has been analysed, as often as that begins anew."""
        while (task := self.analysing.get(uri)) is not None:
            await asyncio.wait({task})
            await asyncio.sleep(0)  # whoever is told of its end is told first

    async def compare_again(self, uri: str) -> None:
        """Compare a large text with what is known as a whole; while it changes only its lines are."""
        before = self.views[uri].known if uri in self.views else None  # it may have been closed meanwhile
        if before is not None and len(self.documents[uri].source.text) > SHORT:
            await self._know(uri, before.baseline)
            if uri in self.documents and self.views[uri].known != before:
                self.publish(uri)
                status.changed(self)

    async def _know(self, uri: str, baseline: Baseline | None) -> None:
        """Compare a text with a baseline, beside the loop; dropped when it changes meanwhile."""
        view, document = self.views[uri], self.documents[uri]
        source, report = document.source, document.report
        known = None if baseline is None else await asyncio.to_thread(Known.of, baseline, report, source)
        if self.views.get(uri) is view and document.source is source:
            view.known = known

    def close(self, uri: str) -> None:
        """Let go of a document; what was published stays until its file was looked at."""
        if uri in self.documents:
            self.count([uri])
            self.closed.put(uri, self.items(uri), sent=False)  # sent of the document: not every client keeps that
            del self.documents[uri], self.views[uri]
            self.shown.pop(uri, 0)

    def drop(self, uri: str) -> None:
        """Let go of a document of which there is no file to be checked."""
        self.tally.drop(self.documents[uri].source.path)
        del self.documents[uri], self.views[uri]
        self.shown.pop(uri, 0)

    def uri_of(self, path: Path) -> str:
        """The URI of a file: as the client wrote it when it opened the file, otherwise as VS Code would."""
        return self.spelled.get(path) or convert.uri_of(path)

    async def judge_again(self, *, all_of_them: bool = False) -> None:
        """Analyse the open documents whose rules or settings are others by now, or all, in a turn of the loop each."""
        for uri, document in list(self.documents.items()):
            path = convert.path_of(uri)
            folder = self.folder_of(path)
            settings = document.settled(folder.of(path))
            judged_by = (document.rules.digest, document.settings)
            changed = all_of_them or judged_by != (folder.rules.digest, settings)
            if self.documents.get(uri) is document and changed:
                document.judge_by(folder.rules, settings)
                self._analyse(uri, document)
                await asyncio.sleep(0)
            elif self.documents.get(uri) is document and (folder.baseline is not None or self.views[uri].known):
                await self._know(uri, folder.baseline)
                if uri in self.documents:
                    self.publish(uri)
        if self.shows_lenses and self.client.refreshes_lenses:
            self.wire.later(self._ask_for_lenses(), "asking for code lenses anew")

    async def _ask_for_lenses(self) -> None:
        try:
            await self.wire.ask("workspace/codeLens/refresh", None, AT_ONCE)
        except BackendTeamError as error:
            logger.warning("%s", error.message)

    # What the client sees -----------------------------------------------------------------------------------------

    def publish(self, uri: str) -> None:
        """Push what is known of an open document, with its version; nothing while it was never analysed."""
        document = self.documents[uri]
        if document.module is None:
            return
        self._uncounted.add(uri)
        if self.client.only_pulls:
            self.held.refresh(self.client)
            return
        if isinstance(document, Notebook):
            notebooks.publish(self, uri, document)
            return
        version = json.dumps(document.source.version)
        if self.folder_of(convert.path_of(uri)).baseline is None:
            items = self.views[uri].rendered.items(document.module, self.client, document.rules, uri)
        else:
            items = json.dumps(self.items(uri), separators=(",", ":"))[1:-1]
        params = f'{{"uri":{json.dumps(uri)},"version":{version},"diagnostics":[{items}]}}'
        self.wire.send_text(diagnostics.METHOD, params)

    def publish_closed(self, uri: str, items: list[convert.JSON]) -> None:
        """Push what is known of a file that is not open; open documents keep their own."""
        if uri in self.documents or not (items or uri in self.closed) or self.closed.is_sent(uri, items):
            return
        if self.client.only_pulls:
            self.held.put(uri, items, self.client)
        else:
            self.wire.send(diagnostics.METHOD, {"uri": uri, "diagnostics": items})
        self.closed.put(uri, items)

    def count_closed(self, path: Path, items: list[convert.JSON], lines: int) -> None:
        """Count what is known of a file that is not open."""
        if self.uri_of(path) not in self.documents:
            self.tally.put(str(path), lines, weight_of_items(items))

    def uncount(self, uri: str) -> None:
        """Count a file no more that is not open and no part of the workspace."""
        if uri not in self.documents:
            self.tally.drop(str(convert.path_of(uri) or uri))

    @property
    def open_paths(self) -> frozenset[str]:
        """The paths of open documents, a URI where there is none."""
        return frozenset(document.source.path for document in self.documents.values())

    def forget_closed(self, gone: AbstractSet[Path]) -> None:
        """Clear what was published for closed files at or below some paths."""
        for uri in list(self.closed):
            path = convert.path_of(uri)
            if path is not None and (path in gone or not gone.isdisjoint(path.parents)):
                self.publish_closed(uri, [])

    def count(self, uris: Iterable[str]) -> None:
        """Count the findings of open documents again, where they may be others."""
        for uri in self._uncounted.intersection(uris):
            if uri in self.documents:
                report = self.report(uri)
                self.shown[uri] = len(report.findings) + len(report.problems)
                source = self.documents[uri].source
                self.tally.put(source.path, len(source.lines) - 1, weight_of(report))
        self._uncounted.difference_update(uris)

    def status(self) -> protocol.Status:
        """What a status bar shows."""
        self.count(list(self._uncounted))
        return {
            "state": self.state,  # type: ignore[typeddict-item]
            "findings": self.shown.total + self.closed.total,
            "files": len(self.shown) + len(self.closed),
            "rules": max((len(one.rules) for one in self.folders.values()), default=len(self.outside.rules)),
            "version": VERSION,
            "score": self.tally.score,
            "versions": versions([one.rules for one in self.folders.values()] or [self.outside.rules]),
            "standsDown": self.standing_down.of(self.folders.values()),
        }


def _analysed(document: Document, baseline: Baseline | None) -> tuple[Module, Known | None]:
    module = document.analysed()
    return module, None if baseline is None else Known.of(baseline, module.report, module.source)
