"""The ranked plan: what is cheap comes first, then what gains most; what a step says of itself."""

from __future__ import annotations

import pytest

from backend_team.lsp.cleanup_counts import Counted, ranked
from backend_team.lsp.cleanup_words import of_step
from backend_team.lsp.seen import ClosedFiles, unpacked
from backend_team.lsp.tally import Score

SCORE = Score(lines=10_000, weight=100)


def counted(findings: int, *, safe: int = 0, review: int = 0, weight: int = 1, alone: int = 0) -> Counted:
    """So many findings: those in bulk, safe and for review, those fixed one by one (`alone`), the rest by hand."""
    return Counted(
        findings=findings,
        fixable=safe + review + alone,
        in_bulk=safe + review,
        safe=safe,
        weight=findings * weight,
        weight_fixable=(safe + review + alone) * weight,
        weight_in_bulk=(safe + review) * weight,
    )


def test_the_order() -> None:
    counts = {
        "hand": counted(40),
        "hand-error": counted(2, weight=5),
        "review": counted(30, review=30),
        "review-error": counted(1, review=1, weight=5),
        "alone": counted(50, alone=50),
        "safe-few": counted(2, safe=2),
        "safe-many": counted(20, safe=20),
        "safe-error": counted(3, safe=3, weight=5),
        "mixed": counted(9, safe=4, review=4),
    }
    assert [step.code for step in ranked(counts, SCORE)] == [
        "safe-many",
        "safe-error",
        "safe-few",
        "review-error",
        "review",
        "mixed",
        "alone",
        "hand-error",
        "hand",
    ]


@pytest.mark.parametrize(
    ("found", "score", "said"),
    [
        (counted(34, safe=34), SCORE, "34 fixes · +2.9 points"),
        (counted(1, safe=1), SCORE, "1 fix · +0.08 points"),
        (counted(12, safe=12), SCORE, "12 fixes · +1.0 point"),
        (counted(10, safe=4, review=4), SCORE, "8 fixes of 10 findings · +0.7 points"),
        (counted(3, alone=3), SCORE, "3 fixes, one by one · +0.2 points"),
        (counted(1_200), Score(1_000_000, 1_300), "1,200 by hand · +1.2 points"),
        (counted(1), Score(1_000_000, 10), "1 by hand · +0.01 points"),
        (counted(1, weight=0), SCORE, "1 by hand"),
        (counted(25, safe=25), Score(100, 100), "25 fixes · +2.7 points"),
        (counted(1, safe=1), Score(100, 1_000), "1 fix · +0.01 points"),
        (counted(95, safe=95), Score(100, 100), "95 fixes · +57.6 points"),
        (counted(2), Score(0, 0), "2 by hand"),
    ],
)
def test_what_a_step_says(found: Counted, score: Score, said: str) -> None:
    (step,) = ranked({"rule": found}, score)
    assert of_step(step) == said


def test_what_is_kept_of_closed_files() -> None:
    def item(line: int, **more: object) -> dict[str, object]:
        place = {"start": {"line": line, "character": 1}, "end": {"line": line, "character": 9}}
        return {"range": place, "severity": 2, "code": "rule", "message": "wrong ä😀", **more}

    kept = ClosedFiles()
    kept.put("a", [item(1), item(70_000, data={"safety": "review"})])
    kept.put("b", [item(2)])
    kept.put("c", [])
    assert (kept.total, len(kept), list(kept), "c" in kept) == (3, 2, ["a", "b"], False)
    first, second = unpacked(kept.packed()["a"])
    assert (first.line, first.message, first.is_fixable) == (1, "wrong ä😀", False)
    assert (second.line, second.safety, second.is_fixable) == (70_000, "review", True)
    kept.put("a", [item(3)])
    kept.drop("b")
    kept.drop("b")
    assert (kept.total, list(kept)) == (1, ["a"])
