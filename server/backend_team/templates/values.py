"""Values of steps: `{{a.b}}` names a value by a dotted path. No expressions; what is put in is never read again.

A whole value `{{x}}` keeps its type; within a text a list is joined by commas, an object is written as JSON, true and
false in lower case, and an absent value as nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from backend_team.errors import TemplateError

if TYPE_CHECKING:
    from backend_team.templates.model import JSON, Step, Template

REFERENCE = re.compile(r"\{\{\s*([A-Za-z_]\w*(?:\.\w+)*)\s*\}\}", re.ASCII)
MALFORMED = re.compile(r"\{\{(?!\s*[A-Za-z_]\w*(?:\.\w+)*\s*\}\})[^{}]*(?:\}\})?", re.ASCII)


def references(value: JSON) -> Iterator[tuple[str, str]]:
    """Every dotted path a value names, as (path, as written)."""
    if isinstance(value, str):
        for match in REFERENCE.finditer(value):
            yield match[1], match[0]
    elif isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from references(item)


def resolve(value: JSON, scope: Mapping[str, JSON]) -> JSON:
    """The value with every reference replaced by what it names in the scope.

    Raises `TemplateError` when a path names nothing.
    """
    if isinstance(value, str):
        whole = REFERENCE.fullmatch(value)
        if whole:
            return look_up(whole[1], scope)
        return REFERENCE.sub(lambda match: _written(look_up(match[1], scope)), value)
    if isinstance(value, list):
        return [resolve(item, scope) for item in value]
    if isinstance(value, dict):
        return {key: resolve(item, scope) for key, item in value.items()}
    return value


def look_up(path: str, scope: Mapping[str, JSON]) -> JSON:
    """The value a dotted path names; a number names an item of a list. Raises `TemplateError`."""
    found: JSON | Mapping[str, JSON] = scope
    for name in path.split("."):
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            raise TemplateError(f"nothing is called {path!r} here", hint=f"{name!r} was not found")
    return dict(found) if isinstance(found, Mapping) else found


def scope_of(template: Template, inputs: Mapping[str, JSON], outputs: Mapping[str, JSON]) -> dict[str, JSON]:
    """What the references of a step may name: inputs, the deployment's configuration, outputs by `expected_output`."""
    return {**inputs, "deployment_config": dict(template.deployment), **outputs}


def parameters_of(
    step: Step, template: Template, inputs: Mapping[str, JSON], outputs: Mapping[str, JSON]
) -> dict[str, JSON]:
    """The parameters of a step, resolved. Raises `TemplateError` when an output it names is not there."""
    scope = scope_of(template, inputs, outputs)
    return {name: resolve(value, scope) for name, value in step.parameters.items()}


def skipped(step: Step, template: Template, inputs: Mapping[str, JSON]) -> str | None:
    """Why an optional step is not run; None when it runs. Known from the inputs alone, before anything runs.

    It is skipped when it names an input that was left empty, or an output of a step that is skipped.
    """
    if not step.optional:
        return None
    producers = {other.expected_output: other for other in template.steps if other.expected_output}
    for path, _ in references(dict(step.parameters)):
        name = path.partition(".")[0]
        if name in inputs and inputs[name] is None:
            return f"{name} was left empty"
        if name in producers and (reason := skipped(producers[name], template, inputs)):
            return f"“{producers[name].name}” is skipped: {reason}"
    return None


def results_of(template: Template, inputs: Mapping[str, JSON], outputs: Mapping[str, JSON]) -> dict[str, JSON]:
    """The results of an execution by name; one whose step was skipped, or has not run yet, is None."""
    scope = scope_of(template, inputs, outputs)
    named = {name: outputs[name] for name in template.required_outputs if name in outputs}
    for name, value in template.outputs.items():
        try:
            named[name] = resolve(value, scope)
        except TemplateError:
            named[name] = None
    return named


def _written(value: JSON) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(_written(item) for item in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
