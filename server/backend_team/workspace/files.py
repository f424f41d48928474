"""Files: Python sources read and written as they are, with their encoding, byte order mark and line ends."""

from __future__ import annotations

import codecs
import os
import stat
import tempfile
import tokenize
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

from backend_team.errors import FileError, Place, StaleError
from backend_team.text import Source

_NOTHING: Final = "nothing was written"
_WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def read(path: Path) -> Source:
    """The source of a file, decoded as Python decodes it; a byte order mark is not part of the text.

    Raises `FileError` when it can't be read or decoded.
    """
    return decode(path, _content(path))


def decode(path: Path, content: bytes) -> Source:
    """The source made of the bytes of a file."""
    plain = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(plain).readline)
    except SyntaxError as error:
        raise _undecodable(path, content, "utf-8") or FileError(f"{path} can't be decoded: {error.msg}") from None
    try:
        return Source(str(path), content.decode(encoding), None, encoding)
    except UnicodeDecodeError:
        raise _undecodable(path, content, encoding) or FileError(f"{path} can't be decoded") from None
    except (LookupError, UnicodeError):  # a codec for bytes or for nothing: rot13, undefined
        raise FileError(f"{path} can't be decoded: {encoding} is no encoding of texts") from None


def encoded(source: Source, before: bytes | None = None) -> bytes:
    """The bytes of a source in its encoding; `before` are those whose place they take.

    Raises `FileError` when the text can't be encoded, and beside `before` when it would be read as another, or when
    what stays the same text would not stay the same bytes: some encodings have many ways to say one thing.
    """
    path, encoding = Path(source.path), source.encoding
    try:
        content = source.text.encode(encoding)
    except UnicodeEncodeError as error:
        message = f"{path} is in {encoding}, which has no {source.text[error.start]!r}"
        raise FileError(message, hint=_NOTHING) from None
    if before is not None and decode(path, before).text.encode(encoding) != before:
        raise FileError(f"{path} is in {encoding}, which can't be written as it was read", hint=_NOTHING)
    if before is not None and decode(path, content).text != source.text:
        raise FileError(f"{path} would no longer be read as {encoding}", hint=_NOTHING)
    return content


def write(source: Source, before: Source | None = None) -> None:
    """Replace a file by the source in one step, in its encoding and with its permissions.

    `before` is the source the new one was made from: `StaleError` when the file holds another text by now. Raises
    `FileError` when the text can't be encoded or the file can't be written; the file is then as it was.
    """
    path = Path(source.path).resolve()  # a link stays a link: its target is replaced
    if path.exists() and not path.stat().st_mode & _WRITABLE:  # replacing it would not ask
        raise FileError(f"{source.path} is read-only", hint="nothing was written; chmod u+w lets it be changed")
    held = None if before is None else _content(path)
    if before is not None and held is not None and decode(path, held).text != before.text:
        raise StaleError(f"{source.path} was changed meanwhile", hint="nothing was written: try again")
    content = encoded(source, held)
    try:
        _replace(path, content)
    except OSError as error:
        raise FileError(f"{source.path} can't be written: {error.strerror or error}") from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} can't be read: {error.strerror or error}") from None


def _replace(path: Path, content: bytes) -> None:
    old = path.stat() if path.exists() else None
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if old is not None:
            with suppress(OSError, AttributeError):  # only its owner or root may; absent on Windows
                os.chown(name, old.st_uid, old.st_gid)
            Path(name).chmod(old.st_mode & 0o7777)
        else:
            Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _undecodable(path: Path, content: bytes, encoding: str) -> FileError | None:
    """The error that names the first byte which is not of the encoding."""
    try:
        codecs.decode(content, encoding)
    except UnicodeDecodeError as error:
        start = max(content.rfind(b"\n", 0, error.start), content.rfind(b"\r", 0, error.start)) + 1
        before = content[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        row = content[start:].splitlines()[0].decode(encoding, "replace")
        column = len(content[start : error.start].decode(encoding, "replace")) + 1
        place = Place(str(path), before.count(b"\n") + 1, column, 1, row)
        message = f"byte 0x{content[error.start]:02x} is not {encoding.upper()}"
        hint = "save the file as UTF-8 or name its encoding in the first line: # coding: latin-1"
        return FileError(message, place=place, hint=hint)
    except (LookupError, ValueError):
        return None
    return None
