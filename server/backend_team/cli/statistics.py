"""`--statistics`: how often each rule was offended, instead of the places."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.cli.formats import Context
    from backend_team.library import Report


def as_text(reports: Iterable[Report], context: Context) -> Iterator[str]:
    """A line for each rule, the most frequent first."""
    counts = _count(reports)
    width = max(map(len, counts), default=0)
    for name, number in counts.most_common():
        rule = context.rules.by_id.get(name)
        safety, title = (str(rule.safety), rule.title) if rule is not None else ("", "")
        yield f"{number:7,}  {name:<{width}}  {safety:<6}  {title}".rstrip() + "\n"


def as_json(reports: Iterable[Report], context: Context) -> Iterator[str]:
    """An array with an object for each rule, the most frequent first."""
    items = []
    for name, number in _count(reports).most_common():
        rule = context.rules.by_id.get(name)
        items.append({"rule": name, "count": number, "fix": str(rule.safety) if rule is not None else "none"})
    yield json.dumps(items, indent=1) + "\n"


def _count(reports: Iterable[Report]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(finding.rule for finding in report.findings)
        counts.update(problem.kind for problem in report.problems)
    return counts
