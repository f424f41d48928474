"""The fields of texts with places in them, `{…}` and `%…`, as they are written."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Final

_LITERAL: Final = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")(.*)\2", re.DOTALL)
_PIECE: Final = re.compile(r"\\N\{[^}]*\}|\\.|\{\{|\}\}|[^\\{}]+", re.DOTALL)
_RAW_PIECE: Final = re.compile(r"\{\{|\}\}|[^{}]+", re.DOTALL)
_FIELD: Final = re.compile(r"([^!:{}\[\]]*(?:\[[^\]{}]*\][^!:{}\[\]]*)*)(?:!([rsa]))?(?::(.*))?", re.DOTALL)
_PERCENT: Final = re.compile(
    r"%(?:\((?P<key>[^()%]*)\))?(?P<flags>[-#0 +]*)(?P<width>\d*|\*)(?:\.(?P<precision>\d*|\*))?(?P<kind>.)", re.DOTALL
)
_STEP: Final = re.compile(r"\.(\w+)|\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Field:
    """A place in a text: what is named there, `r`, `s` or `a`, and how it is shown."""

    name: str
    conversion: str = ""
    spec: str = ""

    @property
    def shown(self) -> str:
        """What stands behind the name."""
        return (f"!{self.conversion}" if self.conversion else "") + (f":{self.spec}" if self.spec else "")


def literal(token: str) -> tuple[str, str, str] | None:
    """Prefix, quote and body of a literal as it is written."""
    found = _LITERAL.fullmatch(token)
    return None if found is None else (found[1], found[2], found[3])


def braces(body: str, raw: bool) -> list[str | Field] | None:
    """The parts of a body whose places are `{…}`; None when they are not understood."""
    parts: list[str | Field] = []
    position = 0
    while position < len(body):
        found = (_RAW_PIECE if raw else _PIECE).match(body, position)
        if found is not None:
            parts.append(found[0])
            position = found.end()
            continue
        end = _closing(body, position) if body[position] == "{" else None
        field = None if end is None else _FIELD.fullmatch(body, position + 1, end)
        if end is None or field is None or "\\" in field[0]:
            return None
        parts.append(Field(field[1].strip(), field[2] or "", field[3] or ""))
        position = end + 1
    return parts


def _closing(body: str, start: int) -> int | None:
    depth = 0
    for position in range(start, len(body)):
        depth += (body[position] == "{") - (body[position] == "}")
        if not depth:
            return position
    return None


def percents(body: str, raw: bool) -> list[str | Field] | None:
    """The parts of a body whose places are `%…`; None when one has no equal in `{…}`."""
    parts: list[str | Field] = []
    end = 0
    for found in _PERCENT.finditer(body):
        parts.append(_doubled(body[end : found.start()], raw))
        end = found.end()
        if found["kind"] == "%":
            if found[0] != "%%":
                return None
            parts.append("%")
            continue
        field = _field(found)
        if field is None:
            return None
        parts.append(field)
    rest = body[end:]
    return None if "%" in rest else [*parts, _doubled(rest, raw)]


def _doubled(text: str, raw: bool) -> str:
    """The text with its braces doubled, but for those of the names of characters."""
    if raw:
        return text.replace("{", "{{").replace("}", "}}")
    return re.sub(r"\\N\{[^}]*\}|\\.|[{}]", lambda found: found[0] * 2 if found[0] in "{}" else found[0], text)


def _field(found: re.Match[str]) -> Field | None:
    flags, width, precision, kind = found["flags"], found["width"], found["precision"], found["kind"]
    if "*" in (width, precision) or precision == "":
        return None
    key = found["key"]
    if key is not None and not key.isidentifier():
        return None
    if kind in "sra":
        if flags.strip("-"):
            return None
        spec = (("<" if "-" in flags else ">") + width if width else "") + (f".{precision}" if precision else "")
        return Field(key or "", "" if kind == "s" and not spec else kind, spec)
    if kind in "feEgG":
        left = "<" if "-" in flags and width else ""
        sign = next((each for each in "+ " if each in flags), "")
        rest = "".join(each for each in "#0" if each in flags and not (each == "0" and left))
        return Field(key or "", "", left + sign + rest + width + (f".{precision}" if precision else "") + kind)
    return None


def steps(name: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The name or number a field begins with, and the attributes and keys behind it."""
    head = re.match(r"\w*", name)
    assert head is not None
    found: list[tuple[str, str]] = []
    position = head.end()
    while position < len(name):
        step = _STEP.match(name, position)
        if step is None or (step[1] is not None and not step[1].isidentifier()):
            return None
        found.append(("attribute", step[1]) if step[1] is not None else ("key", step[2]))
        position = step.end()
    return head[0], found


def is_writable(node: ast.expr) -> bool:
    """Whether an expression may stand in an f-string: short to read, without quotes and backslashes of its own."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (int, float)) or (isinstance(node.value, str) and _is_plain(node.value))
    if isinstance(node, (ast.Name, ast.Attribute, ast.Await)):
        return not isinstance(node, (ast.Attribute, ast.Await)) or is_writable(node.value)
    if isinstance(node, ast.Subscript):
        return is_writable(node.value) and is_writable(node.slice)
    if isinstance(node, ast.Call):
        if any(keyword.arg is None for keyword in node.keywords):
            return False
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return is_writable(node.func) and all(is_writable(each) for each in given)
    if isinstance(node, ast.BinOp):
        return is_writable(node.left) and is_writable(node.right)
    return isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not) and is_writable(node.operand)


def _is_plain(text: str) -> bool:
    return text.isprintable() and not set(text) & set("'\"\\{}")
