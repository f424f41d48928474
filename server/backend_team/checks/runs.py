"""Parts of `and` and `or`, one after another, that ask the same thing about the same name."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_team.checks.view import Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backend_team.checks.view import Requirement, View
    from backend_team.findings import Safety


@dataclass(frozen=True, slots=True)
class Question:
    """What one part asks: `about` what, `how`, and for which `answers`."""

    about: ast.expr
    how: str
    answers: Sequence[ast.expr]


def runs(
    node: ast.BoolOp, question: Callable[[ast.expr], Question | None]
) -> Iterator[list[tuple[ast.expr, Question]]]:
    """The longest runs of two parts or more."""
    run: list[tuple[ast.expr, Question]] = []
    for value in node.values:
        asked = question(value)
        if asked is not None and run and asked.how == run[0][1].how and same(asked.about, run[0][1].about):
            run.append((value, asked))
            continue
        if len(run) > 1:
            yield run
        run = [] if asked is None else [(value, asked)]
    if len(run) > 1:
        yield run


def hit(
    run: list[tuple[ast.expr, Question]],
    view: View,
    message: str | None,
    safety: Safety | None = None,
    requires: tuple[Requirement, ...] = (),
) -> Hit:
    """The hit of a run: captures `part` for each, `about`, `answer` for each, and how it is asked."""
    parts = [part for part, _ in run]
    first = run[0][1]
    captures = [*(("part", view.span(part)) for part in parts), ("about", view.span(first.about))]
    captures += [("answer", view.span(answer)) for _, asked in run for answer in asked.answers]
    captures.append((first.how, view.span(first.about)))
    return Hit(view.over(parts), message, tuple(captures), safety, requires)


def without_not(value: ast.expr, node: ast.BoolOp) -> ast.expr | None:
    """The part as it is in an `or`; what `not` is before, in an `and`."""
    if isinstance(node.op, ast.Or):
        return value
    return value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not) else None
