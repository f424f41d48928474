/** One VS Code of its own: code-server on a loopback port, with its own home, settings and extensions. */

import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Settings that keep VS Code quiet: no welcome page, no telemetry, no update, no chat. */
export const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.commandCenter": false,
  "window.menuBarVisibility": "compact",
  "git.enabled": false,
  "files.autoSave": "off",
  "remote.autoForwardPorts": false,
  "security.workspace.trust.startupPrompt": "never",
  "editor.minimap.enabled": false,
  "editor.accessibilitySupport": "off",
  "security.workspace.trust.enabled": false,
};

/**
 * @typedef {object} Options
 * @property {import("./toolbox.mjs").Toolbox} tools
 * @property {string} home                     a folder that becomes HOME and holds everything VS Code writes
 * @property {Record<string, unknown>} [settings]  on top of `QUIET`
 * @property {Record<string, unknown>} [machine]   machine-scoped settings
 * @property {Record<string, string | undefined>} [env]
 * @property {string} [vsix]                   the extension to install
 * @property {boolean} [trust]                 with workspace trust: folders are restricted until trusted
 * @property {boolean} [testDriver]            for tests in the extension host
 * @property {number} [port]
 */

/** A running VS Code; `stop` ends it with everything it started. */
export class VsCode {
  /** @param {import("node:child_process").ChildProcess} child @param {string} url @param {string} log */
  constructor(child, url, log) {
    this.child = child;
    this.url = url;
    this.log = log;
  }

  /** Start VS Code and wait until it answers. @param {Options} options */
  static async start(options) {
    const { tools, home } = options;
    const data = join(home, "user-data");
    const extensions = join(home, "extensions");
    for (const folder of [join(data, "User"), join(data, "Machine"), extensions]) mkdirSync(folder, { recursive: true });
    const settings = { ...QUIET, ...(options.trust ? { "security.workspace.trust.enabled": true } : {}), ...options.settings };
    writeFileSync(join(data, "User", "settings.json"), JSON.stringify(settings, null, 2));
    writeFileSync(join(data, "Machine", "settings.json"), JSON.stringify(options.machine ?? {}, null, 2));
    const environment = {
      ...process.env,
      HOME: home,
      // No gallery: nothing is looked up or updated while the film runs.
      EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "", itemUrl: "", resourceUrlTemplate: "" }),
      XDG_DATA_HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      XDG_CACHE_HOME: undefined,
      PATH: [dirname(tools.node), process.env.PATH].join(delimiter),
      ...options.env,
    };
    const places = ["--user-data-dir", data, "--extensions-dir", extensions];
    if (options.vsix) {
      const done = spawnSync(tools.node, [tools.codeServer, ...places, "--install-extension", options.vsix], { env: environment, encoding: "utf8" });
      if (done.status !== 0) throw new Error(`VS Code refused the extension:\n${done.stdout}${done.stderr}`);
    }
    const port = options.port ?? (await freePort());
    const log = join(home, "code-server.log");
    const flags = ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"];
    // Applications of this machine are opened under a host name of their own: links from the root work there.
    flags.push("--proxy-domain", `{{port}}.localhost:${port}`);
    if (!options.trust) flags.push("--disable-workspace-trust");
    if (options.testDriver && !tools.oldest) flags.push("--vscode-option", "enable-smoke-test-driver");
    const child = spawn(tools.node, [tools.codeServer, ...places, ...flags], { env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const file = createWriteStream(log);
    child.stdout?.pipe(file, { end: false });
    child.stderr?.pipe(file, { end: false });
    const running = new VsCode(child, `http://127.0.0.1:${port}`, log);
    try {
      await until("code-server answers", async () => (await fetch(`${running.url}/healthz`)).ok, 30_000);
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  /** The address that opens a folder, or a workspace by its file. @param {string} folder */
  address(folder) {
    return `${this.url}/?${folder.endsWith(".code-workspace") ? "workspace" : "folder"}=${encodeURIComponent(folder)}`;
  }

  /** End code-server and all its processes. */
  async stop() {
    await endGroup(this.child);
  }
}

/** End the process group of a child that was started with `detached`. @param {import("node:child_process").ChildProcess} child */
export async function endGroup(child) {
  const group = child.pid;
  if (!group) return;
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGKILL"])) {
    try {
      process.kill(-group, signal);
      await untilOver("the process group ended", () => !groupAlive(group), signal === "SIGTERM" ? 8_000 : 5_000);
      return;
    } catch (error) {
      if (!groupAlive(group)) return;
      if (signal === "SIGKILL") throw error;
    }
  }
}

/** @param {number} group */
function groupAlive(group) {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Set by Ctrl-C: whoever waits gives up, and what was started is ended as always. */
const interruption = new AbortController();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => interruption.abort());

/** Whether the run was interrupted; `onInterrupt` is called when it is. @param {() => void} onInterrupt */
export function whenInterrupted(onInterrupt) {
  if (interruption.signal.aborted) onInterrupt();
  else interruption.signal.addEventListener("abort", onInterrupt, { once: true });
}

/** Wait for a condition; what it returns or the last error is reported. @template T @param {string} what @param {() => T | Promise<T>} condition @param {number} [timeout] @returns {Promise<NonNullable<T>>} */
export async function until(what, condition, timeout = 30_000) {
  return await poll(what, condition, timeout, interruption.signal);
}

/** The same, for the end of what was started: goes on after an interruption. @template T @param {string} what @param {() => T | Promise<T>} condition @param {number} timeout @returns {Promise<NonNullable<T>>} */
export async function untilOver(what, condition, timeout) {
  return await poll(what, condition, timeout, undefined);
}

/** @template T @param {string} what @param {() => T | Promise<T>} condition @param {number} timeout @param {AbortSignal | undefined} stop @returns {Promise<NonNullable<T>>} */
async function poll(what, condition, timeout, stop) {
  const deadline = performance.now() + timeout;
  let trouble = "";
  for (;;) {
    try {
      const value = await condition();
      if (value) return /** @type {NonNullable<T>} */ (value);
      trouble = "";
    } catch (error) {
      trouble = ` (last: ${error instanceof Error ? error.message.split("\n")[0] : error})`;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeout / 1000} s in vain until ${what}${trouble}`);
    if (stop?.aborted) throw new Error(`interrupted while waiting until ${what}`);
    await pause(50);
  }
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
