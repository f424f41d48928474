/** Repair Server: makes the extension's own environment anew and starts the server in it. */

import * as vscode from "vscode";
import { foreignServer, forgetFailures, remakeEnvironment } from "../server";
import type { Command } from "./command";

const OTHERS = {
  setting: "the setting backendTeam.server.command names it",
  selected: "it is the one of the interpreter that is selected in the Python extension",
};

export const repairServer: Command = {
  id: "backendTeam.repairServer",
  async run({ extension, session }) {
    forgetFailures();
    const foreign = await foreignServer(extension, session.log);
    if (foreign && foreign.origin !== "own") {
      const open = "Open Settings";
      const message = `The server is not the extension's own: ${OTHERS[foreign.origin]}. It is for you to repair; it is started again now.`;
      void vscode.window.showInformationMessage(message, open).then((chosen) => {
        if (chosen === open) void vscode.commands.executeCommand("workbench.action.openSettings", "backendTeam.server");
      });
    } else {
      await remakeEnvironment(extension, session.log);
    }
    await session.restart();
    vscode.window.setStatusBarMessage("$(check) The AI Backend Team server runs.", 5_000);
  },
};
