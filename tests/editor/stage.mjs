/** What a run of the product needs around VS Code: a home of its own, a copy of the sample, the loopback AI provider. */

import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT, SAMPLE } from "./paths.mjs";
import { withVariable } from "./processes.mjs";
import { endGroup, untilOver } from "./vscode.mjs";

const PYTHON = join(ROOT, ".venv", "bin", "python");

/** A place for one run; `strike` ends and removes everything in it. */
export class Stage {
  /** @param {{ home?: string | undefined }} [options] a home that is kept, for those who look at what is left */
  constructor({ home } = {}) {
    this.kept = home !== undefined;
    this.home = home ?? mkdtempSync(join(tmpdir(), "backend-team-film-"));
    this.state = join(this.home, "state");
    this.workspace = join(this.home, "work", "sample");
    this.provider = undefined;
    for (const folder of [this.state, this.workspace, join(this.home, "work")]) rmSync(folder, { recursive: true, force: true });
    mkdirSync(this.state, { recursive: true, mode: 0o700 });
    cpSync(SAMPLE, this.workspace, { recursive: true });
  }

  /** Start the AI provider of the tests; returns what the server needs to reach it. */
  async startProvider() {
    const child = spawn(PYTHON, ["-m", "tests.assist.loopback", "--port", "0"], { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "inherit"] });
    this.provider = child;
    const lines = createInterface({ input: child.stdout });
    const port = await new Promise((resolve, reject) => {
      lines.on("line", (/** @type {string} */ line) => {
        const found = /(\d{4,5})\b/.exec(line);
        if (found) resolve(found[1]);
      });
      child.once("exit", (code) => reject(new Error(`the loopback provider ended with code ${code}`)));
    });
    return { BACKEND_TEAM_ANTHROPIC_KEY: "loopback-key", BACKEND_TEAM_ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` };
  }

  /** The environment of VS Code, and so of the server and all it starts. */
  get environment() {
    const cache = spawnSync(PYTHON, ["-m", "pip", "cache", "dir"], { encoding: "utf8" }).stdout.trim();
    return { BACKEND_TEAM_STATE_DIR: this.state, ...(cache ? { PIP_CACHE_DIR: cache } : {}) };
  }

  /** Run a command of the product, as the extension's own environment has it. @param {string[]} args */
  product(...args) {
    return spawnSync(join(ROOT, ".venv", "bin", "backend-team"), args, { encoding: "utf8", env: { ...process.env, ...this.environment } });
  }

  /** End what still runs; returns the command lines of processes that should have ended by themselves. */
  async strike() {
    if (this.provider) await endGroup(this.provider);
    const stopped = this.product("api", "stop");
    const trouble = stopped.status === 0 ? [] : [`backend-team api stop: ${stopped.stderr.trim()}`];
    const left = () => withVariable("BACKEND_TEAM_STATE_DIR", this.state);
    await untilOver("all processes ended", () => left().length === 0, 15_000).catch(() => undefined);
    for (const { pid, command } of left()) {
      trouble.push(`still running: ${command}`);
      process.kill(pid, "SIGKILL");
    }
    return trouble;
  }

  /** Remove the home unless it is to be kept. */
  remove() {
    if (!this.kept && existsSync(this.home)) rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
