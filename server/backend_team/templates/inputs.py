"""What a person entered: compiled to JSON Schema 2020-12, checked, and completed with defaults."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from backend_team.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backend_team.templates.model import JSON, Input, Template

TEXT_LIMIT = 2_000
ANY_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def schema(inputs: Iterable[Input]) -> dict[str, Any]:
    """The JSON Schema of a configuration."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {item.key: _property(item) for item in inputs},
        "required": [item.key for item in inputs if not item.optional and item.default is None],
        "additionalProperties": False,
    }


def validate_inputs(template: Template, configuration: Mapping[str, JSON]) -> dict[str, JSON]:
    """The configuration with defaults for what was left out; an optional input without one is None.

    Raises `TemplateError` with a sentence for each field that is wrong.
    """
    given: dict[str, JSON] = {key: value for key, value in configuration.items() if value is not None}
    by_key = {item.key: item for item in template.inputs}
    for key in [item.key for item in template.inputs if item.optional and given.get(item.key) == ""]:
        del given[key]  # a form sends an empty text for what was not filled in
    problems = _problems(template, given, by_key)
    if problems:
        raise TemplateError("\n".join(problems), hint=f"inputs of {template.id}: {', '.join(by_key)}")
    return {key: _copy(given.get(key, item.default)) for key, item in by_key.items()}


def pattern_fault(pattern: str) -> str | None:
    """Why an expression can't be an input's pattern; None when it can."""
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator(
            {"type": "string", "pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (ValueError, jsonschema_rs.ValidationError) as error:
        return str(error).partition("\n")[0]
    return None


def _property(item: Input) -> dict[str, Any]:
    match item.type:
        case "string":
            options: dict[str, Any] = {"enum": list(item.options)} if item.options else {"maxLength": TEXT_LIMIT}
            return {"type": "string", "pattern": item.pattern or ANY_TEXT, **options}
        case "array":
            items: dict[str, Any] = {"type": "string", "pattern": item.pattern or ANY_TEXT, "maxLength": TEXT_LIMIT}
            if item.options:
                items = {"type": "string", "enum": list(item.options)}
            return {"type": "array", "items": items, "uniqueItems": True, "maxItems": 100}
        case _:
            return {"type": item.type}


def _problems(template: Template, given: dict[str, JSON], by_key: Mapping[str, Input]) -> list[str]:
    try:
        errors = list(_validator(template.inputs).iter_errors(given))
    except UnicodeEncodeError:
        return ["a text holds half of a character (a lone surrogate): enter it again"]
    first: dict[object, str] = {}  # one sentence for each field is enough
    for error in errors:
        field = tuple(error.instance_path[:1]) or error.message
        first.setdefault(field, _sentence(error, by_key))
    return list(first.values())


def _validator(inputs: tuple[Input, ...]) -> Any:
    import jsonschema_rs

    # RegexOptions: the engine without backtracking, so that no text can make a pattern slow.
    return jsonschema_rs.Draft202012Validator(schema(inputs), pattern_options=jsonschema_rs.RegexOptions())


def _sentence(error: Any, by_key: Mapping[str, Input]) -> str:
    path = list(error.instance_path)
    kind = error.kind.as_dict()
    if not path:
        return _sentence_of_whole(error, kind, by_key)
    item = by_key[str(path[0])]
    match error.kind.name:
        case "type":
            return f"{item.key}: must be {_TYPES[item.type]}"
        case "enum":
            value = error.instance
            return f"{item.key}: {value!r} is not one of {', '.join(item.options)}{_nearest(str(value), item.options)}"
        case "pattern":
            return f"{item.key}: {item.rule or 'holds characters that are not allowed'}"
        case "uniqueItems":
            return f"{item.key}: holds the same value twice"
        case "maxLength":
            return f"{item.key}: at most {TEXT_LIMIT} characters"
        case _:
            return f"{item.key}: {error.message}"


def _sentence_of_whole(error: Any, kind: Mapping[str, Any], by_key: Mapping[str, Input]) -> str:
    if error.kind.name == "required":
        key = kind["property"]
        return f"{key}: is missing ({by_key[key].label})"
    if error.kind.name == "additionalProperties":
        return "\n".join(f"{name}: no such input{_nearest(name, by_key)}" for name in kind["unexpected"])
    return f"the configuration must be an object: {error.message}"


def _nearest(name: str, names: Iterable[str]) -> str:
    close = get_close_matches(name, list(names), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _copy(value: JSON) -> JSON:
    return list(value) if isinstance(value, list) else value


_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list of texts",
}
