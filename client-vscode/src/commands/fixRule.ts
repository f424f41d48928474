/** Fix All of a Rule…: the rule, where, and the same preview and report as Fix Workspace. */

import * as path from "node:path";
import * as vscode from "vscode";
import { rulesAtCursor } from "../findings";
import { count } from "../messages";
import type { FixWorkspaceParams, RuleSummary } from "../protocol";
import type { Command } from "./command";
import { fixableRules, fixAndReport } from "./fixWorkspace";

export const fixRule: Command = {
  id: "backendTeam.fixRule",
  async run({ session }) {
    const rules = await fixableRules(session);
    if (rules.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t("No finding of the workspace has a fix."));
    const rule = await askRule(rules);
    if (!rule) return;
    const params = await askWhere(rule);
    if (params) await fixAndReport(session, vscode.l10n.t("Fixing {0}", rule.id), params);
  },
};

async function askRule(rules: readonly RuleSummary[]): Promise<RuleSummary | undefined> {
  const here = rulesAtCursor();
  const items = rules.map((rule) => ({ label: rule.id, description: count(rule.findings, "finding"), detail: rule.title, rule }));
  items.sort((one, other) => Number(here.includes(other.rule.id)) - Number(here.includes(one.rule.id)));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Fix All of a Rule (1/2)"), placeHolder: vscode.l10n.t("The rule whose findings are fixed"), matchOnDetail: true });
  return picked?.rule;
}

async function askWhere(rule: RuleSummary): Promise<FixWorkspaceParams | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const inFile = document?.languageId === "python" && document.uri.scheme === "file" && vscode.workspace.getWorkspaceFolder(document.uri);
  const places: (vscode.QuickPickItem & { params: FixWorkspaceParams })[] = [
    { label: vscode.l10n.t("$(root-folder) The workspace"), description: count(rule.findings, "finding"), params: { rule: rule.id } },
  ];
  if (inFile) places.unshift({ label: `$(file) ${path.basename(document.uri.fsPath)}`, description: vscode.l10n.t("the file that is open"), params: { rule: rule.id, folder: document.uri.toString() } });
  const picked = await vscode.window.showQuickPick(places, { title: vscode.l10n.t("Fix All of a Rule (2/2)"), placeHolder: vscode.l10n.t("Where {0} is fixed", rule.id) });
  return picked?.params;
}
