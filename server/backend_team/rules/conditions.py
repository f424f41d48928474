"""The closed list of conditions under `where:`; each speaks about one metavariable.

$X is dict           inferred from a literal, a comprehension, an annotation or a call of `dict`, the same for other
                     built-in types, `path` (of `pathlib`) and `pattern` (of `re`)
$X is name           a plain name
$X is simple         a name, an attribute of a name, or a constant: looking at it has no effect and costs nothing
$X is boolean        identity, membership, `not`, `isinstance(…)` and the like: only ever True or False
$X is constant       a number, a text, None, True, False, …
$X is literal        a number or a text, written down
$X is exception      the name of a built-in exception
$X is itertools.chain   that name of a module of the standard library, through the module or imported from it
$X is not <one of these>
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

INFERRED: Final = frozenset(
    {"bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple", "path", "pattern"}
)
KINDS: Final = (*sorted(INFERRED), "name", "simple", "boolean", "constant", "literal", "exception")
_CONDITION: Final = re.compile(r"\s*\$([A-Z][A-Z0-9_]*)\s+is\s+(not\s+)?(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a metavariable must (or must not) stand for."""

    metavariable: str
    kind: str
    negated: bool = False

    @property
    def is_origin(self) -> bool:
        """Whether it says where a name comes from."""
        return "." in self.kind


def parse_condition(text: str) -> Condition:
    """Read one condition; raises `ValueError` with a message for a person."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(f'condition "{text}" is not understood; write "$X is dict" or "$X is not simple"')
    kind = found[3]
    module, dot, _ = kind.partition(".")
    if dot and module not in sys.stdlib_module_names:
        raise ValueError(f'"{module}" is no module of the standard library')
    if not dot and kind not in KINDS:
        near = get_close_matches(kind, KINDS, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(KINDS)}"
        raise ValueError(f'unknown kind "{kind}", {hint}')
    if found[2] and (kind in INFERRED or dot):
        raise ValueError(f'"is not {kind}" can\'t be shown: what is not known to be a {kind} may still be one')
    return Condition(found[1], kind, bool(found[2]))
