"""Bodies of files: what was entered stays a text in every language, and nothing escapes from the sandbox."""

from __future__ import annotations

import ast
import html
import itertools
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_team.errors import TemplateError
from backend_team.templates.inputs import validate_inputs
from backend_team.templates.manifest import load_template
from backend_team.templates.plan import plan
from backend_team.templates.render import render_files, render_text, sandbox, slug
from tests.templates.tiny import TINY, write

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.templates.model import JSON, Template

NASTY = [
    "it's \"both\" 'quotes'",
    '"""',
    "'''",
    "\\",
    '\\\\"',
    "Ärger & Söhne",
    "{{ 7*7 }} {% x %}",
    "<%= x %> <% if %> <%# x %>",
    "</script><b>",
    "${PATH} $(id) `id`",
    "# not a comment",
    "a\u2028b\u2029c\u0085d",
    "\u202etxt.exe",
    "🙂🙂🙂",
    "[x](javascript:1)",
    "%(x)s %s",
    "]]> -->",
]
MARK = "<%= {} | {} %>"


def rendered(body: str, value: str) -> str:
    return render_text(sandbox(), body, {"x": value}, "x")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_come_back_whole(text: str) -> None:
    assert ast.literal_eval(rendered(MARK.format("x", "python"), text)) == text
    assert tomllib.loads("x = " + rendered(MARK.format("x", "toml"), text))["x"] == text
    assert html.unescape(rendered(MARK.format("x", "html"), text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ("\u202e", '"\\u202e"'),
        ("a\tb\n", '"a\\tb\\n"'),
        ("\U000e0001", '"\\U000e0001"'),
    ],
)
def test_python_as_a_formatter_would_write_it(text: str, expected: str) -> None:
    assert rendered(MARK.format("x", "python"), text) == expected


@pytest.mark.parametrize("text", NASTY)
def test_lines_stay_lines(text: str) -> None:
    for language in ("markdown", "env"):
        assert "\n" not in rendered(MARK.format("x", language), text + "\nb")
    assert "<b>" not in rendered(MARK.format("x", "html"), text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Blue Lamp", "blue-lamp"),
        ("Ärger & Söhne", "arger-sohne"),
        ("日本語", "app"),
        ("../x", "x"),
        ("a" * 60, "a" * 40),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<%= x.__class__ %>",
        "<%= x.__class__.__mro__[1].__subclasses__() %>",
        "<%= ''['__class__'] %>",
        "<%= x|attr('__class__') %>",
        "<%= '{0.__class__}'.format(x) %>",
        "<%= x.format.__globals__ %>",
        "<%= range(10) %>",
        "<%= cycler.__init__.__globals__ %>",
        "<%= self.__init__ %>",
        "<% include 'etc/passwd' %>",
        "<% import 'os' as os %>",
        "<%= y %>",
        "<% if %>",
        "<%= x",
        "<%= x | nothing %>",
        "<%= names.append('z') %>",
        "<% set _ = names.clear() %>",
    ],
)
def test_the_sandbox_holds(body: str) -> None:
    names = ["a"]
    try:
        text = render_text(sandbox(), "line one\n" + body, {"x": "text", "names": names}, "a/b.tmpl")
    except TemplateError as error:
        refused = error
    else:
        refused = None
        assert text == "line one\n"  # an attribute that is out of reach is undefined, and says so when used
    assert names == ["a"]
    assert refused is None or (refused.place is not None and refused.place.path == "a/b.tmpl")


def test_a_broken_body_is_named_with_its_line(tmp_path: Path) -> None:
    template = load_template(write(tmp_path, TINY, {"files/c.py.tmpl": "one\ntwo\n<%= thre %>\n"}))
    with pytest.raises(TemplateError) as caught:
        list(render_files(template, {"app_name": "abc", "size": "small"}))
    assert caught.value.render() == "can't be rendered: 'thre' is undefined in tiny/files/c.py.tmpl, line 3"


def test_only_chosen_folders_are_generated_and_other_files_stay_as_they_are(tmp_path: Path) -> None:
    folder = write(
        tmp_path, TINY, {"files/raw.txt": "<%= x %>\r\n", "files/dot-hidden": "", "more/x/b.txt.tmpl": "<%= size %>"}
    )
    (folder / "files" / "bytes.bin").write_bytes(b"\xff\x00\r")
    template = load_template(folder)
    small = {file.path: file.body for file in render_files(template, {"app_name": "abc", "size": "small"})}
    big = {file.path: file.body for file in render_files(template, {"app_name": "abc", "size": "big"})}
    assert small == {"a.txt": b"a", "raw.txt": b"<%= x %>\r\n", ".hidden": b"", "bytes.bin": b"\xff\x00\r"}
    assert big == {**small, "b.txt": b"b", "x/b.txt": b"big"}


OPTIONS = ["api_tokens", "admin_panel"]
COMBINATIONS = [list(chosen) for count in range(3) for chosen in itertools.combinations(OPTIONS, count)]


@pytest.mark.parametrize("features", COMBINATIONS)
def test_every_combination_is_planned_exactly_and_is_clean(features: list[str], saas: Template, tmp_path: Path) -> None:
    configuration: dict[str, JSON] = {
        "app_name": 'it\'s "all" {{ 7*7 }} </script> Ä\\',
        "tagline": "'''\"\"\" <%= x %> \u202e ${HOME} `id`",
        "features": features,
        "admin_email": "anna@example.com",
    }
    files = {file.path: file.body for file in render_files(saas, validate_inputs(saas, configuration))}
    assert sorted(files) == list(plan(saas, configuration).files)
    assert ("app/api_tokens.py" in files) == ("api_tokens" in features)
    assert ("app/admin.py" in files) == ("admin_panel" in features)
    for name, body in files.items():
        if name.endswith(".py"):
            compile(body, name, "exec")
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    assert tomllib.loads(files["pyproject.toml"].decode())["project"]["description"] == configuration["app_name"]
    settings: dict[str, object] = {}
    head = files["app/settings.py"].decode().partition("logger")[0]
    exec(head, settings)
    assert (settings["APP_NAME"], settings["TAGLINE"]) == (configuration["app_name"], configuration["tagline"])
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "."]
        done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
