/** Restart Server: also mends a broken environment of the server. */

import * as vscode from "vscode";
import type { Command } from "./command";

export const restartServer: Command = {
  id: "backendTeam.restartServer",
  async run({ session }) {
    await session.restart();
    vscode.window.setStatusBarMessage(vscode.l10n.t("$(check) The AI Backend Team server runs."), 5_000);
  },
};
