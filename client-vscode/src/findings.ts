/** Our findings as the editor holds them: the diagnostics with our source. */

import * as vscode from "vscode";

const SOURCE = "backend-team";

/** The rule of a diagnostic; undefined when it is not ours. */
export function ruleOf({ source, code }: vscode.Diagnostic): string | undefined {
  if (source !== SOURCE) return undefined;
  return String(typeof code === "object" ? code.value : code);
}

/** Our diagnostics that touch the selection, the innermost first. */
export function diagnosticsAtCursor(editor: vscode.TextEditor): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter((one) => ruleOf(one) !== undefined && one.range.intersection(editor.selection) !== undefined)
    .sort((one, other) => (one.range.contains(other.range) ? 1 : -1));
}

/** The rules of the findings at the cursor, the innermost first; those of its line when it touches none. */
export function rulesAtCursor(editor = vscode.window.activeTextEditor): string[] {
  if (!editor) return [];
  const touched = diagnosticsAtCursor(editor);
  const { start, end } = editor.selection;
  const ofLine = vscode.languages.getDiagnostics(editor.document.uri).filter(({ range }) => range.start.line <= end.line && range.end.line >= start.line);
  return [...new Set((touched.length > 0 ? touched : ofLine).flatMap((one) => ruleOf(one) ?? []))];
}
