"""What a module of the standard library says better: `pathlib`, `operator`, `math`, `string`, `abc`, names of `re`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import kind_of_value
from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_WHOLE: Final = ("read_text", "read_bytes", "write_text", "write_bytes")
_METHODS: Final = {
    "exists": "exists()",
    "getatime": "stat().st_atime",
    "getctime": "stat().st_ctime",
    "getmtime": "stat().st_mtime",
    "getsize": "stat().st_size",
    "isabs": "is_absolute()",
    "isdir": "is_dir()",
    "isfile": "is_file()",
    "islink": "is_symlink()",
    "makedirs": "mkdir(parents=True)",
    "mkdir": "mkdir()",
    "remove": "unlink()",
    "rmdir": "rmdir()",
    "stat": "stat()",
    "unlink": "unlink()",
}


def whole_file(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Read or write the file by its path."""
    places = captures_of(finding.captures)
    statement, body, call = places["statement"], places["body"], places["call"]
    method = next(name for name in _WHOLE if name in places)
    given = [code.of(places["written"])] if "written" in places else []
    given += [f"{name}={code.of(places[name])}" for name in ("encoding", "errors") if name in places]
    path = _path(code, places["path"])
    if "#" in code.text[statement.start : body.start] and "#" not in code.of(places["path"]):
        raise NoFix("a comment stands in the line of the `with`")
    text = code.text[body.start : call.start] + f"{path}.{method}({', '.join(given)})" + code.text[call.end : body.end]
    return [Edit(Span(statement.start, body.end), text)]


def _path(code: Code, place: Span) -> str:
    """The expression as a path."""
    node, text = code.node(place, ast.expr), code.of(place)
    if kind_of_value(node) == "path":
        return f"({text})" if isinstance(node, ast.BinOp) else text
    return f"{code.need('pathlib', 'Path')}({text})"


def path_method(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Ask the path."""
    places = captures_of(finding.captures)
    method = next((text for name, text in _METHODS.items() if name in places), None)
    if method is None:
        raise NoFix("the call gives back something else than a path does")
    path = _path(code, places["argument"])
    return [spaced(code, Edit(places["call"], f"{path}.{method}"))]


def open_path(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Let the path open the file."""
    places = captures_of(finding.captures)
    call, place = places["call"], places["path"]
    head, _comma, rest = code.text[place.end : call.end - 1].partition(",")
    if "#" in code.text[call.start : place.start] or head.strip():
        raise NoFix("a comment or parentheses stand beside the path")
    return [Edit(call, f"{_path(code, place)}.open({rest.lstrip(' ') if rest.strip() else ''})")]


def operator_function(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the function of `operator`."""
    places = captures_of(finding.captures)
    name = next(name for name, _ in reversed(finding.captures) if name not in ("lambda", "item"))
    text = code.need("operator", name)
    items = [code.of(span) for each, span in finding.captures if each == "item"]
    if any(":" in item and item[:1] not in "\"'" for item in items):
        raise NoFix("a slice would have to be spelled out")
    return [spaced(code, Edit(places["lambda"], f"{text}({', '.join(items)})" if items else text))]


def text_method(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the method itself."""
    places = captures_of(finding.captures)
    return [spaced(code, Edit(places["lambda"], f"str.{code.of(places['method'])}"))]


def named_number(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say the name of the number."""
    places = captures_of(finding.captures)
    name = next(name for name in ("pi", "e", "tau") if name in places)
    return [spaced(code, Edit(places["number"], code.need("math", name)))]


def named_characters(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say the name of the text."""
    places = captures_of(finding.captures)
    name = next(name for name, _ in reversed(finding.captures) if name != "text")
    home = code.around(places["text"])[0]
    if isinstance(home, ast.Expr) and code.span(home) == places["text"]:
        raise NoFix("the text is a statement of its own")
    return [spaced(code, Edit(places["text"], code.need("string", name)))]


def flag_name(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say the flag by its name."""
    name, place = next((name, span) for name, span in reversed(finding.captures) if name != "letter")
    return [Edit(place, name)]


def base_abc(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Inherit from ABC."""
    keyword = captures_of(finding.captures)["keyword"]
    statement = code.around(keyword)[0]
    if not isinstance(statement, ast.ClassDef) or len(statement.keywords) != 1:
        raise NoFix("the class has other keywords, too")
    return [Edit(keyword, code.need("abc", "ABC"))]


def tuple_to_look_in(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write a tuple."""
    place = captures_of(finding.captures)["list"]
    return [spaced(code, Edit(place, f"({code.text[place.start + 1 : place.end - 1]})"))]


def extend(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say extend() once."""
    places = [span for name, span in finding.captures if name in ("first", "again")]
    calls = [code.node(span, ast.Call) for span in places]
    if "#" in code.text[places[0].start : places[-1].start]:
        raise NoFix("a comment stands between the calls")
    items = ", ".join(code.of(code.span(call.args[0])) for call in calls)
    owner = code.of(places[0])[: code.of(places[0]).rindex(".append")]
    return [Edit(Span(places[0].start, places[-1].end), f"{owner}.extend(({items}))")]


def copy_call(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say copy()."""
    places = captures_of(finding.captures)
    return [substitute(code, places["slice"], "$value.copy()", places)]


def merged(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Join the dictionaries with `|`."""
    target = captures_of(finding.captures)["target"]
    node = code.node(target, ast.expr)
    if "#" in code.of(target):
        raise NoFix("a comment stands in it")
    parts: list[list[str] | str] = []
    pairs: list[tuple[str | None, ast.expr]]
    if isinstance(node, ast.Call):
        parts += [code.of(code.span(each)) for each in node.args]
        pairs = [(None if each.arg is None else f'"{each.arg}"', each.value) for each in node.keywords]
    else:
        assert isinstance(node, ast.Dict)
        keys = [None if key is None else code.of(code.span(key)) for key in node.keys]
        pairs = [*zip(keys, node.values, strict=True)]
    for key, value in pairs:
        text = code.of(code.span(value))
        if key is None:
            parts.append(text)
        elif parts and isinstance(parts[-1], list):
            parts[-1].append(f"{key}: {text}")
        else:
            parts.append([f"{key}: {text}"])
    if len(parts) < 2:
        raise NoFix("there is nothing to join")
    template = " | ".join(part if isinstance(part, str) else f"{{{', '.join(part)}}}" for part in parts)
    return [substitute(code, target, template, {})]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "base-abc": base_abc,
    "copy-call": copy_call,
    "extend": extend,
    "flag-name": flag_name,
    "merged": merged,
    "named-characters": named_characters,
    "named-number": named_number,
    "open-path": open_path,
    "operator-function": operator_function,
    "path-method": path_method,
    "text-method": text_method,
    "tuple-to-look-in": tuple_to_look_in,
    "whole-file": whole_file,
}
