/** Show Usage: the month's usage as a table. */

import { SHOW_USAGE, type Empty, type Usage } from "../protocol";
import { usageRows } from "../statusBar";
import type { Command } from "./command";

export const showUsage: Command = {
  id: "backendTeam.showUsage",
  async run({ session, pages }) {
    const params: Empty = {};
    const usage = await session.execute<Usage>(SHOW_USAGE, params);
    const rows = usageRows(usage).map(([name, value]) => `| ${name} | ${value} |`);
    await pages.showMarkdown("Usage.md", ["# Usage", "", "| | |", "|:--|:--|", ...rows, ""].join("\n"));
  },
};
