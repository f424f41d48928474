"""References: types are kept, what is put in is never read again, absent things are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_team.errors import TemplateError
from backend_team.templates.inputs import validate_inputs
from backend_team.templates.manifest import inspect_template, load_template
from backend_team.templates.plan import plan
from backend_team.templates.values import resolve, results_of, skipped
from tests.templates.tiny import TINY, write

if TYPE_CHECKING:
    from pathlib import Path

SCOPE = {
    "name": "Blue",
    "features": ["a", "b"],
    "count": 3,
    "exact": True,
    "nothing": None,
    "deep": {"list": [{"x": 1}], "text": "{{name}}"},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{features}}", ["a", "b"]),
        ("{{ count }}", 3),
        ("{{exact}}", True),
        ("{{nothing}}", None),
        ("{{deep.list.0.x}}", 1),
        ("{{deep.list}}", [{"x": 1}]),
        ("{{name}}!", "Blue!"),
        ("{{name}}{{count}}", "Blue3"),
        ("{{features}}, {{exact}}, [{{nothing}}]", "a, b, true, []"),
        ("x {{deep.list}}", 'x {"x": 1}'),
        ("{{deep.text}}", "{{name}}"),
        ("{{deep.text}} once", "{{name}} once"),
        ({"a": ["{{count}}", 2, None]}, {"a": [3, 2, None]}),
        (7, 7),
        ("no { braces }", "no { braces }"),
    ],
)
def test_resolved(value: object, expected: object) -> None:
    found = resolve(value, SCOPE)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("path", ["nam", "name.x", "deep.list.1", "deep.list.-1", "deep.list.x", "nothing.x", "deep."])
def test_what_names_nothing(path: str) -> None:
    value = "{{" + path + "}}"
    if path in ("deep.list.-1", "deep."):
        assert resolve(value, SCOPE) == value  # not a reference; refused when the manifest is loaded
        return
    with pytest.raises(TemplateError, match="nothing is called"):
        resolve(value, SCOPE)


@given(st.text())
def test_a_text_is_put_in_as_it_is(text: str) -> None:
    assert resolve("{{x}}", {"x": text}) == text
    assert resolve("<{{x}}>", {"x": text}) == f"<{text}>"


def test_an_optional_step_is_skipped_when_what_it_names_is_absent(tmp_path: Path) -> None:
    whole = json.loads(TINY)
    steps = whole["template"]["execution_steps"]
    deploy = {"snapshot": "{{made.snapshot}}", "digest": "{{made.digest}}"}
    steps[3] |= {
        "command": "deploy_application",
        "optional": True,
        "expected_output": "second",
        "parameters": {**deploy, "name": "{{domain}}"},
    }
    last = {"step_id": 5, "name": "Third", "type": "system_call", "command": "deploy_application", "optional": True}
    steps.append({**last, "parameters": {**deploy, "name": "{{second.app_url}}"}})
    steps.append({"step_id": 6, "name": "Last", "type": "system_call", "command": "verify_health", "depends_on": [4]})
    whole["template"]["outputs"]["more"] = "{{second.app_url}}"
    template = load_template(write(tmp_path, json.dumps(whole)))

    without = validate_inputs(template, {"app_name": "Blue"})
    reasons = [skipped(step, template, without) for step in template.steps]
    assert reasons[:3] == [None, None, None]
    by_id = {step.id: skipped(step, template, without) for step in template.steps}
    assert by_id[4] == "domain was left empty"
    assert by_id[5] == "“Verify Health” is skipped: domain was left empty"
    assert by_id[6] is None  # to what depends on it, a skipped step counts as done
    assert results_of(template, without, {})["more"] is None

    given_ = {"app_name": "Blue", "domain": "x.org"}
    assert [step.skipped for step in plan(template, given_).steps] == [None] * 6


def test_a_step_that_always_runs_may_not_need_an_optional_one(tmp_path: Path) -> None:
    whole = json.loads(TINY)
    steps = whole["template"]["execution_steps"]
    steps[1]["optional"] = True
    steps[2]["parameters"]["environment"] = {"TESTS": "{{report.summary}}"}
    whole["template"]["success_criteria"]["required_outputs"] = ["url"]
    _, faults = inspect_template(write(tmp_path, json.dumps(whole, indent=1)))
    assert [fault.message for fault in faults] == ["the step names the output of the optional step 2, but always runs"]
    assert faults[0].hint == 'make it "optional" too'
