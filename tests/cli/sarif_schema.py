"""The part of the published schema of SARIF 2.1.0 that we use, strict: what is not named here may not appear."""

from __future__ import annotations

from typing import Any


def _thing(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_TEXT = {"type": "string", "minLength": 1}
_FROM_ONE = {"type": "integer", "minimum": 1}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_MESSAGE = _thing(["text"], text=_TEXT, markdown=_TEXT)
_REGION = _thing(["startLine"], startLine=_FROM_ONE, startColumn=_FROM_ONE, endLine=_FROM_ONE, endColumn=_FROM_ONE)
_LOCATION = _thing(
    ["physicalLocation"],
    physicalLocation=_thing(
        ["artifactLocation"],
        artifactLocation=_thing(
            ["uri"],
            uri={"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$"},
            uriBaseId=_TEXT,
        ),
        region=_REGION,
    ),
)
_RELATED = _thing(["id", "message", "physicalLocation"], id=_FROM_ONE, message=_MESSAGE, **_LOCATION["properties"])
_RULE = _thing(
    ["id"],
    id=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    helpUri={"type": "string", "format": "uri"},
    defaultConfiguration=_thing([], level=_LEVEL),
    properties={"type": "object", "properties": {"tags": {"type": "array", "items": _TEXT, "uniqueItems": True}}},
)
_RESULT = _thing(
    ["message"],
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=_LEVEL,
    message=_MESSAGE,
    locations={"type": "array", "items": _LOCATION},
    relatedLocations={"type": "array", "items": _RELATED},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
)
_INVOCATION = _thing(
    ["executionSuccessful"],
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications={
        "type": "array",
        "items": _thing(["message"], message=_MESSAGE, level=_LEVEL, locations={"type": "array", "items": _LOCATION}),
    },
)
_RUN = _thing(
    ["tool"],
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds={
        "type": "object",
        # A base is a folder: without the slash at its end the last part of it would be replaced.
        "additionalProperties": _thing(["uri"], uri={"type": "string", "format": "uri", "pattern": "/$"}),
    },
    results={"type": "array", "items": _RESULT},
    invocations={"type": "array", "items": _INVOCATION},
    tool=_thing(
        ["driver"],
        driver=_thing(["name"], name=_TEXT, semanticVersion=_TEXT, rules={"type": "array", "items": _RULE}),
    ),
)
SCHEMA = _thing(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "items": _RUN},
)
