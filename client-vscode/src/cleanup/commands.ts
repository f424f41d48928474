/** The commands of the view "Cleanup". */

import * as vscode from "vscode";
import type { Command } from "../commands/command";
import { fixAndReport } from "../commands/fixWorkspace";
import type { CleanupItem } from "../protocol";
import type { View } from "./items";

export const cleanupCommands: readonly Command[] = [
  shows("backendTeam.cleanup.showPlan", "plan"),
  shows("backendTeam.cleanup.showRules", "rules"),
  shows("backendTeam.cleanup.showFiles", "files"),
  {
    id: "backendTeam.cleanup.refresh",
    async run({ cleanup }) {
      cleanup.refresh();
    },
  },
  {
    id: "backendTeam.cleanup.fix",
    async run({ session }, item) {
      // VS Code names no item when the list is drawn anew just then.
      if (!item) return void vscode.window.showInformationMessage(vscode.l10n.t("The list has just changed. Press the button of the item once more."));
      const { fix, label } = item as CleanupItem;
      if (fix) await fixAndReport(session, vscode.l10n.t("Fixing {0}", label), fix);
    },
  },
];

function shows(id: string, view: View): Command {
  return {
    id,
    async run({ cleanup }) {
      cleanup.show(view);
    },
  };
}
