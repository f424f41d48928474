/** Write Baseline: what is found now is known from now on. */

import * as vscode from "vscode";
import { count } from "../messages";
import { WRITE_BASELINE, type WriteBaselineParams, type WriteBaselineResult } from "../protocol";
import type { Command } from "./command";

export const writeBaseline: Command = {
  id: "backendTeam.writeBaseline",
  async run({ session }) {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t("The folder whose findings become known") }) : folders[0];
    if (!folder) return;
    const params: WriteBaselineParams = { folder: folder.uri.toString() };
    const result = await session.executeWithProgress<WriteBaselineResult>(vscode.l10n.t("Writing the baseline"), WRITE_BASELINE, params);
    if (!result) return void vscode.window.showInformationMessage(vscode.l10n.t("The baseline was not written: it was cancelled."));
    const open = vscode.l10n.t("Open Baseline");
    const chosen = await vscode.window.showInformationMessage(said(result), open);
    if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(result.path));
  },
};

function said({ path: file, findings, unjudged, inUse }: WriteBaselineResult): string {
  const name = vscode.workspace.asRelativePath(vscode.Uri.file(file), false);
  const left = unjudged > 0 ? vscode.l10n.t(" {0} could not be judged.", count(unjudged, "file")) : "";
  const how = inUse ? vscode.l10n.t("They are no longer shown.") : vscode.l10n.t("To hide them, name it in the settings of the project: baseline = \"{0}\".", name);
  return vscode.l10n.t("{0} knows {1} now.{2} {3}", name, count(findings, "finding"), left, how);
}
