"""What is shown of closed files, kept compactly: one value a file, which is read when somebody asks for a list."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backend_team.lsp import convert

NO_FIX: Final = "none"
_PLAIN: Final = 2  # the version of `marshal` that writes equal values alike, whoever else holds them


class Seen(NamedTuple):
    """A finding or a problem as it is shown; `cell` is the URI of the notebook's cell it is in, empty elsewhere."""

    code: str
    severity: int
    safety: str
    message: str
    line: int
    character: int
    end_line: int
    end_character: int
    cell: str = ""

    @property
    def is_fixable(self) -> bool:
        """Whether there is a fix, safe or to be reviewed."""
        return self.safety != NO_FIX


def seen(items: Iterable[convert.JSON], cell: str = "") -> Iterator[Seen]:
    """What diagnostics show."""
    for item in items:
        start, end = item["range"]["start"], item["range"]["end"]
        yield Seen(
            item["code"],
            item["severity"],
            item.get("data", {}).get("safety", NO_FIX),
            item["message"],
            start["line"],
            start["character"],
            end["line"],
            end["character"],
            cell,
        )


class ClosedFiles:
    """What was published for files that are not open, those without left out; `total` is how much that is.

    Of each file it is one value without parts, for ten thousand small objects would be looked at by every collection.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, bytes]] = {}
        self._sent: dict[str, int] = {}  # stands for all that was sent of a file
        self.total = 0

    def put(self, uri: str, items: list[convert.JSON], *, sent: bool = True) -> None:
        """Keep the diagnostics of a file in the place of those before."""
        self.drop(uri)
        if items and sent:
            self._sent[uri] = _mark(items)
        rows = [tuple(one) for one in seen(items)]
        if rows:
            self._kept[uri] = len(rows), marshal.dumps(rows)
            self.total += len(rows)

    def drop(self, uri: str) -> None:
        """Keep nothing of a file."""
        count, _ = self._kept.pop(uri, (0, b""))
        self.total -= count
        self._sent.pop(uri, None)

    def is_sent(self, uri: str, items: list[convert.JSON]) -> bool:
        """Whether just these are what was sent of a file last."""
        return uri in self._sent and self._sent[uri] == _mark(items)

    def send_again(self) -> None:
        """Take nothing for sent."""
        self._sent.clear()

    def packed(self) -> Mapping[str, bytes]:
        """All that is kept as it is now, by URI; `unpacked` reads it, in any thread."""
        return {uri: content for uri, (_, content) in self._kept.items()}

    def __contains__(self, uri: str) -> bool:
        return uri in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def _mark(items: list[convert.JSON]) -> int:
    return hash(marshal.dumps(items, _PLAIN))


def unpacked(content: bytes) -> list[Seen]:
    """What is kept of a file; of this process, never from disk."""
    return [Seen(*row) for row in marshal.loads(content)]
