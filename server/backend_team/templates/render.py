"""Bodies of files: Jinja2 in its immutable sandbox, with marks that no generated language uses for itself.

A file whose name ends in `.tmpl` is rendered: `<%= name | python %>` writes a value, `<% if … %>` chooses,
`<%# … %>` is a comment. Every other file is copied byte by byte. What a person entered may hold anything, so each value
passes through the filter of the language it is written in: `python`, `toml`, `html`, `markdown` or `env`.

Only the shipped catalogue is rendered here: a sandbox bounds what a body can reach, not the memory it can ask for.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import StrictUndefined
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from backend_team.errors import Place, TemplateError
from backend_team.templates.layers import RENDERED, files_of, layers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_team.templates.model import JSON, Template


class RenderedFile(NamedTuple):
    """One generated file: its path with `/` between the parts, and its bytes."""

    path: str
    body: bytes


def render_files(template: Template, inputs: Mapping[str, JSON]) -> Iterator[RenderedFile]:
    """The files a configuration generates, in the order of their layers.

    Raises `TemplateError` with the file and line when a body can't be rendered.
    """
    environment = sandbox()
    names = {**inputs, "slug": slug(str(inputs.get("app_name", template.id))), "template": _about(template)}
    for layer in layers_of(template, inputs):
        for target, path in files_of(template.folder / layer.folder).items():
            body = path.read_bytes()
            if path.name.endswith(RENDERED):
                shown = f"{template.id}/{path.relative_to(template.folder).as_posix()}"
                body = render_text(environment, body.decode("utf-8"), names, shown).encode("utf-8")
            yield RenderedFile(target, body)


def render_text(environment: ImmutableSandboxedEnvironment, text: str, names: Mapping[str, object], shown: str) -> str:
    """A body with its values. Raises `TemplateError` with the place when that fails."""
    try:
        return environment.from_string(text).render(names)
    except (JinjaError, SecurityError, TypeError, ValueError) as error:
        line = getattr(error, "lineno", None) or _line_of(error)
        raise TemplateError(f"can't be rendered: {error}", place=Place(shown, line)) from error


def sandbox() -> ImmutableSandboxedEnvironment:
    """The environment bodies are rendered in."""
    environment = ImmutableSandboxedEnvironment(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
    )
    environment.globals.clear()
    environment.filters = {
        "join": lambda values, between: between.join(values),
        "python": python_text,
        "toml": toml_text,
        "html": lambda value: html.escape(str(value), quote=True),
        "markdown": markdown_text,
        "env": env_text,
    }
    return environment


def slug(name: str) -> str:
    """A name as folders, packages and deployments write it; "app" when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "app"


def python_text(value: object) -> str:
    """A text as a Python literal, in the quotes a formatter would choose."""
    text = str(value)
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + _escaped(text, quote) + quote


def toml_text(value: object) -> str:
    """A text as a TOML basic string."""
    return '"' + _escaped(str(value), '"') + '"'


def markdown_text(value: object) -> str:
    """A text that Markdown shows as it is, on one line."""
    line = " ".join(str(value).split())
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>&])", r"\\\1", line)


def env_text(value: object) -> str:
    """A text as a value of an environment file, quoted when it has to be."""
    text = " ".join(str(value).split())
    if re.fullmatch(r"[\w@.:/+-]*", text, re.ASCII):
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _escaped(text: str, quote: str) -> str:
    """What Python and TOML read back as the text; what can't be seen is written as its number."""
    return "".join(_escape(char, quote) for char in text)


def _escape(char: str, quote: str) -> str:
    if char in (quote, "\\"):
        return "\\" + char
    if char.isprintable():
        return char
    return {"\n": "\\n", "\t": "\\t"}.get(char) or (
        f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
    )


def _about(template: Template) -> dict[str, str]:
    return {"id": template.id, "version": template.version}


def _line_of(error: BaseException) -> int:
    """The line of the body in which rendering failed: Jinja2 maps its frames back to it."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
