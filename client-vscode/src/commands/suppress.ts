/** Suppress…: a finding at the cursor, where it is excused, and why. */

import * as vscode from "vscode";
import { diagnosticsAtCursor, ruleOf } from "../findings";
import { SUPPRESS, type SuppressParams } from "../protocol";
import type { Command } from "./command";

type Where = SuppressParams["where"];

export const suppress: Command = {
  id: "backendTeam.suppress",
  async run({ session }) {
    const editor = vscode.window.activeTextEditor;
    const found = editor ? diagnosticsAtCursor(editor) : [];
    if (!editor || found.length === 0) return void vscode.window.showInformationMessage("Put the cursor on the finding that is to be suppressed.");
    const { document } = editor;
    const { version } = document;
    const finding = found.length === 1 ? found[0] : await askFinding(found);
    const rule = finding && ruleOf(finding);
    if (!finding || rule === undefined) return;
    const where = await askWhere(rule, document);
    if (!where) return;
    const reason = await vscode.window.showInputBox({ title: `Suppress ${rule}`, prompt: "Why this is right here (optional)", placeHolder: "Reason, for whoever reads it later" });
    if (reason === undefined) return;
    const { line, character } = finding.range.start;
    const params: SuppressParams = { uri: document.uri.toString(), version, line, character, rule, where, ...(reason.trim() ? { reason: reason.trim() } : {}) };
    await session.execute<null>(SUPPRESS, params);
  },
};

async function askFinding(found: readonly vscode.Diagnostic[]): Promise<vscode.Diagnostic | undefined> {
  const items = found.map((finding) => ({ label: ruleOf(finding) ?? "", description: `line ${finding.range.start.line + 1}`, detail: finding.message, finding }));
  return (await vscode.window.showQuickPick(items, { title: "Suppress", placeHolder: "The finding that is suppressed" }))?.finding;
}

async function askWhere(rule: string, document: vscode.TextDocument): Promise<Where | undefined> {
  const places: (vscode.QuickPickItem & { where: Where })[] = [
    { label: "$(comment) Here", detail: "A comment in the line of the finding", where: "line" },
    { label: "$(file) In this file", detail: "A comment at the top of the file", where: "file" },
  ];
  if (vscode.workspace.getWorkspaceFolder(document.uri)) places.push({ label: "$(settings-gear) For this file, in the settings", detail: "An entry of the settings file of the project", where: "settings" });
  return (await vscode.window.showQuickPick(places, { title: `Suppress ${rule}`, placeHolder: "Where it is suppressed" }))?.where;
}
