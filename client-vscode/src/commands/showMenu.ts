/** The menu of the status-bar item. */

import * as vscode from "vscode";
import type { Session } from "../session";
import { usageRows } from "../statusBar";
import type { Command } from "./command";

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

export const showMenu: Command = {
  id: "backendTeam.showMenu",
  async run({ session }) {
    const placeHolder = session.usage
      ? usageRows(session.usage)
          .map(([name, value]) => `${name}: ${value}`)
          .join(" · ")
      : vscode.l10n.t("What shall the team do?");
    const chosen = await vscode.window.showQuickPick(entries(session), { title: "AI Backend Team", placeHolder });
    if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
  },
};

/** What can be done now: without a server there is only the way to one. */
function entries({ state }: Session): Entry[] {
  const server = [
    separator(vscode.l10n.t("server")),
    { label: vscode.l10n.t("$(debug-restart) Restart Server"), command: "backendTeam.restartServer" },
    { label: vscode.l10n.t("$(tools) Repair Server"), command: "backendTeam.repairServer" },
    { label: vscode.l10n.t("$(output) Show Output"), command: "backendTeam.showOutput" },
  ];
  if (state !== "running") return server;
  const ofFile = [
    { label: vscode.l10n.t("$(wand) Fix File"), command: "backendTeam.fixFile" },
    { label: vscode.l10n.t("$(sparkle) Suggest a Refactoring"), command: "backendTeam.suggestRefactoring" },
  ];
  const ofWorkspace = [
    { label: vscode.l10n.t("$(list-tree) Show What Is to Be Cleaned"), command: "backendTeam.cleanup.focus" },
    { label: vscode.l10n.t("$(checklist) Check Workspace"), command: "backendTeam.checkWorkspace" },
    { label: vscode.l10n.t("$(wand) Clean Up Workspace…"), command: "backendTeam.cleanUpWorkspace" },
  ];
  return [
    separator(vscode.l10n.t("clean up")),
    ...(vscode.workspace.workspaceFolders?.length ? ofWorkspace : []),
    ...(vscode.window.activeTextEditor?.document.languageId === "python" ? ofFile : []),
    separator(vscode.l10n.t("templates")),
    { label: vscode.l10n.t("$(rocket) Run Template…"), command: "backendTeam.runTemplate" },
    { label: vscode.l10n.t("$(server-process) Show Deployments"), command: "backendTeam.showDeployments" },
    separator(vscode.l10n.t("usage")),
    { label: vscode.l10n.t("$(dashboard) Show Usage"), command: "backendTeam.showUsage" },
    { label: vscode.l10n.t("$(key) Store AI Key…"), command: "backendTeam.storeKey" },
    ...server,
    { label: vscode.l10n.t("$(info) Show Status"), command: "backendTeam.showStatus" },
  ];
}

function separator(label: string): Entry {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
