/** Clean Up Workspace…: the server's plan, the steps that are chosen of it, and one edit with its preview. */

import * as vscode from "vscode";
import { count } from "../messages";
import { LIST_CLEANUP, type CleanupItem, type CleanupParams } from "../protocol";
import type { Command } from "./command";
import { fixAndReport } from "./fixWorkspace";

export const cleanUpWorkspace: Command = {
  id: "backendTeam.cleanUpWorkspace",
  async run({ session }) {
    const params: CleanupParams = { view: "plan" };
    const steps = (await session.execute<CleanupItem[]>(LIST_CLEANUP, params)).filter(({ fix }) => fix !== undefined);
    if (steps.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t("There is nothing that could be cleaned up by itself."));
    const items = steps.map((step) => ({ label: step.label, description: [step.rule, step.description].filter(Boolean).join(" · "), step }));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Clean Up Workspace"),
      placeHolder: vscode.l10n.t("The steps to take, those that gain most first"),
      canPickMany: true,
      matchOnDescription: true,
    });
    if (!picked?.length) return;
    const rules = picked.flatMap(({ step }) => rulesOf(step));
    await fixAndReport(session, vscode.l10n.t("Cleaning up: {0}", count(picked.length, "step")), { rules: [...new Set(rules)] });
  },
};

function rulesOf({ fix }: CleanupItem): string[] {
  return [...(fix?.rules ?? []), ...(fix?.rule === undefined ? [] : [fix.rule])];
}
