/** Fix File: all safe fixes of the open document at once. */

import * as vscode from "vscode";
import { count } from "../messages";
import { FIX_FILE, type FixFileParams, type FixFileResult } from "../protocol";
import type { Command } from "./command";

export const fixFile: Command = {
  id: "backendTeam.fixFile",
  async run({ session }) {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== "python") {
      const open = vscode.l10n.t("Go to File…");
      const chosen = await vscode.window.showInformationMessage(vscode.l10n.t("Open the Python file that is to be fixed."), open);
      if (chosen === open) await vscode.commands.executeCommand("workbench.action.quickOpen");
      return;
    }
    const params: FixFileParams = { uri: document.uri.toString(), version: document.version };
    const { applied, withheld } = await session.execute<FixFileResult>(FIX_FILE, params);
    if (withheld.length === 0) {
      const said = applied === 0 ? vscode.l10n.t("Nothing to fix safely in this file.") : vscode.l10n.t("{0} applied.", count(applied, "fix"));
      return void vscode.window.setStatusBarMessage(`$(check) ${said}`, 5_000);
    }
    for (const { rule, line, reason } of withheld) session.log.info(`${document.uri.fsPath}:${line + 1} ${rule} was not fixed: ${reason}`);
    const first = withheld[0]!;
    const more = withheld.length > 1 ? vscode.l10n.t(" and {0} more", withheld.length - 1) : "";
    const log = vscode.l10n.t("Show Log");
    const message = vscode.l10n.t("{0} applied; {1} in line {2} was left alone{3}: {4}", applied, first.rule, first.line + 1, more, first.reason);
    if ((await vscode.window.showInformationMessage(message, log)) === log) session.log.show();
  },
};
