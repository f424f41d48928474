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
      : "What shall the team do?";
    const chosen = await vscode.window.showQuickPick(entries(session), { title: "AI Backend Team", placeHolder });
    if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
  },
};

/** What can be done now: without a server there is only the way to one. */
function entries({ state }: Session): Entry[] {
  const server = [
    separator("server"),
    { label: "$(debug-restart) Restart Server", command: "backendTeam.restartServer" },
    { label: "$(output) Show Output", command: "backendTeam.showOutput" },
  ];
  if (state !== "running") return server;
  const ofFile = [
    { label: "$(wand) Fix File", command: "backendTeam.fixFile" },
    { label: "$(sparkle) Suggest a Refactoring", command: "backendTeam.suggestRefactoring" },
  ];
  return [
    separator("clean up"),
    { label: "$(list-tree) Show What Is to Be Cleaned", command: "backendTeam.cleanup.focus" },
    { label: "$(checklist) Check Workspace", command: "backendTeam.checkWorkspace" },
    { label: "$(wand) Clean Up Workspace…", command: "backendTeam.cleanUpWorkspace" },
    ...(vscode.window.activeTextEditor?.document.languageId === "python" ? ofFile : []),
    separator("templates"),
    { label: "$(rocket) Run Template…", command: "backendTeam.runTemplate" },
    { label: "$(server-process) Show Deployments", command: "backendTeam.showDeployments" },
    separator("usage"),
    { label: "$(dashboard) Show Usage", command: "backendTeam.showUsage" },
    { label: "$(key) Store AI Key…", command: "backendTeam.storeKey" },
    ...server,
    { label: "$(info) Show Status", command: "backendTeam.showStatus" },
  ];
}

function separator(label: string): Entry {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
