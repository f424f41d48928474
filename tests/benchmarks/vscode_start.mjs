/**
 * How long the extension lets one wait in real VS Code: `node tests/benchmarks/vscode_start.mjs`.
 *
 * Prints the size of its JavaScript, VS Code's own figure for its activation, and the time from opening a folder to the
 * first squiggle in sight: on the very first run (the server's environment is made) and on later ones. Of the later ones
 * it tells what VS Code takes until the extension has started its server, and what is left.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir, uptime } from "node:os";
import { join } from "node:path";
import { packageExtension } from "../../client-vscode/scripts/package.mjs";
import { ROOT, VSIX } from "../editor/paths.mjs";
import { Stage } from "../editor/stage.mjs";
import { toolbox } from "../editor/toolbox.mjs";
import { VsCode, until } from "../editor/vscode.mjs";
import { Window, launchBrowser } from "../editor/window.mjs";

const WARM_RUNS = 5;
const FILE = "shop/catalogue.py";
const NAME = "AI Backend Team";

const tools = await toolbox();
await packageExtension();
// What people run is compiled once.
for (const name of ["PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"]) delete process.env[name];
const stage = new Stage({ home: mkdtempSync(join(tmpdir(), "backend-team-start-")) });
const code = await VsCode.start({ tools, home: stage.home, vsix: VSIX, env: stage.environment, settings: { "window.restoreWindows": "none" } });
const browser = await launchBrowser(tools);
/** @type {{ seconds: number, text: number, server: number, activation: number }[]} */
const runs = [];
try {
  for (let run = 0; run <= WARM_RUNS; run++) runs.push(await open());
} finally {
  await browser.close();
  await code.stop();
  for (const line of await stage.strike()) console.error(line);
  rmSync(stage.home, { recursive: true, force: true, maxRetries: 5 });
}
const [first, ...warm] = /** @type {[typeof runs[0], ...typeof runs]} */ (runs);
const bytes = statSync(join(ROOT, "client-vscode", "out", "extension.js")).size;
const row = (/** @type {string} */ what, /** @type {string} */ figure, /** @type {string} */ asked) => console.log(`${what.padEnd(64)} ${figure.padStart(16)}   asked: ${asked}`);
console.log(`${cpus().length} cores, load ${loadavg().map((load) => load.toFixed(1)).join(" ")}`);
row("JavaScript of the extension, one file", `${(bytes / 1024).toFixed(0)} KiB`, "<= 500 KB");
row(`activation, median of ${warm.length} (VS Code's own figure)`, `${median(warm.map(({ activation }) => activation))} ms`, "<= 200 ms");
row("folder opened -> first squiggle, very first run", `${first.seconds.toFixed(1)} s`, "<= 20 s");
row(`folder opened -> first squiggle, later, median of ${warm.length}`, `${median(warm.map(({ seconds }) => seconds)).toFixed(1)} s`, "<= 3 s");
row("of that: until VS Code shows the text of the file", `${median(warm.map(({ text }) => text)).toFixed(1)} s`, "-");
row("of that: until it has started the extension, and that its server", `${median(warm.map(({ server }) => server)).toFixed(1)} s`, "-");
row("of that: from there to the squiggle", `${median(warm.map(({ seconds, server }) => seconds - server)).toFixed(1)} s`, "-");

/** Open the folder with the file in a new window and wait for a squiggle. */
async function open() {
  const payload = [["openFile", `vscode-remote://${new URL(code.url).host}${join(stage.workspace, FILE)}`]];
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  const window = new Window(await context.newPage());
  window.page.setDefaultTimeout(60_000);
  const started = performance.now();
  const at = uptime();
  await window.page.goto(`${code.address(stage.workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  await window.page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
  const text = (performance.now() - started) / 1000;
  await until("a squiggle is in sight", async () => (await window.squiggles()) > 0, 180_000);
  const seconds = (performance.now() - started) / 1000;
  await until("what AI and templates need is there", async () => !/adding what AI/.test(await window.page.locator(".statusbar").innerText()), 180_000);
  const server = startOf(join(stage.home, "user-data")) - at;
  const activation = await activationTime(window);
  await context.close();
  return { seconds, text, server, activation };
}

/** When the newest language server below a folder was started, in seconds since the machine was. @param {string} folder */
function startOf(folder) {
  const starts = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, "utf8");
        if (!command.startsWith(folder) || !command.includes("backend_team.lsp\0")) return [];
        const fields = readFileSync(`/proc/${id}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
        return [Number(fields[19]) / 100]; // in hundredths, whatever the kernel's own clock is
      } catch {
        return []; // it has just ended
      }
    });
  return Math.max(...starts);
}

/** Milliseconds, as "Developer: Show Running Extensions" says. @param {Window} window */
async function activationTime(window) {
  await window.command("Developer: Show Running Extensions");
  const row = window.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: NAME }).first();
  return await until("VS Code says how long the activation took", async () => {
    const text = await row.locator(".activation-time").innerText();
    return Number(/(\d+)\s*ms/.exec(text)?.[1]);
  });
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
