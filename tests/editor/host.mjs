/**
 * Runs the extension's own tests inside VS Code's extension host, on the extension as it is packaged.
 *
 * `--oldest` takes the oldest VS Code that is supported; `--only workspace,server` plays some of the suites, `--grep TEXT`
 * the tests with a text in their title.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, parseArgs } from "node:util";
import { bundle } from "../../client-vscode/scripts/bundle.mjs";
import { packageExtension } from "../../client-vscode/scripts/package.mjs";
import { FILM, ROOT } from "./paths.mjs";
import { Stage } from "./stage.mjs";
import { toolbox } from "./toolbox.mjs";
import { VsCode, whenInterrupted } from "./vscode.mjs";
import { launchBrowser } from "./window.mjs";

const PYTHON = join(ROOT, ".venv", "bin", "python");
const CHECKOUT = { "backendTeam.server.command": [PYTHON, "-m", "backend_team.lsp"] };
const PYTHON_EXTENSION = join(ROOT, "client-vscode", "test", "python-extension");
/** No test is silent for so long. */
const SILENCE_MS = 150_000;
/** What VS Code says beside the tests: native parts that were not built, a gallery and an account that it goes without, its own end. */
const NOISE = /Could not locate the bindings file|additional builtin extensions|AccountPolicyGate|\[lifecycle\]/;

/**
 * A suite is one window. `server` begins without a server and `restricted` finds what it made, so they share a home.
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {Record<string, unknown>} [machine]    machine settings
 * @property {boolean} [provider]                   with the AI provider of the tests
 * @property {boolean} [pythonExtension]            with the Python extension of the tests, and ours as installed from the package
 * @property {Record<string, string>} [env]
 * @property {boolean} [trust]                      in a workspace that is not trusted
 * @property {(stage: Stage) => string} [workspace] writes a workspace of several folders and returns its file
 */

/** @type {Suite[]} */
const SUITES = [
  { name: "workspace", machine: CHECKOUT, provider: true },
  { name: "folders", machine: CHECKOUT, workspace: twoFolders },
  { name: "server", pythonExtension: true },
  { name: "restricted", pythonExtension: true, trust: true, env: { BACKEND_TEAM_SELECTED_PYTHON: PYTHON } },
];

const { values } = parseArgs({ options: { oldest: { type: "boolean", default: false }, only: { type: "string" }, grep: { type: "string", default: "" } } });
const chosen = values.only?.split(",");
const tools = await toolbox({ oldest: values.oldest });
const vsix = (await packageExtension()).path;
await bundle({ tests: true });
const stage = new Stage();
const browser = await launchBrowser(tools);
let failed = 0;
try {
  for (const suite of SUITES) if (!chosen || chosen.includes(suite.name)) failed += (await play(suite)) ? 0 : 1;
} finally {
  await browser.close();
}
const left = await stage.strike();
for (const line of left) console.error(line);
stage.remove();
process.exitCode = failed || left.length > 0 ? 1 : 0;

/** Play one suite in a window of its own; whether it passed. @param {Suite} suite */
async function play(suite) {
  // What VS Code itself says before the tests begin; printed only when they never do.
  const early = /** @type {string[]} */ ([]);
  let begun = false;
  let over = false;
  let heard = performance.now();
  const log = (/** @type {string} */ text) => {
    if (begun) heard = performance.now();
    begun ||= text.trim() === suite.name;
    if (over || NOISE.test(text)) return;
    if (begun) console.log(text);
    else early.push(text);
  };
  const folder = suite.workspace?.(stage) ?? stage.workspace;
  const keys = suite.provider ? await stage.startProvider() : {};
  const env = { ...stage.environment, ...keys, ...suite.env, BACKEND_TEAM_SUITE: suite.name, BACKEND_TEAM_GREP: values.grep, BACKEND_TEAM_CHECKOUT_PYTHON: PYTHON };
  // One extension is under development: the tests' own, and ours is installed then.
  const installed = suite.pythonExtension ? { vsix } : {};
  const code = await VsCode.start({ tools, home: stage.home, machine: suite.machine ?? {}, env, testDriver: true, trust: suite.trust ?? false, ...installed });
  const context = await browser.newContext();
  const page = await context.newPage();
  let good = false;
  try {
    const ended = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
    await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _kind, /** @type {unknown[]} */ words) => log(format(...words)));
    if (tools.oldest) await page.addInitScript(driveTests);
    const { host } = new URL(code.url);
    const remote = (/** @type {string} */ path) => `vscode-remote://${host}${path}`;
    const payload = [
      ["extensionDevelopmentPath", remote(suite.pythonExtension ? PYTHON_EXTENSION : join(ROOT, "build", "extension"))],
      ["extensionTestsPath", remote(join(ROOT, "client-vscode", "out", "test", "index.js"))],
    ];
    await page.goto(`${code.address(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    let watch;
    const silence = new Promise((resolve) => (watch = setInterval(() => performance.now() - heard > SILENCE_MS && resolve("no end in sight"), 1_000)));
    const result = await Promise.race([ended, silence, new Promise((resolve) => whenInterrupted(() => resolve("interrupted")))]);
    clearInterval(watch);
    over = true;
    good = result === 0;
    if (!good) console.error(`The suite "${suite.name}" failed: ${result}`);
  } finally {
    if (!good) {
      if (!begun) console.log(early.join("\n"));
      mkdirSync(FILM, { recursive: true });
      await page.screenshot({ path: join(FILM, `extension-tests-${suite.name}.png`) }).catch(() => undefined);
    }
    await context.close();
    await code.stop();
  }
  return good;
}

/** Runs in the page: the oldest code-server has no flag for the driver of tests, so the page's own settings say it. */
function driveTests() {
  const observer = new MutationObserver(() => {
    const meta = document.getElementById("vscode-workbench-web-configuration");
    const settings = JSON.parse(meta?.getAttribute("data-settings") || "{}");
    if (!meta || !settings.developmentOptions) return;
    observer.disconnect();
    settings.developmentOptions.enableSmokeTestDriver = true;
    meta.setAttribute("data-settings", JSON.stringify(settings));
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** Two folders that judge differently by the editor's settings. @param {Stage} stage */
function twoFolders(stage) {
  const home = join(stage.home, "work", "folders");
  const text = "def same(one):\n    if one == None:\n        return 1\n    return 2\n";
  for (const name of ["strict", "lenient"]) {
    mkdirSync(join(home, name, ".vscode"), { recursive: true });
    writeFileSync(join(home, name, "module.py"), text);
  }
  writeFileSync(join(home, "lenient", ".vscode", "settings.json"), JSON.stringify({ "backendTeam.lint.ignore": ["comparison-to-none"] }));
  const file = join(home, "two.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: [{ path: "strict" }, { path: "lenient" }] }));
  return file;
}
