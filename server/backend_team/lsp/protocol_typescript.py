"""Writes `client-vscode/src/protocol.ts` from `protocol.py`; `--check` fails when the two differ."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

from backend_team.lsp import generated, protocol

TARGET = Path(__file__).resolve().parents[3] / "client-vscode" / "src" / "protocol.ts"

_HEADER = """\
// Generated from server/backend_team/lsp/protocol.py by `python -m backend_team.lsp.protocol_typescript`. Do not edit.
"""

_NAMES = {
    "str": "string",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "None": "null",
    "Any": "unknown",
}


def typescript(module: str) -> str:
    """The TypeScript of a protocol module: a constant per message name, an interface per payload.

    Raises `ValueError` for a type that has no TypeScript here.
    """
    lines = module.splitlines()
    parts = [_HEADER]
    constants: list[str] = []
    interfaces: list[str] = []
    for node in ast.parse(module).body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(node.value, ast.Constant)
        ):
            _, _, note = lines[node.lineno - 1].partition("  # ")
            if note:
                constants.append(f"/** {note} */")
            constants.append(f"export const {node.target.id} = {json.dumps(node.value.value)};")
        elif isinstance(node, ast.ClassDef):
            interfaces.append(_interface(node))
    return "\n".join([*parts, *constants, "", "\n".join(interfaces)])


def _interface(node: ast.ClassDef) -> str:
    rows = [f"/** {' '.join((ast.get_docstring(node) or '').split())} */"]
    members: list[str] = []
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            annotation = item.annotation
            optional = ""
            if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "NotRequired":
                annotation, optional = annotation.slice, "?"
            members.append(f"  {item.target.id}{optional}: {_type(annotation)};")
    if not members:
        return "\n".join([*rows, f"export type {node.name} = Record<string, never>;", ""])
    return "\n".join([*rows, f"export interface {node.name} {{", *members, "}", ""])


def _type(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return _NAMES.get(name, name)
        case ast.Constant(value=None):
            return "null"
        case ast.Constant(value=str(text)):
            return json.dumps(text)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return f"{_type(left)} | {_type(right)}"
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            inner = _type(item)
            return f"({inner})[]" if " " in inner else f"{inner}[]"
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, value])):
            return f"Record<{_type(key)}, {_type(value)}>"
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=choices)):
            return " | ".join(_type(choice) for choice in choices)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choice):
            return _type(choice)
    raise ValueError(f"no TypeScript for {ast.unparse(node)}")


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or compare it with `--check`; 1 when it differs."""
    wanted = typescript(Path(protocol.__file__).read_text(encoding="utf-8"))
    return generated.write(TARGET, wanted, "backend_team.lsp.protocol_typescript", __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
