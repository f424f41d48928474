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
    if (!editor || found.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t("Put the cursor on the finding that is to be suppressed."));
    const { document } = editor;
    const { version } = document;
    const finding = found.length === 1 ? found[0] : await askFinding(found);
    const rule = finding && ruleOf(finding);
    if (!finding || rule === undefined) return;
    const where = await askWhere(rule, document);
    if (!where) return;
    const reason = await vscode.window.showInputBox({
      title: vscode.l10n.t("Suppress {0}", rule),
      prompt: vscode.l10n.t("Why this is right here (optional)"),
      placeHolder: vscode.l10n.t("Reason, for whoever reads it later"),
    });
    if (reason === undefined) return;
    const { line, character } = finding.range.start;
    const params: SuppressParams = { uri: document.uri.toString(), version, line, character, rule, where, ...(reason.trim() ? { reason: reason.trim() } : {}) };
    const before = new Set(settingsFiles().filter(({ isDirty }) => isDirty));
    await session.execute<null>(SUPPRESS, params);
    if (where !== "settings") return;
    // The settings hold once they are saved; what somebody else was at work on stays theirs to save.
    for (const changed of settingsFiles().filter((one) => one.isDirty && !before.has(one))) await changed.save();
  },
};

function settingsFiles(): vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ fileName }) => /(?:^|[\\/])(?:backend-team|pyproject)\.toml$/.test(fileName));
}

async function askFinding(found: readonly vscode.Diagnostic[]): Promise<vscode.Diagnostic | undefined> {
  const items = found.map((finding) => ({ label: ruleOf(finding) ?? "", description: vscode.l10n.t("line {0}", finding.range.start.line + 1), detail: finding.message, finding }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Suppress"), placeHolder: vscode.l10n.t("The finding that is suppressed") }))?.finding;
}

async function askWhere(rule: string, document: vscode.TextDocument): Promise<Where | undefined> {
  const places: (vscode.QuickPickItem & { where: Where })[] = [
    { label: vscode.l10n.t("$(comment) Here"), detail: vscode.l10n.t("A comment in the line of the finding"), where: "line" },
    { label: vscode.l10n.t("$(file) In this file"), detail: vscode.l10n.t("A comment at the top of the file"), where: "file" },
  ];
  if (vscode.workspace.getWorkspaceFolder(document.uri)) {
    places.push({ label: vscode.l10n.t("$(settings-gear) For this file, in the settings"), detail: vscode.l10n.t("An entry of the settings file of the project"), where: "settings" });
  }
  return (await vscode.window.showQuickPick(places, { title: vscode.l10n.t("Suppress {0}", rule), placeHolder: vscode.l10n.t("Where it is suppressed") }))?.where;
}
