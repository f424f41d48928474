/**
 * The server's own Python environment: made once from the wheel that the extension brings along.
 *
 * An environment belongs to one wheel (its digest is in the folder's name) and counts only once `ready.json` is written,
 * as the last thing. Nothing here knows about VS Code, so that it can be tested alone.
 */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";

/** The wheel of the server and the versions it was tested with. */
export interface Bundle {
  wheel: string;
  constraints: string;
  digest: string;
}

export interface Creation {
  home: string;
  bundle: Bundle;
  /** Interpreter of the settings; otherwise `python3` or the newest on PATH. */
  interpreter?: string | undefined;
  signal: AbortSignal;
  onStep(message: string): void;
  onOutput(line: string): void;
  /** Environment variables of the processes; PATH is searched for Python. */
  environ?: NodeJS.ProcessEnv;
}

/** An environment could not be made; the message is for a person and says what to do. */
export class EnvironmentError extends Error {
  constructor(
    readonly kind: "python" | "venv" | "network" | "packages" | "bundle" | "cancelled",
    message: string,
  ) {
    super(message);
  }
}

const OLDEST: [number, number] = [3, 11];
const NEWEST_MINOR = 16;
const EXTRAS = "lsp,ai,api";
const SHARE_WAIT_MS = 10 * 60_000;
const NO_NETWORK =
  /NewConnectionError|NameResolutionError|Temporary failure in name resolution|Failed to establish a new connection|ConnectTimeout|ReadTimeout|Network is unreachable|Connection refused|ProxyError|getaddrinfo failed|CERTIFICATE_VERIFY_FAILED|SSLError/;

/** The wheel and constraints in a folder; raises `EnvironmentError` when the extension was built without them. */
export async function readBundle(folder: string): Promise<Bundle> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const wheel = names.find((name) => name.endsWith(".whl"));
  if (!wheel || !names.includes("constraints.txt")) {
    throw new EnvironmentError("bundle", `This build of the extension brings no server along (${folder}). Install a packaged one, or name a server in the setting backendTeam.server.command.`);
  }
  const file = path.join(folder, wheel);
  const constraints = path.join(folder, "constraints.txt");
  const digest = createHash("sha256").update(await readFile(file)).update(await readFile(constraints)).digest("hex").slice(0, 12);
  return { wheel: file, constraints, digest };
}

/** The folder of a bundle's environment. */
export function environmentFolder(home: string, bundle: Bundle): string {
  return path.join(home, bundle.digest);
}

/** The interpreter of the environment when it was made completely and is still there. */
export async function environmentReady(home: string, bundle: Bundle): Promise<string | undefined> {
  const folder = environmentFolder(home, bundle);
  const python = pythonIn(folder);
  const complete = await Promise.all([exists(path.join(folder, "ready.json")), exists(python)]);
  return complete.every(Boolean) ? python : undefined;
}

/** Whether the server of an environment can be imported. */
export async function environmentWorks(folder: string): Promise<boolean> {
  const { code } = await run(pythonIn(folder), ["-c", "import backend_team.lsp.server"], {});
  return code === 0;
}

/** Remove an environment. */
export async function removeEnvironment(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Make the environment and return its interpreter; two windows at the same time make one. Raises `EnvironmentError`. */
export async function createEnvironment(creation: Creation): Promise<string> {
  const { home, bundle } = creation;
  await mkdir(home, { recursive: true });
  return await alone(path.join(home, `${bundle.digest}.lock`), creation, async () => {
    const ready = await environmentReady(home, bundle);
    if (ready) return ready;
    const folder = environmentFolder(home, bundle);
    await removeEnvironment(folder);
    try {
      await build(folder, creation);
    } catch (error) {
      await removeEnvironment(folder);
      throw error;
    }
    await removeOthers(home, bundle);
    return pythonIn(folder);
  });
}

async function build(folder: string, creation: Creation): Promise<void> {
  const { bundle, signal, onStep, onOutput } = creation;
  onStep("looking for Python");
  const python = await findPython(creation);
  onStep(`making an environment with Python ${python.version}`);
  const made = await run(python.path, ["-m", "venv", folder], { signal, onOutput, env: creation.environ });
  stopIfCancelled(signal);
  if (made.code !== 0) {
    throw new EnvironmentError(
      "venv",
      `${python.path} can't make environments (its venv module is missing or broken). On Debian and Ubuntu: apt-get install python3-venv. Or name another Python in the setting backendTeam.server.interpreter, then run "Restart Server".`,
    );
  }
  onStep("installing its packages");
  const requirement = `ai-backend-team[${EXTRAS}] @ ${pathToFileURL(bundle.wheel).href}`;
  // Compiled when first imported: most modules of the packages never are, and it takes nearly half of the time.
  const args = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile", "--progress-bar", "off", "--constraint", bundle.constraints, requirement];
  const installed = await run(pythonIn(folder), args, {
    signal,
    env: creation.environ,
    onOutput: (line) => {
      onOutput(line);
      const name = /^\s*Collecting ([\w.-]+)/.exec(line)?.[1];
      if (name) onStep(`fetching ${name}`);
      if (line.startsWith("Installing collected packages")) onStep("installing its packages");
    },
  });
  stopIfCancelled(signal);
  if (installed.code !== 0) {
    if (NO_NETWORK.test(installed.output)) {
      throw new EnvironmentError("network", `The packages of the server could not be downloaded: the package index can't be reached. Check the network and the proxy, then run "Restart Server".`);
    }
    const reason = installed.output.split("\n").filter((line) => line.startsWith("ERROR")).pop() ?? `pip ended with code ${installed.code}`;
    throw new EnvironmentError("packages", `The packages of the server could not be installed: ${reason.replace(/^ERROR:\s*/, "")} The log has the whole output; run "Restart Server" to try again.`);
  }
  const checked = await run(pythonIn(folder), ["-c", "import backend_team.lsp.server"], { signal, onOutput });
  stopIfCancelled(signal);
  if (checked.code !== 0) throw new EnvironmentError("packages", `The server was installed but does not start; the log says why. Run "Restart Server" to try again.`);
  await writeFile(path.join(folder, "ready.json"), JSON.stringify({ wheel: path.basename(bundle.wheel), python: python.version }, null, 2));
}

interface Interpreter {
  path: string;
  version: string;
}

/** The interpreter of the settings, or the newest on PATH that is new enough. */
async function findPython({ interpreter, environ, onOutput }: Creation): Promise<Interpreter> {
  const wanted = OLDEST.join(".");
  if (interpreter) {
    const found = await examine(interpreter, environ);
    if (!found) throw new EnvironmentError("python", `${interpreter} (setting backendTeam.server.interpreter) is no Python that can be started. Name Python ${wanted} or newer, then run "Restart Server".`);
    if (!newEnough(found)) throw new EnvironmentError("python", `${interpreter} (setting backendTeam.server.interpreter) is Python ${found.version}; the server needs ${wanted} or newer.`);
    return found;
  }
  const minors = Array.from({ length: NEWEST_MINOR - OLDEST[1] + 1 }, (_, index) => NEWEST_MINOR - index);
  const names = ["python3", ...minors.map((minor) => `python3.${minor}`), "python", ...(process.platform === "win32" ? ["py"] : [])];
  const seen: string[] = [];
  for (const name of names) {
    const found = await examine(name, environ);
    if (!found) continue;
    if (newEnough(found)) return found;
    seen.push(`${name} is ${found.version}`);
  }
  onOutput(`PATH: ${(environ ?? process.env)["PATH"] ?? ""}`);
  const others = seen.length > 0 ? ` (${seen.join(", ")})` : "";
  throw new EnvironmentError("python", `The server needs Python ${wanted} or newer and none was found on PATH${others}. Install one, or name it in the setting backendTeam.server.interpreter, then run "Restart Server".`);
}

async function examine(program: string, env: NodeJS.ProcessEnv | undefined): Promise<Interpreter | undefined> {
  const question = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)";
  const { code, output } = await run(program, ["-c", question], { env });
  const [version, executable] = output.trim().split(/\r?\n/);
  return code === 0 && version && /^\d+\.\d+\.\d+$/.test(version) && executable ? { path: executable, version } : undefined;
}

function newEnough({ version }: Interpreter): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function pythonIn(folder: string): string {
  return process.platform === "win32" ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

/** Do the work while holding a lock file; a lock whose owner is gone is taken over. */
async function alone<Result>(lock: string, { signal, onStep }: Creation, work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + SHARE_WAIT_MS;
  for (let waiting = false; ; waiting = true) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      const owner = Number(await readFile(lock, "utf8").catch(() => "0"));
      if ((owner && !alive(owner)) || Date.now() > deadline) await rm(lock, { force: true });
      if (!waiting) onStep("waiting for another window that is setting it up");
      await pause(250, undefined, { signal }).catch(() => undefined);
      stopIfCancelled(signal);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function removeOthers(home: string, bundle: Bundle): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(bundle.digest) && !name.endsWith(".lock")) await removeEnvironment(path.join(home, name));
  }
}

function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new EnvironmentError("cancelled", `Setting up the server was cancelled. Run "Restart Server" to do it later.`);
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}

interface Run {
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv | undefined;
  onOutput?(line: string): void;
}

/** Run a program to its end; one that can't be started has the code -1. */
function run(program: string, args: string[], { signal, env, onOutput }: Run): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    let output = "";
    let rest = "";
    const take = (chunk: Buffer): void => {
      const text = chunk.toString();
      output += text;
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim()) onOutput?.(line);
    };
    const child = spawn(program, args, { env: env ?? process.env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true, ...(signal ? { signal } : {}) });
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: -1, output: output + error.message }));
    child.on("close", (code) => {
      if (rest.trim()) onOutput?.(rest);
      resolve({ code: code ?? -1, output });
    });
  });
}
