/** Organize Imports: the editor's own source action, of our kind alone. */

import * as vscode from "vscode";
import type { Command } from "./command";

export const organizeImports: Command = {
  id: "backendTeam.organizeImports",
  async run() {
    await vscode.commands.executeCommand("editor.action.sourceAction", { kind: "source.organizeImports.backendTeam", apply: "first" });
  },
};
