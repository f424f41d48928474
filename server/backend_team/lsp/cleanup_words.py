"""What the tree of what is to be cleaned says: short behind an item, and with the reasons in its tooltip (Markdown)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from backend_team.lsp import convert

if TYPE_CHECKING:
    from backend_team.lsp.cleanup_counts import Step
    from backend_team.lsp.inventory import Inventory
    from backend_team.lsp.seen import Seen
    from backend_team.lsp.tally import Score
    from backend_team.rules.model import Rule

    Severity = Literal["error", "warning", "information", "hint"]

LONG: Final = 280  # characters of the reason of a rule
PROBLEMS: Final = {  # what diagnostics say besides findings, as a heading
    "syntax-error": "Syntax errors",
    "unreadable": "Files that can't be read",
    "fault": "Faults of the analysis",
    "file": "Files that could not be judged",
    "invalid-rule": "Errors in rule files",
    "failing-example": "Examples of rules that fail",
    "invalid-settings": "Errors in settings files",
}
_SEVERITIES: Final[dict[int, Severity]] = {number: name for name, number in convert.SEVERITY.items()}  # type: ignore[misc]
_SENTENCE: Final = re.compile(r"[.!?](?= )")
_OF_FIX: Final = {
    "safe": "Its fix is safe.",
    "review": "Its fix wants a review: it may change what the code does.",
}


def severity(number: int) -> Severity:
    """The name of a severity of the protocol."""
    return _SEVERITIES[number]


def amount(number: int, one: str, several: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else several}"


def spoken(name: str) -> str:
    """A name as a heading."""
    return name.replace("-", " ").capitalize()


def code(text: str) -> str:
    """A text that Markdown leaves as it is."""
    fence = "``" if "`" in text else "`"
    return f"{fence} {text} {fence}" if len(fence) > 1 else f"{fence}{text}{fence}"


def counted(findings: int, fixable: int) -> str:
    """How many findings, and how many of them have a fix."""
    said = amount(findings, "finding", "findings")
    if not fixable:
        return said
    if fixable < findings:
        return f"{said}, {fixable:,} fixable"
    return f"{said}, fixable" if findings == 1 else f"{said}, all fixable"


def of_step(step: Step) -> str:
    """What a step does and gains, as in `34 fixes · +0.8 points`."""
    if step.way == "by hand":
        done = f"{step.counted.findings:,} by hand"
    else:
        done = amount(step.fixes, "fix", "fixes") + (", one by one" if step.way == "one by one" else "")
        done += f" of {step.counted.findings:,} findings" if step.rest else ""
    won = _won(step)
    return f"{done} · {won}" if won else done


def about_step(step: Step, inventory: Inventory, title: str) -> str:
    """Why a step matters, which way it goes and what it gains."""
    places = f"{amount(step.counted.findings, 'place', 'places')} in {amount(len(step.counted.files), 'file', 'files')}"
    parts = [about_rule(step.code, inventory.rules.get(step.code), title), f"{_way(step, places, asks=inventory.asks)}"]
    gain = _gain(step, inventory.score)
    return "\n\n".join([*parts, gain] if gain else parts)


def about_rule(name: str, rule: Rule | None, title: str) -> str:
    """What a rule is and why it matters."""
    if rule is None:
        return f"**{title}**"
    return f"**{title}** · `{name}`\n\n{_shortened(rule.why)}"


def about_finding(one: Seen, rule: Rule | None) -> str:
    """What is wrong in a place, and whether it has a fix."""
    if rule is None:
        return one.message
    return f"{one.message}\n\n`{rule.id}` · {_OF_FIX.get(one.safety, 'It has no automatic fix.')}"


def _way(step: Step, places: str, *, asks: bool) -> str:
    fixes = amount(step.fixes, "fix", "fixes")
    match step.way:
        case "safe":
            said = f"**One click**: {fixes}, safe, of {places}."
            several = asks and len(step.counted.files) > 1
            return f"{said} The edit is confirmed before it is made." if several else said
        case "review":
            return (
                f"**One click, and a review**: {fixes} of {places}. They may change what the code does: look at them."
            )
        case "one by one":
            return f"**One by one**: {fixes} of {places}, each a quick fix that wants to be looked at."
        case _ if step.code in PROBLEMS:
            return f"**By hand**: {places}."
        case _:
            return f"**By hand**: {places}, without an automatic fix. What is meant so can be suppressed with a reason."


def _gain(step: Step, score: Score) -> str:
    before, after = round(score.value, 1), round(score.value + step.gain, 1)
    return f"The quality score goes from {before} to {after}." if after > before else ""


def _won(step: Step) -> str:
    """The points a step gains."""
    if not step.gain:
        return ""
    points = max(0.01, round(step.gain, 2))
    said = f"{points:.1f}" if points >= 0.1 else f"{points:.2f}"
    return f"+{said} {'point' if said == '1.0' else 'points'}"


def _shortened(why: str) -> str:
    """The first sentences of a reason."""
    text = " ".join(why.split())
    if len(text) <= LONG:
        return text
    ends = [found.end() for found in _SENTENCE.finditer(text, 0, LONG)]
    return text[: ends[-1]] if ends else f"{text[:LONG].rpartition(' ')[0]}…"
