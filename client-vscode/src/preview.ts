/** Edits that are shown before they are applied, as VS Code's Refactor Preview wants them. */

import * as vscode from "vscode";
import type { AnnotatedTextEdit, ChangeAnnotation, TextDocumentEdit, WorkspaceEdit } from "vscode-languageclient";
import { SCHEME } from "./pages";

const HINT = vscode.l10n.t("Untick what is to stay as it is");
const MORE = vscode.l10n.t("Apply makes the changes that are ticked below.");
const ASKS = "backendTeam.asks";

/**
 * An edit whose changes are ticked when its preview opens.
 *
 * VS Code opens the preview when some change needs a confirmation, and unticks those that do: with all of them unticked,
 * its Apply would apply nothing. So the changes keep their labels, and one that changes nothing asks for the preview;
 * its name is the hint that the preview begins with.
 */
export function ticked(edit: WorkspaceEdit): WorkspaceEdit {
  const { documentChanges, changeAnnotations } = edit;
  const asked = Object.values(changeAnnotations ?? {}).some(({ needsConfirmation }) => needsConfirmation);
  if (!asked || !documentChanges) return edit;
  const annotations: Record<string, ChangeAnnotation> = {};
  for (const [id, annotation] of Object.entries(changeAnnotations ?? {})) annotations[id] = { ...annotation, needsConfirmation: false };
  annotations[ASKS] = { label: HINT, needsConfirmation: true };
  const start = { line: 0, character: 0 };
  const nothing: AnnotatedTextEdit = { range: { start, end: start }, newText: "", annotationId: ASKS };
  const hint: TextDocumentEdit = { textDocument: { uri: `${SCHEME}:/${encodeURIComponent(HINT)}?${encodeURIComponent(MORE)}`, version: null }, edits: [nothing] };
  return { ...edit, documentChanges: [hint, ...documentChanges], changeAnnotations: annotations };
}

/** Whether an edit is of several files. */
export function isLarge({ documentChanges }: WorkspaceEdit): boolean {
  return (documentChanges?.length ?? 0) > 1;
}
