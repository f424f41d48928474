"""The closed list of conditions under `where:`; each speaks about one metavariable.

$X is dict           inferred from a literal, a comprehension, an annotation or a call of `dict` (also list, set, str)
$X is name           a plain name
$X is simple         a name, an attribute of a name, or a constant: looking at it has no effect and costs nothing
$X is boolean        a comparison, `not`, `isinstance(…)` and the like: only ever True or False
$X is not <one of these>
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

KINDS: Final = ("dict", "list", "set", "str", "name", "simple", "boolean", "constant")
INFERRED: Final = frozenset({"dict", "list", "set", "str"})
_CONDITION: Final = re.compile(r"\s*\$([A-Z][A-Z0-9_]*)\s+is\s+(not\s+)?(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a metavariable must (or must not) stand for."""

    metavariable: str
    kind: str
    negated: bool = False


def parse_condition(text: str) -> Condition:
    """Read one condition; raises `ValueError` with a message for a person."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(f'condition "{text}" is not understood; write "$X is dict" or "$X is not simple"')
    kind = found[3]
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, 1)
        raise ValueError(
            f'unknown kind "{kind}"' + (f', did you mean "{near[0]}"?' if near else f"; known: {', '.join(KINDS)}")
        )
    if found[2] and kind in INFERRED:
        raise ValueError(f'"is not {kind}" can\'t be shown: what is not known to be a {kind} may still be one')
    return Condition(found[1], kind, bool(found[2]))
