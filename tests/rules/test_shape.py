"""The shapes of nodes keep every pattern that can match."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

import pytest

from backend_team.rules.load import load_rules
from backend_team.rules.shape import PARTS, SHAPES, Sieve, _part, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def nodes() -> Iterator[ast.AST]:
    """The nodes of all examples."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes, which some examples are about
        for rule in load_rules():
            for example in rule.examples:
                for text in (example.before, example.after, example.keep):
                    if text is not None:
                        yield from ast.walk(ast.parse(text))


TREES = [*nodes()]


@pytest.mark.parametrize("kind", [*SHAPES], ids=lambda kind: kind.__name__)
def test_what_is_written_out_is_the_same(kind: type[ast.AST]) -> None:
    for node in TREES:
        if node.__class__ is kind:
            assert shape_of(node) == tuple(_part(node, part) for part in PARTS[kind])


def test_no_match_is_left_out() -> None:
    left_out = matched = 0
    for rule in load_rules():
        for pattern in rule.matchers:
            if pattern.root in PARTS:
                sieve = Sieve(pattern.root, [pattern.tree])
                for node in TREES:
                    if node.__class__ is pattern.root:
                        fits = sieve.through(shape_of(node)) == [0]
                        matches = pattern.match(node) is not None
                        assert fits or not matches, (rule.id, ast.unparse(node))
                        left_out += not fits
                        matched += matches
    assert matched > 100
    assert left_out > 10 * matched
