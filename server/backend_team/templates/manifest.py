"""The manifest of a template: the specification's JSON format with its gaps closed, checked as a whole at load.

What the format leaves open is settled so:

- `depends_on` names a step by its id, by its `expected_output`, or by the slug of its name ("Run Tests" → `run_tests`);
  a name that fits two steps is refused. A step also depends on every step whose output its parameters name.
- `{{…}}` names an input, a field of `deployment_config`, an output, or a field of one (`deployment.app_url`); each must
  have a producer. `outputs` gives the results of an execution by name; `required_outputs` must be among them.
- An optional step is skipped when a value it names is absent: an input left empty, or an output of a skipped step. To
  what depends on it, a skipped step counts as done; only another optional step may name its output.
- `files` lists the folders that are rendered, each always or `when` an option of an input is chosen.
- `ai_call` is part of the format, and refused until this version can run one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from backend_team.catalogue import catalogue_folder
from backend_team.errors import Place, TemplateError
from backend_team.templates.commands import CLEANUP_COMMANDS, PROVIDERS
from backend_team.templates.faults import Faults, Field, nearest, quoted
from backend_team.templates.graph import check_graph, check_results
from backend_team.templates.inputs import pattern_fault, validate_inputs
from backend_team.templates.json_text import Document, Steps, read
from backend_team.templates.layers import check_layers
from backend_team.templates.model import HealthCheck, Input, Template

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "template.json"
COMPLEXITIES = ("beginner", "intermediate", "advanced")
CATEGORIES = ("saas", "ecommerce", "ai-apps", "tools", "content")
INPUT_TYPES = ("string", "integer", "number", "boolean", "array")
HEALTH_CHECKS = ("http_response",)

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_VERSION = re.compile(r"\d+\.\d+\.\d+")

_NUMBER = (int, float)
_ROOT = {
    "metadata": Field((dict,), required=True),
    "configuration": Field((dict,), required=True),
    "files": Field((list,), required=True),
    "execution_steps": Field((list,), required=True),
    "outputs": Field((dict,)),
    "success_criteria": Field((dict,), required=True),
    "cleanup_on_failure": Field((list,)),
}
_METADATA = {
    "id": Field((str,), required=True),
    "name": Field((str,), required=True),
    "version": Field((str,), required=True),
    "description": Field((str,), required=True),
    "author": Field((str,), required=True),
    "category": Field((str,), required=True),
    "tags": Field((list,)),
    "complexity": Field((str,), required=True),
    "estimated_time_minutes": Field(_NUMBER, required=True),
    "estimated_cost": Field((dict,), required=True),
}
_COST = {"min": Field(_NUMBER, required=True), "max": Field(_NUMBER, required=True), "breakdown": Field((dict,))}
_CONFIGURATION = {"required_inputs": Field((list,), required=True), "deployment_config": Field((dict,), required=True)}
_INPUT = {
    "key": Field((str,), required=True),
    "type": Field((str,), required=True),
    "label": Field((str,), required=True),
    "description": Field((str,)),
    "optional": Field((bool,)),
    "options": Field((list,)),
    "default": Field((str, list, bool, int, float)),
    "validation": Field((str,)),
    "validation_message": Field((str,)),
}
_DEPLOYMENT = {
    "provider": Field((str,), required=True),
    "environment": Field((str,)),
    "auto_deploy": Field((bool,)),
    "health_checks": Field((bool,)),
}
_SUCCESS = {"required_outputs": Field((list,), required=True), "health_checks": Field((list,))}
_HEALTH = {
    "type": Field((str,), required=True),
    "url": Field((str,), required=True),
    "expected_status": Field((int,)),
}


def load_template(folder: Path) -> Template:
    """Load the template of a folder.

    Raises `TemplateError` with every fault of its manifest: file, line, column, nearest valid name.
    """
    template, faults = inspect_template(folder)
    if template is not None:
        return template
    if len(faults) == 1:
        raise faults[0]
    report = "\n".join(fault.render() for fault in faults)
    raise TemplateError(f"{folder.name}/{MANIFEST} has {len(faults)} faults:\n{report}")


def load_templates(catalogue: Path | None = None) -> dict[str, Template]:
    """Every template of the catalogue by its id. Raises `TemplateError` when one has a fault."""
    folder = catalogue or catalogue_folder("templates")
    templates: dict[str, Template] = {}
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        template = load_template(manifest.parent)
        templates[template.id] = template
    return templates


def inspect_template(folder: Path) -> tuple[Template | None, tuple[TemplateError, ...]]:
    """The template of a folder, or the faults for which it is refused. Raises `FileError` when it can't be read."""
    try:
        document = read(folder / MANIFEST, f"{folder.name}/{MANIFEST}")
    except TemplateError as error:
        return None, (error,)
    return _Manifest(document, folder).template()


class _Manifest:
    """One manifest being checked, section by section."""

    def __init__(self, document: Document, folder: Path) -> None:
        self.document = document
        self.folder = folder
        self.faults = Faults(document)

    def template(self) -> tuple[Template | None, tuple[TemplateError, ...]]:
        faults = self.faults
        whole = faults.object((), self.document.value, {"template": Field((dict,), required=True)})
        root = faults.object(("template",), whole["template"], _ROOT) if whole else {}
        if not root:
            return None, self._sorted()
        metadata = self._metadata(root.get("metadata", {}))
        inputs, deployment = self._configuration(root.get("configuration", {}))
        layers = check_layers(faults, ("template", "files"), root.get("files", []), inputs, self.folder)
        graph = check_graph(faults, root.get("execution_steps", []), inputs, deployment)
        success = faults.object(("template", "success_criteria"), root.get("success_criteria", {}), _SUCCESS)
        checks = self._health_checks(success.get("health_checks", []))
        required = faults.texts(
            ("template", "success_criteria", "required_outputs"), success.get("required_outputs", [])
        )
        outputs = root.get("outputs", {})
        check_results(faults, graph, outputs, required, success.get("health_checks", []))
        cleanup = faults.texts(("template", "cleanup_on_failure"), root.get("cleanup_on_failure", []))
        for index, command in enumerate(cleanup):
            faults.choice(("template", "cleanup_on_failure", index), command, CLEANUP_COMMANDS, "clean-up command")
        if faults.found:
            return None, self._sorted()
        cost = metadata["estimated_cost"]
        template = Template(
            id=metadata["id"],
            name=metadata["name"],
            version=metadata["version"],
            description=metadata["description"],
            author=metadata["author"],
            category=metadata["category"],
            tags=tuple(metadata.get("tags", [])),
            complexity=metadata["complexity"],
            estimated_time_minutes=metadata["estimated_time_minutes"],
            estimated_cost=(cost["min"], cost["max"]),
            inputs=inputs,
            deployment=deployment,
            layers=layers,
            steps=graph.steps,
            outputs=outputs,
            required_outputs=required,
            health_checks=checks,
            cleanup=cleanup,
            folder=self.folder,
        )
        self._check_defaults(template)
        return (None, self._sorted()) if faults.found else (template, ())

    def _sorted(self) -> tuple[TemplateError, ...]:
        def line(error: TemplateError) -> tuple[int, int]:
            place = error.place or Place("", 0)
            return place.line, place.column

        return tuple(sorted(self.faults.found, key=line))

    def _metadata(self, value: Any) -> dict[str, Any]:
        faults, steps = self.faults, ("template", "metadata")
        metadata = faults.object(steps, value, _METADATA)
        name = metadata.get("id")
        if name is not None and not _ID.fullmatch(name):
            faults.add((*steps, "id"), f"{quoted(name)} is not an id", "lower-case words joined by hyphens")
        elif name is not None and name != self.folder.name:
            faults.add(
                (*steps, "id"), f"the id {quoted(name)} differs from the folder", f'rename one: "{self.folder.name}"'
            )
        if not _VERSION.fullmatch(metadata.get("version", "0.0.0")):
            faults.add((*steps, "version"), f"{quoted(metadata['version'])} is not a version", 'write it as "1.0.0"')
        for field, names in (("category", CATEGORIES), ("complexity", COMPLEXITIES)):
            if field in metadata:
                faults.choice((*steps, field), metadata[field], names, field)
        faults.texts((*steps, "tags"), metadata.get("tags", []))
        if "estimated_cost" in metadata:
            cost = faults.object((*steps, "estimated_cost"), metadata["estimated_cost"], _COST)
            if not 0 <= cost.get("min", 0) <= cost.get("max", 0):
                faults.add((*steps, "estimated_cost"), "the cost must be 0 ≤ min ≤ max")
        return metadata

    def _configuration(self, value: Any) -> tuple[tuple[Input, ...], dict[str, Any]]:
        faults, steps = self.faults, ("template", "configuration")
        configuration = faults.object(steps, value, _CONFIGURATION)
        inputs: list[Input] = []
        for index, item in enumerate(configuration.get("required_inputs", [])):
            where = (*steps, "required_inputs", index)
            made = self._input(where, faults.object(where, item, _INPUT))
            if made is not None and any(made.key == other.key for other in inputs):
                faults.add((*where, "key"), f"two inputs have the key {quoted(made.key)}")
            elif made is not None:
                inputs.append(made)
        place: Steps = (*steps, "deployment_config")
        deployment = faults.object(place, configuration.get("deployment_config", {}), _DEPLOYMENT)
        if "provider" in deployment and deployment["provider"] not in PROVIDERS:
            message = f"provider {quoted(deployment['provider'])} is not available in this version"
            faults.add((*place, "provider"), message, f"available: {', '.join(PROVIDERS)}")
        return tuple(inputs), deployment

    def _input(self, steps: Steps, value: dict[str, Any]) -> Input | None:
        faults = self.faults
        if not {"key", "type", "label"} <= value.keys():
            return None
        if not _KEY.fullmatch(value["key"]) or value["key"] == "deployment_config":
            faults.add((*steps, "key"), f"{quoted(value['key'])} can't be a key", "lower-case words joined by _")
        if not faults.choice((*steps, "type"), value["type"], INPUT_TYPES, "type of input"):
            return None
        options = faults.texts((*steps, "options"), value.get("options", []))
        if options and value["type"] not in ("string", "array"):
            faults.add((*steps, "options"), "only texts and lists have options", key=True)
        pattern = value.get("validation")
        if pattern is not None and (reason := pattern_fault(pattern)):
            faults.add((*steps, "validation"), f"not an expression without look-around and back-references: {reason}")
            pattern = None
        return Input(
            key=value["key"],
            type=value["type"],
            label=value["label"],
            description=value.get("description", ""),
            optional=value.get("optional", False),
            options=options,
            default=value.get("default"),
            pattern=pattern,
            rule=value.get("validation_message"),
        )

    def _health_checks(self, value: list[Any]) -> tuple[HealthCheck, ...]:
        checks: list[HealthCheck] = []
        for index, item in enumerate(value):
            where: Steps = ("template", "success_criteria", "health_checks", index)
            kind = item.get("type") if isinstance(item, dict) else None
            if isinstance(kind, str) and kind not in HEALTH_CHECKS:
                hint = nearest(kind, HEALTH_CHECKS) or f"known: {', '.join(HEALTH_CHECKS)}"
                self.faults.add((*where, "type"), f"unknown health check {quoted(kind)}", hint)
                continue
            check = self.faults.object(where, item, _HEALTH)
            if "url" in check:
                checks.append(HealthCheck(check["url"], check.get("expected_status", 200)))
        return tuple(checks)

    def _check_defaults(self, template: Template) -> None:
        """A default must itself be a valid value."""
        for index, item in enumerate(template.inputs):
            if item.default is None:
                continue
            try:
                validate_inputs(replace(template, inputs=(item,)), {item.key: item.default})
            except TemplateError as error:
                where: Steps = ("template", "configuration", "required_inputs", index, "default")
                self.faults.add(where, f"the default is refused: {error.message}")
