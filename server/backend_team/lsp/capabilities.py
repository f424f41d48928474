"""What the client can do, as far as it changes what we send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from backend_team.lsp import convert

if TYPE_CHECKING:
    from lsprotocol import types

    from backend_team.text import Encoding


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The parts of `ClientCapabilities` that matter here."""

    encoding: Encoding = "utf-16"
    versioned_edits: bool = False
    annotated_edits: bool = False
    creates_files: bool = False
    resolves_edits: bool = False
    shows_documents: bool = False
    watches_files: bool = False
    creates_progress: bool = False
    takes_snippets: bool = False  # edits with places to be filled in
    shows_related: bool = False  # other places of a diagnostic
    tags: frozenset[int] = frozenset()  # of diagnostics
    configures: bool = False  # can be asked for settings
    registers_configuration: bool = False
    only_pulls: bool = False  # diagnostics are asked for, and never taken unasked
    refreshes: bool = False  # can be told to ask again
    refreshes_lenses: bool = False
    shows_markdown: bool = True  # in a hover

    @classmethod
    def of(cls, client: types.ClientCapabilities, encoding: types.PositionEncodingKind | str | None) -> Self:
        """Read them from what the client sent."""
        workspace, text, window = client.workspace, client.text_document, client.window
        edit = workspace.workspace_edit if workspace else None
        watched = workspace.did_change_watched_files if workspace else None
        configured = workspace.did_change_configuration if workspace else None
        action = text.code_action if text else None
        formats = text.hover.content_format if text and text.hover else None
        resolve = action.resolve_support if action else None
        shown = [one for one in (text.publish_diagnostics, text.diagnostic) if one] if text else []
        return cls(
            encoding=convert.encoding_of(encoding),
            versioned_edits=bool(edit and edit.document_changes),
            annotated_edits=bool(edit and edit.document_changes and edit.change_annotation_support),
            creates_files=bool(edit and edit.document_changes and "create" in (edit.resource_operations or ())),
            shows_documents=bool(window and window.show_document and window.show_document.support),
            resolves_edits=bool(resolve and "edit" in resolve.properties),
            watches_files=bool(watched and watched.dynamic_registration),
            creates_progress=bool(window and window.work_done_progress),
            takes_snippets=bool(edit and edit.document_changes and edit.snippet_edit_support),
            shows_related=any(one.related_information for one in shown),
            tags=frozenset(int(tag) for one in shown if one.tag_support for tag in one.tag_support.value_set),
            configures=bool(workspace and workspace.configuration),
            registers_configuration=bool(configured and configured.dynamic_registration),
            only_pulls=bool(text and text.diagnostic and not text.publish_diagnostics),
            refreshes=bool(workspace and workspace.diagnostics and workspace.diagnostics.refresh_support),
            refreshes_lenses=bool(workspace and workspace.code_lens and workspace.code_lens.refresh_support),
            shows_markdown=formats is None or "markdown" in formats,
        )
