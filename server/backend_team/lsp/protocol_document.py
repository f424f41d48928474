"""Writes `client-vscode/PROTOCOL.md` from `protocol.py`; `--check` fails when the two differ."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backend_team.lsp import generated, protocol

TARGET: Final = Path(__file__).resolve().parents[3] / "client-vscode" / "PROTOCOL.md"

_HEAD: Final = """\
# The protocol besides the Language Server Protocol

Generated from `server/backend_team/lsp/protocol.py` by `python -m backend_team.lsp.protocol_document`. Do not edit.

"""
_DIRECTIONS: Final = {
    "Commands": "client to server",
    "Commands of the client, of code actions and lenses": "server to client, through a code action or a code lens",
    "Notifications of the server": "server to client",
}
_PROGRESS: Final = "progress"  # the note of a message that takes a token


@dataclass(frozen=True, slots=True)
class _Message:
    """A message as its constant and the note behind it say."""

    section: str
    name: str
    params: str
    result: str
    note: str


def document(module: str) -> str:
    """The document of a protocol module; raises `ValueError` for a message that is not described."""
    tree = ast.parse(module)
    payloads = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    introduction = (ast.get_docstring(tree) or "").split("\n\n")
    parts = [_HEAD, "\n\n".join(introduction[2:]), "\n"]
    section = ""
    for message in _messages(tree, module.splitlines()):
        if message.section != section:
            section = message.section
            parts.append(f"\n## {section}\n")
        parts.append(_told(message, payloads))
    parts.append("\n## Payloads\n\nA key with `?` may be missing.\n")
    parts += [_payload(node) for node in payloads.values()]
    return "".join(parts)


def _messages(tree: ast.Module, rows: list[str]) -> list[_Message]:
    found = []
    for node in tree.body:
        value = node.value.value if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant) else None
        if not isinstance(value, str):
            continue
        above = [row for row in rows[: node.lineno] if row.startswith("# ") and row.rstrip().endswith("---")]
        _, _, note = rows[node.lineno - 1].partition("  # ")
        types, _, more = note.partition(";")
        params, _, result = (part.strip() for part in types.partition("->"))
        if not params or not above:
            raise ValueError(f"{value} is not described")
        section = above[-1].strip("# ").rstrip("- ")
        found.append(_Message(section, value, params, result, more.strip()))
    return found


def _told(message: _Message, payloads: dict[str, ast.ClassDef]) -> str:
    rows = [
        f"\n### `{message.name}`\n",
        f"- Direction: {_DIRECTIONS[message.section]}",
        f"- Params: {_linked(message.params, payloads)}",
    ]
    if message.result:
        rows.append(f"- Result: {_linked(message.result, payloads)}")
    if message.note == _PROGRESS:
        rows.append("- Reports progress and can be cancelled.")
    elif message.note:
        rows.append(f"- {message.note[:1].upper()}{message.note[1:]}.")
    return "\n".join(rows) + "\n"


def _linked(type_: str, payloads: dict[str, ast.ClassDef]) -> str:
    """A type with the first sentence about it; raises `ValueError` for one that is no payload."""
    if type_ == "null":
        return "`null`"
    name = type_.removeprefix("list[").removesuffix("]")
    if name not in payloads:
        raise ValueError(f"{name} is no payload")
    about = " ".join((ast.get_docstring(payloads[name]) or "").partition("\n\n")[0].split())
    return f"[`{type_}`](#{name.lower()}): {about}"


def _payload(node: ast.ClassDef) -> str:
    rows = [f"\n### {node.name}\n", " ".join((ast.get_docstring(node) or "").split())]
    fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
    if fields:
        rows += ["", "| key | type |", "|---|---|"]
    for item in fields:
        annotation, optional = item.annotation, ""
        if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "NotRequired":
            annotation, optional = annotation.slice, "?"
        kind = ast.unparse(annotation).replace("|", "\\|")
        rows.append(f"| `{ast.unparse(item.target)}{optional}` | `{kind}` |")
    return "\n".join(rows) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or compare it with `--check`; 1 when it differs."""
    wanted = document(Path(protocol.__file__).read_text(encoding="utf-8"))
    return generated.write(TARGET, wanted, "backend_team.lsp.protocol_document", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
