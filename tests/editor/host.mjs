/** Runs the extension's own tests inside VS Code's extension host, against the server of this checkout. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import { bundle } from "../../client-vscode/scripts/bundle.mjs";
import { FILM, ROOT } from "./paths.mjs";
import { Stage } from "./stage.mjs";
import { toolbox } from "./toolbox.mjs";
import { VsCode, whenInterrupted } from "./vscode.mjs";
import { launchBrowser } from "./window.mjs";

const PYTHON = join(ROOT, ".venv", "bin", "python");
const LIMIT_MS = 180_000;
/** What VS Code says beside the tests: native parts that were not built, a gallery and an account that it goes without. */
const NOISE = /Could not locate the bindings file|additional builtin extensions|AccountPolicyGate/;
/** What VS Code itself says before the tests begin; printed only when they never do. */
const early = /** @type {string[]} */ ([]);
let begun = false;

/** @param {string} text */
function log(text) {
  begun ||= text.trim() === "activation";
  if (NOISE.test(text)) return;
  if (begun) console.log(text);
  else early.push(text);
}

const tools = await toolbox();
await bundle({ tests: true });
const stage = new Stage();
/** @type {VsCode | undefined} */
let code;
/** @type {any} */
let browser;
/** @type {any} */
let page;
let failed = true;
try {
  const machine = { "backendTeam.server.command": [PYTHON, "-m", "backend_team.lsp"] };
  code = await VsCode.start({ tools, home: stage.home, machine, env: stage.environment, testDriver: true });
  browser = await launchBrowser(tools);
  page = await browser.newPage();
  const ended = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
  await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _kind, /** @type {unknown[]} */ words) => log(format(...words)));
  const { host } = new URL(code.url);
  const remote = (/** @type {string[]} */ ...parts) => `vscode-remote://${host}${join(ROOT, "client-vscode", ...parts)}`;
  const payload = [
    ["extensionDevelopmentPath", remote()],
    ["extensionTestsPath", remote("out", "test", "index.js")],
  ];
  await page.goto(`${code.address(stage.workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  const limit = new Promise((resolve) => setTimeout(resolve, LIMIT_MS, "no end in sight").unref());
  const result = await Promise.race([ended, limit, new Promise((resolve) => whenInterrupted(() => resolve("interrupted")))]);
  failed = result !== 0;
  if (failed) console.error(`The extension's tests failed: ${result}`);
} finally {
  if (failed) {
    if (!begun) console.log(early.join("\n"));
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
