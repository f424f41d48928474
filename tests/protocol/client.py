"""A client of a real server process: raw JSON-RPC, a clock on every wait, and a list of what nobody read."""

from __future__ import annotations

import json
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30.0
CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"workspaceEdit": {"documentChanges": True}, "configuration": True},
    "textDocument": {
        "codeAction": {"resolveSupport": {"properties": ["edit"]}, "dataSupport": True},
        "publishDiagnostics": {"versionSupport": True},
    },
}


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Client:
    """Speaks to one server process; `texts` is what the editor holds."""

    def __init__(
        self,
        folder: Path | None,
        environment: dict[str, str] | None = None,
        command: list[str] | None = None,
        *,
        tcp: bool = False,
    ):
        self.folder = folder
        self.process = subprocess.Popen(
            command or [sys.executable, "-X", "dev", "-W", "error", "-m", "backend_team.lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
        self._connection: socket.socket | None = _connected(self.process) if tcp else None
        self.incoming = self._connection.makefile("rb") if self._connection else self.process.stdout
        self.outgoing = self._connection.makefile("wb") if self._connection else self.process.stdin
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.shown: dict[str, int] = {}  # diagnostics on the screen
        self.unread: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []  # progress of checks that nobody asked for; `look` reads it
        self.refuse_edits = False
        self.unable: set[str] = set()  # requests of the server that are answered by an error
        self.silent: set[str] = set()  # requests of the server that are not answered; `*`: none is
        self.asked: list[str] = []  # requests of the server
        self.configuration: dict[str | None, Any] = {}  # what settings are for a folder, None: for all
        self.registered: dict[str, Any] = {}  # what the server registered for, by method
        self.heard: Callable[[str], object] = lambda _: None  # is told the methods of the server's requests
        self.pages: list[dict[str, Any]] = []  # documents that were shown
        self.unasked: set[str] = set()  # methods that may be left unread at the end
        self.edits: list[dict[str, Any]] = []  # workspace edits that were applied
        self.encoding = "utf-16"
        self.patience = PATIENCE  # seconds for an answer; what takes longer by its nature is given more
        self.log = b""
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._numbers = iter(range(1, 1_000_000))
        self._readers = [threading.Thread(target=one, daemon=True) for one in (self._read, self._read_log)]
        for reader in self._readers:
            reader.start()

    # Wire ---------------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        out = self.incoming
        assert out is not None
        while True:
            size = 0
            while (line := out.readline()) not in (b"\r\n", b""):
                assert line.lower().startswith(b"content-"), f"stdout belongs to the protocol, not to {line!r}"
                if line.lower().startswith(b"content-length:"):
                    size = int(line.split(b":")[1])
            if not size:
                return self._inbox.put(None)
            self._inbox.put(json.loads(out.read(size)))

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log += line

    def send_raw(self, *bodies: bytes) -> None:
        """Send messages in one write."""
        assert self.outgoing is not None
        self.outgoing.write(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies))
        self.outgoing.flush()

    def send(self, *messages: dict[str, Any]) -> None:
        self.send_raw(*(json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def start_request(self, method: str, params: Any = None) -> int:
        number = next(self._numbers)
        self.send({"id": number, "method": method, "params": params})
        return number

    def start_cancelled(self, method: str, params: Any) -> int:
        """Send a request and its cancellation together: the server has both before it has done anything."""
        number = next(self._numbers)
        cancel = {"method": "$/cancelRequest", "params": {"id": number}}
        self.send({"id": number, "method": method, "params": params}, cancel)
        return number

    def request(self, method: str, params: Any = None) -> Any:
        return self.answer(self.start_request(method, params))

    def answer(self, number: int | None) -> Any:
        message = self.wait(lambda one: "method" not in one and one.get("id") == number)
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def wait(
        self,
        wanted: Callable[[dict[str, Any]], bool],
        among: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """The first message that fits; what else comes stays to be read."""
        among = self.unread if among is None else among
        for index, message in enumerate(among):
            if wanted(message):
                return among.pop(index)
        deadline = time.monotonic() + self.patience
        while True:
            try:
                message = self._inbox.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(
                    f"not in {self.patience} s; unread: {self.unread}; log: {self.log.decode()}"
                ) from None
            assert message is not None, f"the server is gone; log: {self.log.decode()}"
            if "method" in message and "id" in message:
                self._serve(message)
            elif among is not self.looks and _is_look(message):
                self.looks.append(message)
            elif wanted(message):
                return message
            else:
                (self.looks if _is_look(message) else self.unread).append(message)

    def notification(self, method: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        return self.wait(lambda one: one.get("method") == method and fits(one["params"]))["params"]

    def came(self) -> list[dict[str, Any]]:
        """What came unasked until now, taken from what is to be read."""
        while True:
            try:
                message = self._inbox.get_nowait()
            except queue.Empty:
                found, self.unread = self.unread, []
                return found
            assert message is not None, f"the server is gone; log: {self.log.decode()}"
            if "method" in message and "id" in message:
                self._serve(message)
            else:
                (self.looks if _is_look(message) else self.unread).append(message)

    def look(self, kind: str) -> Any:
        """The next progress of a kind that a check reports that nobody asked for."""
        found = self.wait(lambda one: _is_look(one) and one["params"]["value"]["kind"] == kind, among=self.looks)
        return found["params"]

    def forgo(self) -> None:
        """Leave diagnostics and progress unread: they are not the matter of this test."""
        self.unasked |= {"textDocument/publishDiagnostics", "$/progress"}

    def left(self) -> list[dict[str, Any]]:
        """What came and nobody read, after the end."""
        while True:
            try:
                message = self._inbox.get_nowait()
            except queue.Empty:
                return self.unread
            if message is not None:
                (self.looks if _is_look(message) else self.unread).append(message)

    def _serve(self, message: dict[str, Any]) -> None:
        """Answer a request of the server as an editor does."""
        self.heard(message["method"])
        self.asked.append(message["method"])
        if message["method"] in self.silent or "*" in self.silent:
            return
        if message["method"] in self.unable:
            self.send({"id": message["id"], "error": {"code": -32601, "message": "unhandled method"}})
            return
        result: Any = None
        if message["method"] == "workspace/applyEdit":
            result = {"applied": not self.refuse_edits}
            if not self.refuse_edits:
                self.apply(message["params"]["edit"])
        elif message["method"] == "workspace/configuration":
            result = [self.configuration.get(one.get("scopeUri")) for one in message["params"]["items"]]
        elif message["method"] == "client/registerCapability":
            self.registered |= {one["method"]: one["registerOptions"] for one in message["params"]["registrations"]}
        elif message["method"] == "window/showDocument":
            self.pages.append(message["params"])
            result = {"success": True}
        self.send({"id": message["id"], "result": result})

    # Session ------------------------------------------------------------------------------------------------------

    def initialize(self, **changes: Any) -> dict[str, Any]:
        folders = [{"uri": self.folder.as_uri(), "name": self.folder.name}] if self.folder else None
        params = {
            "processId": os.getpid(),
            "rootUri": None,
            "workspaceFolders": folders,
            "capabilities": CAPABILITIES,
            **changes,
        }
        answer: dict[str, Any] = self.request("initialize", params)
        self.capabilities: dict[str, Any] = answer["capabilities"]
        self.encoding = self.capabilities["positionEncoding"]
        self.notify("initialized", {})
        return answer

    def ready(self) -> dict[str, Any]:
        """Wait for the end of the first look at the workspace."""
        return self.notification("backendTeam/status", lambda status: status["state"] == "ready")

    def finish(self) -> int:
        """Shut down and exit as the protocol says; the exit code."""
        self.request("shutdown")
        self.notify("exit")
        code = self.process.wait(PATIENCE)
        self.close()
        return code

    def hang_up(self) -> None:
        """Close the connection without a word."""
        assert self._connection is not None
        self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the process if it runs, and let go of the streams."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        streams = (self.incoming, self.outgoing, self.process.stdin, self.process.stdout, self.process.stderr)
        for stream in (*streams, self._connection):
            if stream is not None:
                stream.close()

    # Documents ----------------------------------------------------------------------------------------------------

    def uri(self, name: str) -> str:
        assert self.folder is not None
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> list[dict[str, Any]]:
        """Open a document; its diagnostics."""
        return self.open_as("python", name if ":" in name else self.uri(name), text)

    def open_as(self, language: str, uri: str, text: str) -> list[dict[str, Any]]:
        """Open a document of a language; its diagnostics."""
        self.texts[uri], self.versions[uri] = text, 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return self.diagnostics(uri, 1)

    def forget(self, uri: str) -> None:
        """Close a document of which there is no file; its findings are cleared."""
        del self.texts[uri], self.versions[uri]
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        if self.shown.get(uri):
            assert self.diagnostics(uri, None) == []

    def change(self, uri: str, *changes: dict[str, Any]) -> list[dict[str, Any]]:
        """Change a document as a person does; the diagnostics of the new version."""
        for change in changes:
            self.texts[uri] = self.edited(self.texts[uri], [change | {"newText": change["text"]}])
        self._changed(uri, list(changes))
        return self.diagnostics(uri, self.versions[uri])

    def _changed(self, uri: str, changes: list[dict[str, Any]]) -> None:
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def diagnostics(self, uri: str, version: int | None) -> list[dict[str, Any]]:
        """The diagnostics published for a version, None: for the closed file."""

        def fits(params: Any) -> bool:
            return params["uri"] == uri and params.get("version") == version

        found: list[dict[str, Any]] = self.notification("textDocument/publishDiagnostics", fits)["diagnostics"]
        self.shown[uri] = len(found)
        return found

    def actions(self, uri: str, line: int, character: int = 0, **context: Any) -> list[dict[str, Any]]:
        place = {"line": line, "character": character}
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": [], **context},
        }
        found: list[dict[str, Any]] = self.request("textDocument/codeAction", params)
        return found

    def completion(self, uri: str, line: int, character: int) -> list[dict[str, Any]]:
        place = {"line": line, "character": character}
        found: list[dict[str, Any]] = self.request(
            "textDocument/completion", {"textDocument": {"uri": uri}, "position": place}
        )
        return found

    def execute(self, command: str, argument: Any, **more: Any) -> Any:
        return self.request("workspace/executeCommand", {"command": command, "arguments": [argument], **more})

    def apply(self, edit: dict[str, Any]) -> None:
        """Apply a workspace edit as an editor does, and tell the server of the changes."""
        self.edits.append(edit)
        bare = edit.get("changes", {}).items()  # for a client that knows no versions: the documents as they are
        current = [{"textDocument": {"uri": uri, "version": self.versions.get(uri)}, "edits": to} for uri, to in bare]
        for change in edit.get("documentChanges", current):
            if change.get("kind") == "create":
                self._path(change["uri"]).touch()
                continue
            if change["textDocument"]["version"] is None:
                path = self._path(change["textDocument"]["uri"])
                path.write_bytes(self.edited(path.read_bytes().decode(), change["edits"]).encode())
                continue
            uri, version = change["textDocument"]["uri"], change["textDocument"]["version"]
            assert version == self.versions[uri], "an edit for another version"
            self.texts[uri] = self.edited(self.texts[uri], change["edits"])
            last_first = sorted(change["edits"], key=lambda one: _place(one["range"]["start"]), reverse=True)
            self._changed(uri, [{"range": one["range"], "text": one["newText"]} for one in last_first])

    def _path(self, uri: str) -> Path:
        """The file of a URI; nobody has it open."""
        assert uri not in self.texts, "an open document is changed by its version"
        return Path(url2pathname(urlsplit(uri).path))

    def edited(self, text: str, edits: list[dict[str, Any]]) -> str:
        """The text after edits in the negotiated encoding, by a way of its own: lines of encoded units."""
        whole = next((one for one in edits if "range" not in one), None)
        if whole is not None:
            return str(whole["newText"])
        for edit in sorted(edits, key=lambda one: _place(one["range"]["start"]), reverse=True):
            start, end = (self._index(text, edit["range"][side]) for side in ("start", "end"))
            text = text[:start] + edit["newText"] + text[end:]
        return text

    def _index(self, text: str, place: dict[str, int]) -> int:
        index = 0
        for _ in range(place["line"]):
            index = text.index("\n", index) + 1
        codec, size = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[self.encoding]
        line = text[index:].partition("\n")[0].encode(codec)
        return index + len(line[: place["character"] * size].decode(codec))


def _is_look(message: dict[str, Any]) -> bool:
    """Whether it is the progress of a check at the start, or of new folders."""
    return message.get("method") == "$/progress" and str(message["params"]["token"]).startswith("backend-team-start-")


def _connected(server: subprocess.Popen[bytes]) -> socket.socket:
    """A connection to a server, which says on stderr where it listens."""
    assert server.stderr is not None
    said = server.stderr.readline().decode()
    found = re.fullmatch(r"listening on \[?([^\]]+)\]?:(\d+)", said.strip())
    assert found, said
    return socket.create_connection((found[1], int(found[2])), PATIENCE)


def _place(position: dict[str, int]) -> tuple[int, int]:
    return position["line"], position["character"]


def insertion(line: int, character: int, text: str, removed: int = 0) -> dict[str, Any]:
    """A change that puts a text in a line, in the place of so many units."""
    start = {"line": line, "character": character}
    return {"range": {"start": start, "end": {"line": line, "character": character + removed}}, "text": text}
