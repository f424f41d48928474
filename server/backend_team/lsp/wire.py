"""The wire: JSON-RPC over pygls' types. One structured message in, a handler, plain JSON out; errors become answers.

Differs from pygls' own loop where that would hurt: a malformed request is answered, a cancelled request cancels its
task (commands too), handlers answer with plain JSON, and no payload is ever logged.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import json
import logging
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol

from backend_team.errors import BackendTeamError, StaleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend_team.lsp.transport import Writer

logger = logging.getLogger(__name__)

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
NOT_INITIALIZED: Final = -32002
CANCELLED: Final = -32800
CONTENT_MODIFIED: Final = -32801
SERVER_CANCELLED: Final = -32802
REQUEST_FAILED: Final = -32803

AT_ONCE: Final = 10.0  # seconds for an answer that no person is asked for
MOST: Final = 4  # requests of a kind that wait for an answer; a client that gives none is asked no more

MessageId = str | int
OURS: Final = "server-"  # what the ids of our requests begin with


class InvalidParams(Exception):
    """The parameters of a request don't fit; the message says which."""


class ToldError(BackendTeamError):
    """A refusal that the person was shown already: clients take the answer's code as a reason to be silent."""


class UnansweredError(BackendTeamError):
    """The client did not answer."""


class Wire(LanguageServerProtocol):
    """Dispatches what a client sends to the features registered with pygls, and sends what they answer."""

    INFO: Final = types.MessageType.Info
    WARNING: Final = types.MessageType.Warning

    def __init__(self, server: Any, converter: Any) -> None:
        super().__init__(server, converter)
        self.ended: asyncio.Future[int] | None = None
        self._initialized = False
        self._is_over = False
        self.offers_pull = False  # of diagnostics; a client that takes both shows them twice
        self._tasks: dict[MessageId, asyncio.Task[Any]] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._asked: dict[MessageId, asyncio.Future[Any]] = {}
        self._waiting: dict[MessageId, str] = {}  # the methods of those requests
        self._numbers = itertools.count(1)
        self._output: Writer | None = None

    def attach(self, output: Writer) -> None:
        """Send to this writer from now on; call it in the loop."""
        self._output = output
        self.ended = asyncio.get_running_loop().create_future()

    async def aclose(self) -> None:
        """Write what waits, and close."""
        if self._output is not None:
            await self._output.aclose()

    def finish(self, code: int) -> None:
        """End the server with an exit code."""
        if self.ended is not None and not self.ended.done():
            self.ended.set_result(code)

    @property
    def is_shut_down(self) -> bool:
        """Whether the client asked for the end."""
        return self._shutdown

    # Out ----------------------------------------------------------------------------------------------------------

    def send(self, method: str, params: Any) -> None:
        """Send a notification of plain JSON."""
        self._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    def send_text(self, method: str, params: str) -> None:
        """Send a notification whose parameters are JSON already, in ASCII."""
        self._write(f'{{"jsonrpc":"2.0","method":"{method}","params":{params}}}'.encode("ascii"))

    async def ask(self, method: str, params: Any, patience: float | None = None) -> Any:
        """Send a request and wait for its result, as long as a person takes or at most `patience` seconds.

        Raises `BackendTeamError` when the client refuses, and `UnansweredError` when it takes longer, or has `MOST` of
        this kind to answer already.
        """
        if sum(name == method for name in self._waiting.values()) >= MOST:
            raise UnansweredError(
                f"the editor has not answered {MOST} requests of {method} yet", hint="answer them first"
            )
        number = f"{OURS}{next(self._numbers)}"
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        self._waiting[number] = method
        self._send_data({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        try:
            async with asyncio.timeout(patience):
                return await future
        except TimeoutError:
            raise UnansweredError(f"the editor did not answer {method} in {patience:g} seconds") from None
        finally:
            self._asked.pop(number, None)
            del self._waiting[number]

    def show(self, message: str, kind: types.MessageType = types.MessageType.Error) -> None:
        """Show a message to the person."""
        self.send(types.WINDOW_SHOW_MESSAGE, {"type": int(kind), "message": message})

    def later(self, work: Any, name: str) -> asyncio.Task[Any]:
        """Run a coroutine in the background; its failure is logged, never lost. Once all was cancelled none begins."""
        if self._is_over:
            work.close()
            work = asyncio.sleep(0)
        task: asyncio.Task[Any] = asyncio.get_running_loop().create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._background_done)
        return task

    async def cancel_all(self) -> None:
        """Cancel what is under way and wait for it; nothing begins in the background any more."""
        self._is_over = True
        tasks = [*self._tasks.values(), *self._background]
        for task in tasks:
            task.cancel()
        for future in list(self._asked.values()):
            future.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _background_done(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log_fault(task.get_name(), error)

    def _send_data(self, data: Any) -> None:
        if self._output is None:
            return
        if hasattr(data, "__attrs_attrs__"):
            data = self._converter.unstructure(data)
        self._write(json.dumps(data, separators=(",", ":"), default=self._converter.unstructure).encode("ascii"))

    def _write(self, body: bytes) -> None:
        if self._output is not None:
            self._output.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def _answer(self, number: MessageId | None, result: Any) -> None:
        self._send_data({"jsonrpc": "2.0", "id": number, "result": result})

    def _refuse(self, number: MessageId | None, code: int, message: str) -> None:
        self._send_data({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}})

    # In -----------------------------------------------------------------------------------------------------------

    def receive(self, body: bytes) -> None:
        """Take one message; whatever it holds, the next one is taken too."""
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            logger.warning("a message of %d bytes is no JSON", len(body))
            return self._refuse(None, PARSE_ERROR, "the message is no JSON")
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            return self._refuse(None, INVALID_REQUEST, "the message is no JSON-RPC 2.0 object")
        method, number = message.get("method"), message.get("id")
        if method is None:
            return self._take_answer(message)
        if not isinstance(method, str) or not isinstance(number, str | int | None):
            return self._refuse(None, INVALID_REQUEST, "method or id has a wrong type")
        if number is None:
            return self._notification(method, message)
        return self._request(number, method, message)

    def _take_answer(self, message: dict[str, Any]) -> None:
        number = message.get("id")
        future = self._asked.pop(number, None) if isinstance(number, str) else None
        if future is None or future.done():
            level = logging.INFO if isinstance(number, str) and number.startswith(OURS) else logging.WARNING
            logger.log(level, "an answer that came too late, or to no request, was dropped")
        elif error := message.get("error"):
            text = error.get("message") if isinstance(error, dict) else str(error)
            future.set_exception(BackendTeamError(f"the editor refused: {text}"))
        else:
            future.set_result(message.get("result"))

    def _notification(self, method: str, message: dict[str, Any]) -> None:
        if method == types.EXIT:
            return self.finish(0 if self._shutdown else 1)
        if not self._initialized or self._shutdown:
            return None
        if method == types.CANCEL_REQUEST:
            return self._cancel(message.get("params"))
        handler = self.fm.features.get(method)
        if handler is None:
            return None
        try:
            params = self._params(method, message)
            result = handler(params)
            if inspect.iscoroutine(result):
                self.later(result, method)
        except InvalidParams as error:
            logger.warning("%s was dropped: %s", method, error)
        except Exception as error:
            self._log_fault(method, error)
        return None

    def _cancel(self, params: Any) -> None:
        number = params.get("id") if isinstance(params, dict) else None
        task = self._tasks.get(number) if isinstance(number, str | int) else None
        if task is not None:
            task.cancel()

    def _request(self, number: MessageId, method: str, message: dict[str, Any]) -> None:
        if self._shutdown:
            return self._refuse(number, INVALID_REQUEST, "the server is shutting down")
        if not self._initialized and method != types.INITIALIZE:
            return self._refuse(number, NOT_INITIALIZED, "initialize comes first")
        if self._initialized and method == types.INITIALIZE:
            return self._refuse(number, INVALID_REQUEST, "the server is initialized already")
        handler = self.fm.features.get(method) if method != types.SHUTDOWN else self._shut_down
        if method == types.INITIALIZE:
            handler = self._initialize
        if handler is None:
            return self._refuse(number, METHOD_NOT_FOUND, f"unknown method {method}")
        try:
            result = handler(self._params(method, message))
        except Exception as error:
            return self._refuse_for(number, method, error)
        if not inspect.iscoroutine(result):
            return self._answer(number, result)
        task = asyncio.get_running_loop().create_task(result, name=method)
        self._tasks[number] = task
        task.add_done_callback(lambda done: self._request_done(number, method, done))
        return None

    def _request_done(self, number: MessageId, method: str, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(number, None)
        if task.cancelled():
            self._refuse(number, CANCELLED, "cancelled")
        elif (error := task.exception()) is not None:
            self._refuse_for(number, method, error)
        else:
            self._answer(number, task.result())

    def _refuse_for(self, number: MessageId, method: str, error: BaseException) -> None:
        match error:
            case InvalidParams():
                self._refuse(number, INVALID_PARAMS, str(error))
            case StaleError():
                self._refuse(number, CONTENT_MODIFIED, error.render())
            case ToldError():
                self._refuse(number, SERVER_CANCELLED, error.render())
            case BackendTeamError():
                logger.info("%s was refused: %s", method, error.message)
                self._refuse(number, REQUEST_FAILED, error.render())
            case _:
                logger.error("%s failed", method, exc_info=error)
                text = f"{method} failed inside the server ({type(error).__name__}); its log says where"
                self._refuse(number, INTERNAL_ERROR, text)

    def _log_fault(self, method: str, error: BaseException) -> None:
        if isinstance(error, BackendTeamError):
            logger.warning("%s: %s", method, error.message)
            self.show(error.render())
            return
        logger.error("%s failed", method, exc_info=error)
        self.show(f"{method} failed inside the AI Backend Team server ({type(error).__name__}); its log says where.")

    def _params(self, method: str, message: dict[str, Any]) -> Any:
        kind = types.METHOD_TO_TYPES.get(method, (None,))[0]
        if kind is None:
            return message.get("params")
        try:
            return self._converter.structure({"params": None, **message}, kind).params
        except Exception as error:
            if not isinstance(
                error, RecursionError | ExceptionGroup | TypeError | ValueError | KeyError | AttributeError
            ):
                raise
            raise InvalidParams(f"the parameters of {method} don't fit the protocol") from error

    def _initialize(self, params: types.InitializeParams) -> types.InitializeResult:
        _prefer_utf16(params)
        started: Callable[[types.InitializeParams], None] | None = self.fm.features.get(types.INITIALIZE)
        steps = self.lsp_initialize(params)
        try:
            next(steps)  # pygls makes the capabilities after our own handler, which runs here
            if started is not None:
                started(params)
            steps.send(None)
        except StopIteration as done:
            self._initialized = True
            result: types.InitializeResult = done.value
            if not self.offers_pull:
                result.capabilities.diagnostic_provider = None
            return result
        raise AssertionError("pygls asked for another handler")

    def _shut_down(self, _params: None) -> None:
        self._shutdown = True


def _prefer_utf16(params: types.InitializeParams) -> None:
    """Every client must know UTF-16, and VS Code knows nothing else: take another only when it is not offered."""
    general = params.capabilities.general
    if general is not None and general.position_encodings:
        utf16 = types.PositionEncodingKind.Utf16
        general.position_encodings = sorted(general.position_encodings, key=lambda encoding: encoding != utf16)
