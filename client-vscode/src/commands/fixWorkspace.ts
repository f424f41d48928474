/** Fix Workspace…: what is to be fixed, one edit with its preview, and what came of it. */

import * as path from "node:path";
import * as vscode from "vscode";
import { count } from "../messages";
import { FIX_WORKSPACE, LIST_CLEANUP, LIST_RULES, type CleanupItem, type CleanupParams, type Empty, type FixWorkspaceParams, type FixWorkspaceResult, type RuleSummary } from "../protocol";
import type { Session } from "../session";
import type { Command } from "./command";

export const fixWorkspace: Command = {
  id: "backendTeam.fixWorkspace",
  async run({ session }) {
    const what = await askWhat(session);
    if (what) await fixAndReport(session, what.title, what.params);
  },
};

interface What {
  title: string;
  params: FixWorkspaceParams;
}

async function askWhat(session: Session): Promise<What | undefined> {
  const safe = { label: vscode.l10n.t("$(shield) Everything that is safe"), detail: vscode.l10n.t("Fixes that never change what the program does") };
  const category = { label: vscode.l10n.t("$(tag) One category…"), detail: vscode.l10n.t("The safe fixes of its rules") };
  const rules = { label: vscode.l10n.t("$(checklist) Chosen rules…"), detail: vscode.l10n.t("All their fixes; you see each one before it is applied") };
  const picked = await vscode.window.showQuickPick([safe, category, rules], { title: vscode.l10n.t("Fix Workspace"), placeHolder: vscode.l10n.t("What is to be fixed") });
  if (picked === category) return await askCategory(session);
  if (picked === rules) return await askRules(await fixableRules(session));
  return picked && { title: vscode.l10n.t("Fixing the workspace"), params: {} };
}

/** Rules that have a fix and findings, the most findings first. */
export async function fixableRules(session: Session): Promise<RuleSummary[]> {
  const none: Empty = {};
  const rules = await session.execute<RuleSummary[]>(LIST_RULES, none);
  return rules.filter(({ fixable, findings }) => fixable && findings > 0).sort((one, other) => other.findings - one.findings || one.id.localeCompare(other.id));
}

/** The categories that have safe fixes now. */
async function askCategory(session: Session): Promise<What | undefined> {
  const params: CleanupParams = { view: "rules" };
  const categories = await session.execute<CleanupItem[]>(LIST_CLEANUP, params);
  const items = categories.flatMap(({ label, description, tooltip, fix }) => (fix ? [{ label, description, detail: tooltip, fix }] : []));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No finding of the workspace has a safe fix."));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Fix Workspace"), placeHolder: vscode.l10n.t("The category whose safe fixes are applied") });
  return picked && { title: vscode.l10n.t("Fixing {0}", picked.label), params: picked.fix };
}

async function askRules(rules: readonly RuleSummary[]): Promise<What | undefined> {
  if (rules.length === 0) return nothing();
  const items = rules.map((rule) => ({ label: rule.id, description: count(rule.findings, "finding"), detail: rule.title }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Fix Workspace"),
    placeHolder: vscode.l10n.t("The rules whose findings are fixed"),
    canPickMany: true,
    matchOnDetail: true,
  });
  if (!picked?.length) return undefined;
  return { title: vscode.l10n.t("Fixing {0}", count(picked.length, "rule")), params: { rules: picked.map(({ label }) => label) } };
}

function nothing(): undefined {
  void vscode.window.showInformationMessage(vscode.l10n.t("No finding of the workspace has a fix."));
  return undefined;
}

/** Let the server fix and show what came of it; an edit of several files is shown before it is applied. */
export async function fixAndReport(session: Session, title: string, params: FixWorkspaceParams): Promise<void> {
  const result = await session.executeWithProgress<FixWorkspaceResult>(title, FIX_WORKSPACE, params);
  if (!result) return void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was changed: it was cancelled."));
  for (const { uri, rule, line, reason } of result.withheld) session.log.info(`${name(uri)}:${line + 1} ${rule} was not fixed: ${reason}`);
  for (const { uri, reason } of result.leftOut) session.log.info(`${name(uri)} was left out: ${reason}`);
  const message = summary(result);
  const log = vscode.l10n.t("Show Log");
  const details = result.withheld.length + result.leftOut.length > 0;
  const chosen = await vscode.window.showInformationMessage(message, ...(details ? [log] : []));
  if (chosen === log) session.log.show();
}

/** What a fix of the workspace came to, in a sentence or two. */
export function summary({ files, applied, withheld, leftOut }: FixWorkspaceResult): string {
  const parts = [files === 0 ? vscode.l10n.t("Nothing was changed.") : vscode.l10n.t("{0} in {1}.", count(applied, "fix"), count(files, "file"))];
  if (withheld.length > 0) parts.push(vscode.l10n.t("{0} withheld: could not be shown right.", count(withheld.length, "fix")));
  if (leftOut.length > 0) parts.push(vscode.l10n.t("{0} left out.", count(leftOut.length, "file")));
  return parts.join(" ");
}

function name(uri: string): string {
  const { fsPath } = vscode.Uri.parse(uri, true);
  return path.isAbsolute(fsPath) ? vscode.workspace.asRelativePath(fsPath) : fsPath;
}
