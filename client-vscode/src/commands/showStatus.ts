/** Show Status: what runs, what it found, and what was used, as tables. */

import * as vscode from "vscode";
import { SHOW_STATUS, type Empty, type Status } from "../protocol";
import { statusRows, table, usageRows } from "../statusBar";
import type { Command } from "./command";

export const showStatus: Command = {
  id: "backendTeam.showStatus",
  async run({ session, pages }) {
    const params: Empty = {};
    const status = await session.execute<Status>(SHOW_STATUS, params);
    const parts = [`# ${vscode.l10n.t("Status")}`, table(statusRows(session.state, status))];
    if (session.usage) parts.push(`## ${vscode.l10n.t("Usage")}`, table(usageRows(session.usage)));
    await pages.showMarkdown("Status.md", `${parts.join("\n\n")}\n`);
  },
};
