"""Inputs: what is refused and how it is said; defaults; patterns can't be made slow."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import TemplateError
from backend_team.templates.inputs import validate_inputs
from backend_team.templates.manifest import load_template
from tests.templates.tiny import TINY, write

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.templates.model import JSON, Template

GOOD: dict[str, JSON] = {"app_name": "Blue Lamp", "admin_email": "anna@example.com"}


@pytest.mark.parametrize(
    "name",
    ["abc", "x" * 50, "Ärger & Söhne", "日本語", "{{ 7*7 }}", "</script>", 'it\'s "it"', "a\\b", "🙂🙂🙂", "\u202eabc"],
)
def test_names_that_are_taken_as_they_are(name: str, saas: Template) -> None:
    assert validate_inputs(saas, {**GOOD, "app_name": name})["app_name"] == name


def test_what_was_left_out_gets_its_default(saas: Template) -> None:
    assert validate_inputs(saas, GOOD) == {**GOOD, "tagline": None, "features": ["api_tokens", "admin_panel"]}
    assert validate_inputs(saas, {**GOOD, "tagline": "", "features": []}) == {**GOOD, "tagline": None, "features": []}
    assert validate_inputs(saas, {**GOOD, "tagline": None, "features": None})["features"]


def test_defaults_are_not_shared(saas: Template) -> None:
    features = validate_inputs(saas, GOOD)["features"]
    assert isinstance(features, list)
    features.clear()
    assert validate_inputs(saas, GOOD)["features"] == ["api_tokens", "admin_panel"]


RULE = "app_name: 3 to 50 characters, without a blank at either end"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"app_name": None}, "app_name: is missing (Application name)"),
        ({"app_name": "ab"}, RULE),
        ({"app_name": "x" * 51}, RULE),
        ({"app_name": " abc"}, RULE),
        ({"app_name": "   "}, RULE),
        ({"app_name": "a\nb"}, RULE),
        ({"app_name": "a\x00b"}, RULE),
        ({"app_name": 7}, "app_name: must be a text"),
        ({"app_name": ["abc"]}, "app_name: must be a text"),
        ({"app_name": "ab\ud800"}, "a text holds half of a character (a lone surrogate): enter it again"),
        ({"tagline": "x" * 121}, "tagline: one line of at most 120 characters"),
        ({"features": "api_tokens"}, "features: must be a list of texts"),
        (
            {"features": ["api_token"]},
            "features: 'api_token' is not one of api_tokens, admin_panel; did you mean 'api_tokens'?",
        ),
        ({"features": ["api_tokens", "api_tokens"]}, "features: holds the same value twice"),
        ({"features": [True]}, "features: must be a list of texts"),
        ({"admin_email": "anna"}, "admin_email: must be an email address, such as anna@example.com"),
        ({"admin_email": "anna@x.de\nX: y"}, "admin_email: must be an email address, such as anna@example.com"),
        ({"appname": "x"}, "appname: no such input; did you mean 'app_name'?"),
        ({"other": "x"}, "other: no such input"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(change: dict[str, JSON], message: str, saas: Template) -> None:
    with pytest.raises(TemplateError) as caught:
        validate_inputs(saas, {**GOOD, **change})
    assert caught.value.message == message


def test_every_wrong_field_is_named_at_once(saas: Template) -> None:
    with pytest.raises(TemplateError) as caught:
        validate_inputs(saas, {"app_name": "ab", "features": ["x"]})
    assert {line.partition(":")[0] for line in caught.value.message.splitlines()} == {
        "app_name",
        "features",
        "admin_email",
    }
    assert caught.value.hint == "inputs of saas-starter: app_name, tagline, features, admin_email"


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("integer", 3, True),
        ("integer", 3.5, False),
        ("integer", True, False),
        ("number", 3.5, True),
        ("number", "3", False),
        ("boolean", False, True),
        ("boolean", "no", False),
    ],
)
def test_other_types(kind: str, value: JSON, right: bool, tmp_path: Path) -> None:
    whole = json.loads(TINY)
    whole["template"]["configuration"]["required_inputs"][2] |= {"type": kind}
    template = load_template(write(tmp_path, json.dumps(whole)))
    if right:
        assert validate_inputs(template, {"app_name": "abc", "domain": value})["domain"] == value
    else:
        with pytest.raises(TemplateError, match="domain: must be"):
            validate_inputs(template, {"app_name": "abc", "domain": value})


def test_no_text_makes_a_pattern_slow(tmp_path: Path) -> None:
    template = load_template(write(tmp_path, TINY.replace("^.{3,50}$", "^(a+)+$")))
    began = time.monotonic()
    with pytest.raises(TemplateError):
        validate_inputs(template, {"app_name": "a" * 1_500 + "!"})
    assert time.monotonic() - began < 1
