/** Show Usage: the month's usage as a table. */

import * as vscode from "vscode";
import { SHOW_USAGE, type Empty, type Usage } from "../protocol";
import { table, usageRows } from "../statusBar";
import type { Command } from "./command";

export const showUsage: Command = {
  id: "backendTeam.showUsage",
  async run({ session, pages }) {
    const params: Empty = {};
    const usage = await session.execute<Usage>(SHOW_USAGE, params);
    await pages.showMarkdown("Usage.md", `# ${vscode.l10n.t("Usage")}\n\n${table(usageRows(usage))}\n`);
  },
};
