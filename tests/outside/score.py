"""The score of an outside suite: how many of its cases we and Ruff get right, judged by the same code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of cases: how many there are, how many each tool gets right, and the floor that we must pass."""

    name: str
    total: int
    ours: int
    ruff: int
    floor: int

    @property
    def passed(self) -> bool:
        """Whether we beat the floor, and are no worse than Ruff in this run."""
        return self.ours > self.floor and self.ours >= self.ruff


@dataclass(frozen=True, slots=True)
class Score:
    """What a suite came to; `missed` says, a text each, which cases we get wrong."""

    suite: str
    measures: tuple[Measure, ...]
    missed: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every measure passed."""
        return all(measure.passed for measure in self.measures)

    def lines(self) -> list[str]:
        """The score as a table of text."""
        return [
            f"{self.suite:<16} {each.name:<10} of {each.total:>4}   ours {each.ours:>4}   ruff {each.ruff:>4}"
            f"   floor {each.floor:>4}   {'ok' if each.passed else 'UNDER'}"
            for each in self.measures
        ]
