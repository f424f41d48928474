"""textDocument/codeAction: what can be done here, from memory; edits are computed in `resolve`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from backend_team.findings import Safety
from backend_team.fixes import selection
from backend_team.lsp import convert, diagnostics, disable_rule, nearest, protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol import types

    from backend_team.findings import Finding
    from backend_team.lsp.session import Session
    from backend_team.lsp.snapshot import Snapshot
    from backend_team.text import Span

QUICK_FIX: Final = "quickfix"
FIX_ALL: Final = "source.fixAll.backendTeam"
ORGANIZE: Final = "source.organizeImports.backendTeam"
REWRITE: Final = "refactor.rewrite"
RULE: Final = "refactor.rule"
OF_NOTEBOOK: Final = "notebook."  # before the kinds of actions that an editor runs on a notebook as a whole
KINDS: Final = (QUICK_FIX, FIX_ALL, ORGANIZE, REWRITE, RULE, OF_NOTEBOOK + FIX_ALL, OF_NOTEBOOK + ORGANIZE)
IMPORTS: Final = "imports"  # the category whose safe fixes organise the imports
TOO_COMPLEX: Final = "too-complex"
AUTOMATIC: Final = 2  # CodeActionTriggerKind: on save when a kind is named, otherwise for the light bulb


def code_action(session: Session, params: types.CodeActionParams) -> list[convert.JSON]:
    """List the actions that touch a range."""
    uri = params.text_document.uri
    if not session.is_open(uri):
        return nearest.actions(session, params)
    snapshot = session.snapshot(uri)
    lines, base = snapshot.part(uri)
    span = convert.span(lines, params.range, session.client.encoding).shifted(base)
    touched = [finding for finding in snapshot.report.findings if finding.span.touches(span)]
    wanted = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    parses = all(problem.kind != "syntax" for problem in snapshot.report.problems)  # no fix of another can be proved
    of_file = _on_save(params, [*_fix_all(snapshot), *_organize(snapshot)]) if parses else []
    if snapshot.table is not None and any(kind.startswith(OF_NOTEBOOK) for kind in wanted):
        return _answered(session, wanted, _of_notebook(of_file))
    in_file = [
        *_fixes(session, snapshot, touched),
        *_fixes_of_rules(session, snapshot, touched),
    ]
    offered = [
        *(in_file if parses else []),
        *_fixes_everywhere(session, snapshot, touched),
        *of_file,
        *_suppressions(session, snapshot, touched),
        *_about_rules(session, snapshot, touched),
        *_rewrites(session, snapshot, span.start, touched),
        *_new_rule(session, snapshot, span),
    ]
    return _answered(session, wanted, offered)


def _answered(session: Session, wanted: list[str], offered: list[convert.JSON]) -> list[convert.JSON]:
    """Those of the actions whose kinds are wanted, as the client takes them."""
    chosen = [action for action in offered if not wanted or any(_within(action["kind"], kind) for kind in wanted)]
    return chosen if session.client.resolves_edits else [_as_command(action) for action in chosen]


def is_fixable(snapshot: Snapshot, finding: Finding) -> bool:
    """Whether a fix can be offered for a finding."""
    rule = snapshot.folder.rules.by_id.get(finding.rule)
    return finding.safety is not Safety.NONE and rule is not None and rule.fixable


def _fixes(session: Session, snapshot: Snapshot, touched: list[Finding]) -> Iterator[convert.JSON]:
    # The innermost finding first: it is the one under the cursor.
    for finding in sorted(touched, key=lambda one: one.span.end - one.span.start):
        if is_fixable(snapshot, finding):
            action: convert.JSON = {
                "title": f"Fix: {snapshot.folder.rules.by_id[finding.rule].title}",
                "kind": QUICK_FIX,
                "diagnostics": [_item(session, snapshot, finding)],
                "data": _data(snapshot, "fix", finding),
            }
            if finding.safety is Safety.SAFE:
                action["isPreferred"] = True
            yield action


def _fixes_of_rules(session: Session, snapshot: Snapshot, touched: list[Finding]) -> Iterator[convert.JSON]:
    """For each rule under the cursor: all its findings in the file at once."""
    for rule in dict.fromkeys(finding.rule for finding in touched if is_fixable(snapshot, finding)):
        alike = [one for one in snapshot.report.findings if one.rule == rule and is_fixable(snapshot, one)]
        if len(alike) > 1:
            here = next(one for one in touched if one.rule == rule)
            yield {
                "title": f"Fix all {len(alike)} findings of {rule} in this {snapshot.kind}",
                "kind": QUICK_FIX,
                "diagnostics": [_item(session, snapshot, here)],
                "data": _data(snapshot, "fixRule", here),
            }


def _fixes_everywhere(session: Session, snapshot: Snapshot, touched: list[Finding]) -> Iterator[convert.JSON]:
    """For each rule under the cursor: all its findings in the folder of the file, and in the workspace.

    What wants a review is fixed only where that asks. Notebooks are not changed in this way.
    """
    path = convert.path_of(snapshot.uri)
    if snapshot.folder.path is None or path is None or snapshot.table is not None:
        return
    places: list[tuple[str, dict[str, str]]] = [("the workspace", {})]
    if any(folder.path != path.parent for folder in session.folders.values()):
        places.insert(0, (f"the folder {path.parent.name}", {"folder": session.uri_of(path.parent)}))
    for finding in {one.rule: one for one in reversed(touched) if is_fixable(snapshot, one)}.values():
        if finding.safety is Safety.SAFE or session.client.annotated_edits:
            item = _item(session, snapshot, finding)
            for where, chosen in places:
                title = f"Fix all findings of {finding.rule} in {where}"
                argument = {"rule": finding.rule, **chosen}
                command = {"title": title, "command": protocol.FIX_WORKSPACE, "arguments": [argument]}
                yield {"title": title, "kind": QUICK_FIX, "diagnostics": [item], "command": command}


def _about_rules(session: Session, snapshot: Snapshot, touched: list[Finding]) -> Iterator[convert.JSON]:
    """For each rule under the cursor: leave it out for the file or disable it for the project, explain it."""
    name = disable_rule.settings_file(session, snapshot) if touched and snapshot.folder.path is not None else None
    for finding in {one.rule: one for one in reversed(touched)}.values():
        action: convert.JSON = {"kind": QUICK_FIX, "diagnostics": [_item(session, snapshot, finding)]}
        if name is not None:
            yield action | {
                "title": f"Leave {finding.rule} out for this file in {name}",
                "data": _data(snapshot, "leaveOut", finding),
            }
            yield action | {
                "title": f"Disable {finding.rule} for this project",
                "data": _data(snapshot, "disable", finding),
            }
        title = f"Explain {finding.rule}"
        command = {"title": title, "command": protocol.SHOW_RULE, "arguments": [{"rule": finding.rule}]}
        yield action | {"title": title, "command": command}


def _on_save(params: types.CodeActionParams, actions: list[convert.JSON]) -> list[convert.JSON]:
    """The actions of a whole file; when nobody asked for them, but saved it, they spare what was just typed."""
    context = params.context
    if context.only and getattr(context.trigger_kind, "value", context.trigger_kind) == AUTOMATIC:
        for action in actions:
            action["data"]["automatic"] = True
    return actions


def _of_notebook(actions: list[convert.JSON]) -> list[convert.JSON]:
    return [action | {"kind": OF_NOTEBOOK + action["kind"]} for action in actions]


def _fix_all(snapshot: Snapshot) -> Iterator[convert.JSON]:
    if any(finding.safety is Safety.SAFE and is_fixable(snapshot, finding) for finding in snapshot.report.findings):
        yield {
            "title": f"Fix all safe findings in this {snapshot.kind}",
            "kind": FIX_ALL,
            "data": _data(snapshot, "fixAll"),
        }


def _organize(snapshot: Snapshot) -> Iterator[convert.JSON]:
    rules = snapshot.folder.rules.by_id
    for finding in snapshot.report.findings:
        about = finding.rule in rules and rules[finding.rule].category == IMPORTS
        if about and finding.safety is Safety.SAFE and is_fixable(snapshot, finding):
            yield {"title": "Organize imports", "kind": ORGANIZE, "data": _data(snapshot, "organize")}
            return


def _suppressions(session: Session, snapshot: Snapshot, touched: list[Finding]) -> Iterator[convert.JSON]:
    seen = set()
    for finding in touched:
        if finding.rule not in seen:
            seen.add(finding.rule)
            for title, what in (("here", "suppress"), (f"in this {snapshot.kind}", "suppressInFile")):
                yield {
                    "title": f"Suppress {finding.rule} {title}",
                    "kind": QUICK_FIX,
                    "diagnostics": [_item(session, snapshot, finding)],
                    "data": _data(snapshot, what, finding),
                }


def _rewrites(session: Session, snapshot: Snapshot, start: int, touched: list[Finding]) -> Iterator[convert.JSON]:
    """An AI suggestion, for a too complex function the cursor is in; never preferred. The client runs its command."""
    if snapshot.table is not None or protocol.CLIENT_SUGGEST_REFACTORING not in session.options.commands:
        return
    module = session.document(snapshot.uri).module
    function = module.function_at(start) if module is not None else None
    if function is None:
        return
    found = session.document(snapshot.uri).report.findings  # what the baseline knows can be made simpler, too
    places = [one.span for one in found if one.rule == TOO_COMPLEX]
    if any(function.span.contains(place) for place in places) or any(one.rule == TOO_COMPLEX for one in touched):
        title = "Suggest a refactoring"
        place = convert.position(snapshot.source.lines, start, session.client.encoding)
        target = {"uri": snapshot.uri, "version": snapshot.source.version, **place}
        command = {"title": title, "command": protocol.CLIENT_SUGGEST_REFACTORING, "arguments": [target]}
        yield {"title": f"{title} of {function.name}", "kind": REWRITE, "command": command}


def _new_rule(session: Session, snapshot: Snapshot, span: Span) -> Iterator[convert.JSON]:
    """A rule of the project's own, where one expression or statement is selected; never preferred."""
    if snapshot.folder.path is None or snapshot.table is not None:
        return
    if not 0 < span.end - span.start <= selection.LONGEST:
        return
    if selection.could_be(snapshot.source.text[span.start : span.end]):
        start, end = convert.range_of(snapshot.source.lines, span, session.client.encoding).values()
        target = {"uri": snapshot.uri, "version": snapshot.source.version, **start}
        target |= {"endLine": end["line"], "endCharacter": end["character"], "metavariables": True}
        title = "New rule from the selection"
        yield {
            "title": title,
            "kind": RULE,
            "command": {"title": title, "command": protocol.NEW_RULE, "arguments": [target]},
        }


def _item(session: Session, snapshot: Snapshot, finding: Finding) -> convert.JSON:
    lines, base = snapshot.part_at(finding.span.start)
    client = session.client if snapshot.table is None else replace(session.client, shows_related=False)
    return diagnostics.finding_item(lines, finding.shifted(-base), client, snapshot.folder.rules, snapshot.uri)


def _data(snapshot: Snapshot, what: str, finding: Finding | None = None) -> convert.JSON:
    data: convert.JSON = {"what": what, "uri": snapshot.uri, "version": snapshot.source.version}
    if finding is not None:
        data |= {"rule": finding.rule, "start": finding.span.start, "end": finding.span.end}
    return data


def _within(kind: str, wanted: str) -> bool:
    return kind == wanted or kind.startswith(f"{wanted}.")


def _as_command(action: convert.JSON) -> convert.JSON:
    """For a client that resolves nothing: the action calls us back, and we send the edit."""
    data = action.pop("data", None)
    if data is not None:
        action["command"] = {"title": action["title"], "command": protocol.APPLY_ACTION, "arguments": [data]}
    return action
