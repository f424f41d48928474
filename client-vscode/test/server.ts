/** Finding the server: the environment made from the bundled wheel by real pip, what goes wrong with it, and the selected interpreter. */

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { owner } from "../src/locks";
import { alive } from "../src/processes";
import { api, listen, logged, open, rulesOf, set, until } from "./support";

interface PythonExtension {
  select(path: string, version?: [number, number, number]): void;
}

const CHECKOUT = process.env["BACKEND_TEAM_CHECKOUT_PYTHON"]!;
const MINUTES = 3 * 60_000;

describe("server", function () {
  this.timeout(MINUTES);
  const environ = { ...process.env };
  let scratch: string;
  let python: PythonExtension;

  before(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), "backend-team-server-"));
    python = await vscode.extensions.getExtension<PythonExtension>("ms-python.python")!.activate();
    await listen();
  });

  after(() => rm(scratch, { recursive: true, force: true }));

  afterEach(() => {
    for (const name of ["PATH", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_FIND_LINKS", "PIP_NO_CACHE_DIR", "PIP_RETRIES"]) {
      if (environ[name] === undefined) delete process.env[name];
      else process.env[name] = environ[name];
    }
  });

  /** The folder of the environment that the server runs in, and the one around it. */
  async function own(): Promise<{ folder: string; home: string }> {
    const { session } = await api();
    assert.equal(session.server?.origin, "own");
    const folder = path.dirname(path.dirname(session.server.command));
    return { folder, home: path.dirname(folder) };
  }

  async function unready(): Promise<void> {
    await rm(path.join((await own()).folder, "ready.json"), { force: true });
  }

  /** An environment that claims to have our package. */
  async function pretender(version: string): Promise<string> {
    const folder = path.join(scratch, `env-${version}`);
    execFileSync(CHECKOUT, ["-I", "-m", "venv", "--without-pip", folder]);
    const [release] = await readdir(path.join(folder, "lib"));
    const facts = path.join(folder, "lib", release!, "site-packages", `ai_backend_team-${version}.dist-info`);
    await mkdir(facts);
    await writeFile(path.join(facts, "METADATA"), `Metadata-Version: 2.1\nName: ai-backend-team\nVersion: ${version}\n`);
    return path.join(folder, "bin", "python");
  }

  it("is made from the bundled wheel on the first start, and finds", async () => {
    const { session } = await api();
    await session.start();
    const { folder } = await own();
    const facts = JSON.parse(await readFile(path.join(folder, "ready.json"), "utf8")) as { wheel: string };
    assert.match(facts.wheel, /^ai_backend_team-.*\.whl$/);
    const document = await open("shop/catalogue.py");
    await until("findings are there", () => rulesOf(document.uri).includes("comparison-to-none"));
  });

  it("gets what AI and templates need while it runs", async () => {
    const { session } = await api();
    await session.complete();
    const { folder } = await own();
    const facts = JSON.parse(await readFile(path.join(folder, "ready.json"), "utf8")) as { complete: boolean };
    assert.equal(facts.complete, true);
    execFileSync(session.server!.command, ["-I", "-c", "import importlib.metadata as m; [m.version(name) for name in ('anthropic', 'openai', 'dbos', 'fastapi')]"]);
    assert.equal(session.state, "running");
  });

  it("is not made with a Python that is too old", async () => {
    const { session } = await api();
    const old = path.join(scratch, "python3.9");
    await writeFile(old, "#!/bin/sh\necho 3.9.2; echo /usr/bin/python3.9; echo /usr/bin/python3.9\n");
    await chmod(old, 0o755);
    await set("backendTeam.server.interpreter", old);
    await assert.rejects(session.restart(), /python3\.9 \(setting backendTeam\.server\.interpreter\) is Python 3\.9\.2; the server needs 3\.11 or newer/);
    assert.equal(session.state, "failed");
    await set("backendTeam.server.interpreter", undefined);
    await until("the old environment serves again", () => session.state === "running");
  });

  it("is not made without Python", async () => {
    const { session } = await api();
    await unready();
    process.env["PATH"] = path.join(scratch, "nowhere");
    await assert.rejects(session.restart(), /needs Python 3\.11 or newer and none was found on PATH/);
  });

  it("is not made without a network, and says so", async () => {
    const { session } = await api();
    Object.assign(process.env, { PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_CONFIG_FILE: "/dev/null", PIP_FIND_LINKS: "", PIP_NO_CACHE_DIR: "1", PIP_RETRIES: "1" });
    await assert.rejects(session.restart(), /the package index can't be reached\. Check the network/);
    assert.deepEqual((await readdir(path.join((await own()).home))).filter((name) => name.endsWith(".lock")), []);
  });

  it("is made with the interpreter of the settings", async () => {
    const { session } = await api();
    await set("backendTeam.server.interpreter", CHECKOUT);
    await session.restart();
    const facts = JSON.parse(await readFile(path.join((await own()).folder, "ready.json"), "utf8")) as { interpreter: string };
    assert.equal(facts.interpreter, CHECKOUT);
    await until("it serves", () => session.state === "running");
    await session.complete();
    assert.match(await readFile(path.join((await own()).folder, "ready.json"), "utf8"), /"complete": true/);
  });

  it("is made anew by Repair Server, and what older versions left goes unless a window uses it", async () => {
    const { session } = await api();
    const { folder, home } = await own();
    await rm(path.join(folder, "lib"), { recursive: true, maxRetries: 5 });
    const past = new Date(Date.now() - 3_600_000);
    for (const [name, pid] of Object.entries({ "000000000001": 999_999_999, "000000000002": process.ppid })) {
      await mkdir(path.join(home, name, "windows"), { recursive: true });
      await writeFile(path.join(home, name, "windows", owner(pid)), "");
      await writeFile(path.join(home, name, "ready.json"), "{}");
      await utimes(path.join(home, name, "ready.json"), past, past);
    }
    // Pressed twice: one environment is made.
    await Promise.all([1, 2].map(() => vscode.commands.executeCommand("backendTeam.repairServer")));
    assert.equal(session.state, "running");
    const made = (await own()).folder;
    assert.notEqual(made, folder);
    assert.ok((await stat(path.join(made, "ready.json"))).isFile());
    assert.deepEqual((await readdir(home)).sort(), ["000000000002", path.basename(made)]);
    await rm(path.join(home, "000000000002"), { recursive: true });
  });

  it("is the selected interpreter's when that has our package, and follows the selection", async () => {
    const { session } = await api();
    const before = session.server!.command;
    python.select(CHECKOUT);
    await until("the selected one serves", () => session.server?.origin === "selected" && session.state === "running");
    assert.equal(session.server!.command, CHECKOUT);
    await set("backendTeam.server.importStrategy", "useBundled");
    await until("our own serves", () => session.server?.command === before && session.state === "running");
    await set("backendTeam.server.importStrategy", undefined);
    await until("the selected one serves again", () => session.server?.origin === "selected" && session.state === "running");
    python.select("");
    await until("our own serves again", () => session.server?.command === before && session.state === "running");
  });

  it("stays when the selected interpreter has another version of our package", async () => {
    const { session } = await api();
    const other = await pretender("9.9.0");
    python.select(other);
    await until("the log says why", () => logged("has ai-backend-team 9.9.0, which does not fit version"));
    await session.restart();
    assert.equal(session.server?.origin, "own");
  });

  it("is our own when the selected interpreter's does not start", async () => {
    const { session } = await api();
    const { version } = vscode.extensions.getExtension("ai-backend-team.backend-team")!.packageJSON as { version: string };
    const broken = await pretender(version);
    python.select(broken);
    await until("the selected one was tried", () => logged(`The server of ${broken} did not start`));
    await until("our own serves", () => session.state === "running" && session.server?.origin === "own");
    python.select("");
  });

  it("that never answers is given up when the setting changes, and ended", async () => {
    const { session } = await api();
    const file = path.join(scratch, "pid");
    const silent = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)";
    await set("backendTeam.server.command", [CHECKOUT, "-c", silent, file]);
    const pid = Number(await until("it was started", () => readFile(file, "utf8").catch(() => "")));
    assert.equal(session.state, "starting");
    await set("backendTeam.server.command", undefined);
    await until("another one serves", () => session.state === "running" && session.server?.origin === "own");
    await until("it has ended", () => !alive(pid));
  });

  it("that can't be started is said, and the setting is the way out", async () => {
    const { session } = await api();
    await set("backendTeam.server.command", [path.join(scratch, "nowhere")]);
    await until("it failed", () => session.state === "failed");
    await assert.rejects(session.start(), (error: Error) => error.name === "Error" && /could not be started \(.*nowhere\)/.test(error.message));
    await set("backendTeam.server.command", undefined);
    await until("another one serves", () => session.state === "running");
  });

  it("is started again when it died, and made anew when its environment is gone", async () => {
    const { session } = await api();
    const { folder } = await own();
    const { pid } = session;
    assert.ok(pid);
    await rm(path.join(folder, "lib"), { recursive: true, maxRetries: 5 });
    process.kill(pid, "SIGKILL");
    await until("another one serves", () => session.state === "running" && session.pid !== pid, 2 * 60_000);
  });

  it("says when the workspace is written for a newer Python than the server's", async () => {
    python.select(CHECKOUT, [3, 99, 0]);
    await until("it says so", () => logged("This workspace is written for Python 3.99, and the AI Backend Team server runs on Python"));
    python.select("");
  });
});
