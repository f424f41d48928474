/** Check Workspace: every Python file of the workspace, also those that are not open. */

import * as vscode from "vscode";
import { count } from "../messages";
import { CHECK_WORKSPACE, type CheckWorkspaceParams, type CheckWorkspaceResult } from "../protocol";
import type { Command } from "./command";

export const checkWorkspace: Command = {
  id: "backendTeam.checkWorkspace",
  async run({ session }) {
    const params: CheckWorkspaceParams = {};
    const result = await session.executeWithProgress<CheckWorkspaceResult>(vscode.l10n.t("Checking the workspace"), CHECK_WORKSPACE, params);
    if (!result || result.cancelled) return void vscode.window.showInformationMessage(vscode.l10n.t("The check was cancelled."));
    const problems = vscode.l10n.t("Show Problems");
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t("{0} in {1}.", count(result.findings, "finding"), count(result.files, "file")), ...(result.findings ? [problems] : []));
    if (chosen === problems) await vscode.commands.executeCommand("workbench.actions.view.problems");
  },
};
