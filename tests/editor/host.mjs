/** Runs the extension's own tests inside VS Code's extension host, against the server of this checkout. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import { bundle } from "../../client-vscode/scripts/bundle.mjs";
import { FILM, ROOT } from "./paths.mjs";
import { Stage } from "./stage.mjs";
import { toolbox } from "./toolbox.mjs";
import { VsCode } from "./vscode.mjs";
import { launchBrowser } from "./window.mjs";

const PYTHON = join(ROOT, ".venv", "bin", "python");
const LIMIT_MS = 180_000;
/** What VS Code itself says there: its native logger isn't built, its account service isn't reachable. */
const NOISE = /bindings file|AccountPolicyGate/;

/** @param {string} text */
function log(text) {
  if (!NOISE.test(text)) console.log(text);
}

const tools = await toolbox();
await bundle({ tests: true });
const stage = new Stage();
let code, browser, page;
let failed = true;
try {
  const machine = { "backendTeam.server.command": [PYTHON, "-m", "backend_team.lsp"] };
  code = await VsCode.start({ tools, home: stage.home, machine, env: stage.environment, testDriver: true });
  browser = await launchBrowser(tools);
  page = await browser.newPage();
  const ended = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
  await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _kind, /** @type {unknown[]} */ words) => log(format(...words)));
  const remote = (/** @type {string[]} */ ...parts) => `vscode-remote://${new URL(code.url).host}${join(ROOT, "client-vscode", ...parts)}`;
  const payload = [
    ["extensionDevelopmentPath", remote()],
    ["extensionTestsPath", remote("out", "test", "index.js")],
  ];
  await page.goto(`${code.address(stage.workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  const limit = new Promise((resolve) => setTimeout(resolve, LIMIT_MS, "no end in sight").unref());
  const result = await Promise.race([ended, limit]);
  failed = result !== 0;
  if (failed) console.error(`The extension's tests failed: ${result}`);
} finally {
  if (failed) {
    mkdirSync(FILM, { recursive: true });
    await page?.screenshot({ path: join(FILM, "extension-tests.png") }).catch(() => undefined);
  }
  await browser?.close();
  await code?.stop();
}
const left = await stage.strike();
for (const line of left) console.error(line);
stage.remove();
process.exitCode = failed || left.length > 0 ? 1 : 0;
