/** The oldest VS Code that the extension supports: its own tests in the extension host, then a short film in the window. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { playFilm } from "./film.mjs";
import { ROOT } from "./paths.mjs";

const host = spawnSync(process.execPath, [join(ROOT, "tests", "editor", "host.mjs"), "--oldest", "--only", "workspace,folders"], { stdio: "inherit" });
const good = host.status === 0 && (await playFilm({ only: ["open", "squiggles", "hover", "quick-fix"], oldest: true }));
process.exitCode = good ? 0 : 1;
