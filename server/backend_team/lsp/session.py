"""The session: folders, settings, rules and open documents of one client. The event loop is its only writer."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import BackendTeamError, FileError, SettingsError, StaleError
from backend_team.lsp import convert, diagnostics, protocol, status
from backend_team.lsp.capabilities import Capabilities
from backend_team.lsp.project_files import ProjectFiles
from backend_team.lsp.pull import Held
from backend_team.lsp.status import StatusLine
from backend_team.lsp.watching import Changes
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT, Resolver, Settings, unknown_names
from backend_team.text import Source
from backend_team.workspace.documents import Document

if TYPE_CHECKING:
    from decimal import Decimal

    from backend_team.assist.service import Assist
    from backend_team.findings import ModuleReport
    from backend_team.lsp.commands.suggest import Offered
    from backend_team.lsp.wire import Wire
    from backend_team.lsp.workers import Workers
    from backend_team.rules.model import RuleSet
    from backend_team.workspace.watcher import Watcher

logger = logging.getLogger(__name__)

VERSION: Final = version("ai-backend-team")
SHORT: Final = 30_000  # characters analysed without leaving the loop: some 10 ms
OWN_RULES: Final = Path(".backend-team") / "rules"


@dataclass(frozen=True, slots=True)
class Folder:
    """A workspace folder with what holds in it; `path` None: files of no folder.

    `settings` are those of the folder itself; the resolver knows those of each file in it.
    """

    path: Path | None
    settings: Settings
    rules: RuleSet
    resolver: Resolver

    def of(self, path: Path | None) -> Settings:
        """The settings of a file; those of the folder where the files that say can't be read."""
        if path is None:
            return self.settings
        try:  # a file of no folder is seldom asked for, and nobody watches what is around it
            return (self.resolver if self.path is not None else Resolver()).of(path)
        except SettingsError:
            return self.settings


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open document as it is now: later changes don't touch it."""

    uri: str
    source: Source
    report: ModuleReport
    folder: Folder

    def require(self, wanted: int | None) -> None:
        """Raise `StaleError` unless the document has this version."""
        if wanted != self.source.version:
            raise StaleError(f"{Path(self.source.path).name} has changed since; nothing was applied", hint="try again")


@dataclass
class Options:
    """What the client chose when it started: settings of the person, never of a repository."""

    ai: dict[str, Any] = field(default_factory=dict)


class Session:
    """One client's session."""

    def __init__(self, wire: Wire, workers: Workers) -> None:
        self.wire = wire
        self.workers = workers
        self.client = Capabilities()
        self.options = Options()
        self.outside = Folder(None, DEFAULT, load_rules(), Resolver())
        self.folders: dict[str, Folder] = {}
        self.documents: dict[str, Document] = {}
        self.closed: dict[str, int] = {}  # findings published for files that are not open
        self.held = Held(wire)  # those themselves, for a client that asks
        self.spelled: dict[Path, str] = {}  # URIs of files as the client writes them, where we would write another
        self.state: str = "starting"
        self.status_line = StatusLine()
        self.cancellable: dict[str | int, asyncio.Task[Any]] = {}  # by progress token
        self.suggestions: dict[str, Offered] = {}
        self.agreed: dict[tuple[Any, ...], Decimal] = {}  # what was shown as the most a request can cost
        self.changes = Changes()
        self.project_files = ProjectFiles()
        self.watcher: Watcher | None = None
        self.usage: protocol.Usage | None = None  # what the hosted API said last
        self.assist: Assist | None = None
        self.assist_options: dict[str, Any] = {}
        self.assist_lock = asyncio.Lock()
        self._said: set[str] = set()

    async def aclose(self) -> None:
        """End what belongs to the session; the hosted API goes on."""
        if self.watcher is not None:
            self.watcher.close()
        if self.assist is not None:
            await self.assist.aclose()
        self.workers.close()

    # Folders ------------------------------------------------------------------------------------------------------

    def add_folder(self, uri: str) -> None:
        """Take a folder into the workspace."""
        path = convert.path_of(uri)
        if path is not None:
            self.folders[uri] = self._said_of(_load(path, self.outside, self.outside.rules))

    def remove_folder(self, uri: str) -> None:
        """Drop a folder; what was published for its closed files goes with it."""
        folder = self.folders.pop(uri, None)
        if folder is not None and folder.path is not None:
            self.forget_closed(folder.path)

    async def reload(self, uri: str) -> None:
        """Read settings and rules of a folder again, beside the loop."""
        before = self.folders[uri]
        if before.path is not None:
            now = await asyncio.to_thread(_load, before.path, before, self.outside.rules)
            if self.folders.get(uri) is before:
                self.folders[uri] = self._said_of(now)

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
                self.wire.show(error.render())
        self._said = {one for one in self._said if not one.startswith(f"{loaded.folder.path} ")} | said.keys()
        return loaded.folder

    # Documents ----------------------------------------------------------------------------------------------------

    def snapshot(self, uri: str) -> Snapshot:
        """An open document as it is now; raises `FileError` when it is not open."""
        document = self.document(uri)
        return Snapshot(uri, document.source, document.report, self.folder_of(convert.path_of(uri)))

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
        document = Document(Source(str(path or uri), text, number), folder.rules, folder.of(path))
        self.documents[uri] = document
        self.closed.pop(uri, None)
        self._analyse(uri, document)

    def _analyse(self, uri: str, document: Document) -> None:
        """Analyse a text as a whole and publish: at once when it is short, in a thread otherwise."""
        if len(document.source.text) <= SHORT:
            document.adopt(document.analysed())
            self.publish(uri)
        else:
            self.wire.later(self._analyse_beside(uri, document), "analysing a large document")

    async def _analyse_beside(self, uri: str, document: Document) -> None:
        rules, settings = document.rules, document.settings
        module = await asyncio.to_thread(document.analysed)
        if self.documents.get(uri) is document and document.rules is rules and document.settings == settings:
            document.adopt(module)
            self.publish(uri)
            status.changed(self)

    def close(self, uri: str) -> None:
        """Let go of a document; what was published stays until its file was looked at."""
        document = self.documents.pop(uri, None)
        if document is not None and (shown := _shown(document)):
            self.closed[uri] = shown

    def uri_of(self, path: Path) -> str:
        """The URI of a file: as the client wrote it when it opened the file, otherwise as VS Code would."""
        return self.spelled.get(path) or convert.uri_of(path)

    async def judge_again(self) -> None:
        """Analyse every open document under the rules and settings as they are now, in a turn of the loop each."""
        for uri, document in list(self.documents.items()):
            path = convert.path_of(uri)
            folder = self.folder_of(path)
            settings = folder.of(path)
            judged_by = (document.rules.digest, document.settings)
            if self.documents.get(uri) is document and judged_by != (folder.rules.digest, settings):
                document.judge_by(folder.rules, settings)
                self._analyse(uri, document)
                await asyncio.sleep(0)

    # What the client sees -----------------------------------------------------------------------------------------

    def publish(self, uri: str) -> None:
        """Push what is known of an open document, with its version; nothing while it was never analysed."""
        document = self.documents[uri]
        if document.module is None:
            return
        if self.client.only_pulls:
            self.held.refresh(self.client)
            return
        items = diagnostics.items(document.source, document.report, self.client.encoding, document.rules)
        params = {"uri": uri, "version": document.source.version, "diagnostics": items}
        self.wire.send(diagnostics.METHOD, params)

    def publish_closed(self, uri: str, items: list[convert.JSON]) -> None:
        """Push what is known of a file that is not open; open documents keep their own."""
        if uri in self.documents or not (items or uri in self.closed):
            return
        if self.client.only_pulls:
            self.held.put(uri, items, self.client)
        else:
            self.wire.send(diagnostics.METHOD, {"uri": uri, "diagnostics": items})
        if items:
            self.closed[uri] = len(items)
        else:
            self.closed.pop(uri, None)

    def forget_closed(self, below: Path) -> None:
        """Clear what was published for closed files at or below a path."""
        for uri in list(self.closed):
            path = convert.path_of(uri)
            if path is not None and path.is_relative_to(below):
                self.publish_closed(uri, [])

    def status(self) -> protocol.Status:
        """What a status bar shows."""
        open_findings = [_shown(document) for document in self.documents.values()]
        return {
            "state": self.state,  # type: ignore[typeddict-item]
            "findings": sum(open_findings) + sum(self.closed.values()),
            "files": sum(1 for count in open_findings if count) + len(self.closed),
            "rules": max((len(one.rules) for one in self.folders.values()), default=len(self.outside.rules)),
            "version": VERSION,
        }


def _shown(document: Document) -> int:
    return len(document.report.findings) + len(document.report.problems)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A folder as its files say, and what could not be read of them."""

    folder: Folder
    errors: list[BackendTeamError]


def _load(path: Path, before: Folder, shipped: RuleSet) -> Loaded:
    """Read settings and rules; what can't be read stays as it was."""
    settings, rules, resolver = before.settings, before.rules, Resolver()
    errors: list[BackendTeamError] = []
    own = path / OWN_RULES
    try:
        settings = resolver.in_folder(path)
    except BackendTeamError as error:
        errors.append(error)
    try:
        rules = load_rules(extra=[own]) if own.is_dir() else shipped
    except BackendTeamError as error:
        errors.append(error)
    errors += unknown_names(settings, rules)
    return Loaded(Folder(path, settings, rules, resolver), errors)
