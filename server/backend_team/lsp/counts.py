"""Numbers of findings by document, and their sum: kept by difference, for the status is told after every change."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping


class Counts(MutableMapping[str, int]):
    """How many findings each document has, those without left out; `total` is the sum."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self.total = 0

    def __getitem__(self, uri: str) -> int:
        return self._counts[uri]

    def __setitem__(self, uri: str, count: int) -> None:
        self.total += count - self._counts.pop(uri, 0)
        if count:
            self._counts[uri] = count

    def __delitem__(self, uri: str) -> None:
        self.total -= self._counts.pop(uri)

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)
