/** Repair Server: makes the extension's own environment anew and starts the server in it. */

import * as vscode from "vscode";
import { foreignServer, forgetFailures, remakeEnvironment } from "../server";
import type { Command } from "./command";

const OTHERS = {
  setting: vscode.l10n.t("The server is the one that the setting backendTeam.server.command names. It is for you to repair; it is started again now."),
  selected: vscode.l10n.t("The server is the one of the interpreter that is selected in the Python extension. It is for you to repair; it is started again now."),
};

export const repairServer: Command = {
  id: "backendTeam.repairServer",
  async run({ extension, session }) {
    forgetFailures();
    const foreign = await foreignServer(extension, session.log);
    if (foreign && foreign.origin !== "own") {
      const open = vscode.l10n.t("Open Settings");
      void vscode.window.showInformationMessage(OTHERS[foreign.origin], open).then((chosen) => {
        if (chosen === open) void vscode.commands.executeCommand("workbench.action.openSettings", "backendTeam.server");
      });
    } else {
      await remakeEnvironment(extension, session.log);
    }
    await session.restart();
    vscode.window.setStatusBarMessage(vscode.l10n.t("$(check) The AI Backend Team server runs."), 5_000);
  },
};
