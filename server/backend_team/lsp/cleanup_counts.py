"""Findings counted for the tree of the cleanup, and rules ranked by what mending them gains for the effort."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from backend_team.lsp.inventory import SAFE
from backend_team.lsp.marks import FAILING_EXAMPLE, INVALID_RULE, INVALID_SETTINGS
from backend_team.lsp.tally import weight_of_severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.lsp.inventory import Inventory, Shown
    from backend_team.lsp.seen import Seen
    from backend_team.lsp.tally import Score

    Way = Literal["safe", "review", "one by one", "by hand"]

UNSCORED: Final = frozenset({INVALID_RULE, FAILING_EXAMPLE, INVALID_SETTINGS})  # not in files of Python
HINT: Final = 4  # the lowest severity of the protocol
EFFORT: Final[dict[Way, int]] = {"safe": 0, "review": 1, "one by one": 2, "by hand": 3}


@dataclass(slots=True)
class Counted:
    """Some findings: how many have a fix, and how many Fix Workspace mends when their rule is named.

    Weights are those of the quality score.
    """

    findings: int = 0
    fixable: int = 0
    in_bulk: int = 0
    safe: int = 0  # of those in bulk
    weight: int = 0
    weight_fixable: int = 0
    weight_in_bulk: int = 0
    worst: int = HINT
    files: set[str] = field(default_factory=set)

    def add(self, inventory: Inventory, file: Shown, one: Seen) -> None:
        """Count a finding of a file."""
        weight = weight_of_severity(one.severity)
        self.findings += 1
        self.weight += weight
        self.worst = min(self.worst, one.severity)
        self.files.add(file.uri)
        if one.is_fixable:
            self.fixable += 1
            self.weight_fixable += weight
            if inventory.is_fixed_in_bulk(file, one):
                self.in_bulk += 1
                self.weight_in_bulk += weight
                self.safe += one.safety == SAFE


@dataclass(frozen=True, slots=True)
class Step:
    """A rule as a step: the way its findings go, and how many points that gains."""

    code: str
    counted: Counted
    way: Way
    gain: float

    @property
    def fixes(self) -> int:
        """How many findings its fixes end."""
        return self.counted.in_bulk or self.counted.fixable

    @property
    def rest(self) -> int:
        """How many they leave."""
        return self.counted.findings - self.fixes


def ranked(counts: Mapping[str, Counted], score: Score) -> list[Step]:
    """A step for each rule, by what it gains for its effort.

    A rule whose fixes are all safe costs a click, however many there are: the largest gain comes first. What wants a
    review, and then what is left to a person, costs as often as it is found: errors, which weigh more, come first,
    then the largest gain.
    """
    steps = [_step(code, counted, score) for code, counted in counts.items()]
    return sorted(steps, key=_rank)


def _rank(step: Step) -> tuple[float, ...] | tuple[object, ...]:
    weight = _weight(step.counted, step.way)
    each = 0.0 if step.way == "safe" else weight / max(1, step.fixes or step.counted.findings)
    return EFFORT[step.way], -each, -weight, step.code


def _step(code: str, counted: Counted, score: Score) -> Step:
    way: Way = "by hand"
    if counted.in_bulk:
        way = "safe" if counted.safe == counted.in_bulk else "review"
    elif counted.fixable:
        way = "one by one"
    weight = 0 if code in UNSCORED else _weight(counted, way)
    return Step(code, counted, way, score.gain(weight))


def _weight(counted: Counted, way: Way) -> int:
    """The weight that goes by a way."""
    if way == "by hand":
        return counted.weight
    return counted.weight_fixable if way == "one by one" else counted.weight_in_bulk
