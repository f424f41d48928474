/** The menu of the status-bar item. */

import * as vscode from "vscode";
import { usageRows } from "../statusBar";
import type { Command } from "./command";

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

export const showMenu: Command = {
  id: "backendTeam.showMenu",
  async run({ session }) {
    const entries: Entry[] = [
      { label: "$(checklist) Check Workspace", command: "backendTeam.checkWorkspace" },
      { label: "$(wand) Fix File", command: "backendTeam.fixFile" },
      { label: "$(sparkle) Suggest a Refactoring", command: "backendTeam.suggestRefactoring" },
      { label: "$(rocket) Run Template…", command: "backendTeam.runTemplate" },
      { label: "$(key) Store AI Key…", command: "backendTeam.storeKey" },
      { label: "$(server-process) Show Deployments", command: "backendTeam.showDeployments" },
      { label: "$(dashboard) Show Usage", command: "backendTeam.showUsage" },
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      { label: "$(debug-restart) Restart Server", command: "backendTeam.restartServer" },
    ];
    const placeHolder = session.usage
      ? usageRows(session.usage)
          .map(([name, value]) => `${name}: ${value}`)
          .join(" · ")
      : "What shall the team do?";
    const chosen = await vscode.window.showQuickPick(entries, { title: "AI Backend Team", placeHolder });
    if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
  },
};
