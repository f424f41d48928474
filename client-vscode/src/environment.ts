/**
 * The server's own Python environment: made once from the wheel that the extension brings along.
 *
 * An environment belongs to one wheel (its digest is in the folder's name) and counts only once `ready.json` is written,
 * when the server can be started. Making one anew does not touch the old one before the new one is ready. Of VS Code
 * nothing is used here but its translations.
 *
 * What only AI and templates need is most of what there is to install: it is added while the server runs already.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { l10n } from "vscode";
import { candidates, compare, examine, OLDEST, pythonIn, written, type Interpreter } from "./interpreters";
import { alone, claimed, claims, held } from "./locks";
import { run, type Outcome } from "./processes";

/** The wheel of the server and the versions it was tested with. */
export interface Bundle {
  wheel: string;
  constraints: string;
  digest: string;
}

export interface Creation {
  home: string;
  bundle: Bundle;
  /** Interpreter of the settings; otherwise one that is found. */
  interpreter?: string | undefined;
  /** Make one even when there is one. */
  anew?: boolean;
  /** In the background: the editor comes first. */
  calm?: boolean;
  signal: AbortSignal;
  onStep(message: string): void;
  onOutput(line: string): void;
  /** Environment variables of the processes; PATH is searched for Python. */
  environ?: NodeJS.ProcessEnv;
}

/** An environment that was made completely. */
export interface Environment {
  folder: string;
  python: string;
}

/** What `ready.json` says of an environment. */
interface Facts {
  wheel: string;
  python: string;
  /** The interpreter that the settings named. */
  interpreter: string | null;
  complete: boolean;
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

const FIRST = "lsp";
const ALL = "lsp,ai,api";
const READY = "ready.json";
const REMOVED = ".removed";
const NO_NETWORK =
  /NewConnectionError|NameResolutionError|Temporary failure in name resolution|Failed to establish a new connection|ConnectTimeout|ReadTimeout|Network is unreachable|Connection refused|ProxyError|getaddrinfo failed|CERTIFICATE_VERIFY_FAILED|SSLError/;

/** The wheel and constraints in a folder; raises `EnvironmentError` when the extension was built without them. */
export async function readBundle(folder: string): Promise<Bundle> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const wheel = names.find((name) => name.endsWith(".whl"));
  if (!wheel || !names.includes("constraints.txt")) {
    throw new EnvironmentError("bundle", l10n.t("This build of the extension brings no server along ({0}). Install a packaged one, or name a server in the setting backendTeam.server.command.", folder));
  }
  const file = path.join(folder, wheel);
  const constraints = path.join(folder, "constraints.txt");
  const digest = createHash("sha256").update(await readFile(file)).update(await readFile(constraints)).digest("hex").slice(0, 12);
  return { wheel: file, constraints, digest };
}

/** The newest environment of a bundle that was made completely and, where the settings name an interpreter, with that one. */
export async function environmentReady(home: string, bundle: Bundle, interpreter?: string): Promise<Environment | undefined> {
  const found: { at: number; environment: Environment }[] = [];
  for (const name of await namesIn(home)) {
    if (name !== bundle.digest && !name.startsWith(`${bundle.digest}-`)) continue;
    const folder = path.join(home, name);
    const python = pythonIn(folder);
    const [at, there] = [await madeAt(folder), await exists(python)];
    if (at === undefined || !there) continue;
    if (interpreter && (await factsOf(folder)).interpreter !== interpreter) continue;
    found.push({ at, environment: { folder, python } });
  }
  return found.sort((one, other) => other.at - one.at)[0]?.environment;
}

/** Whether the server of an environment can be imported. */
export async function environmentWorks({ folder, python }: Environment): Promise<boolean> {
  const { code } = await run(python, ["-I", "-c", "import backend_team.lsp.server"], { cwd: folder });
  return code === 0;
}

/** Let an environment count no more; it is removed when the next one is ready. */
export async function discardEnvironment({ folder }: Environment): Promise<void> {
  await rm(path.join(folder, READY), { force: true });
}

/** Make the environment unless it is there; two windows at the same time make one. Raises `EnvironmentError`. */
export async function createEnvironment(creation: Creation): Promise<Environment> {
  const { home, bundle, interpreter, signal } = creation;
  await mkdir(home, { recursive: true });
  const holding = { signal, onWait: () => creation.onStep(l10n.t("waiting for another window that is setting it up")) };
  const made = await alone(lockOf(home, bundle.digest), holding, async () => {
    const old = await environmentReady(home, bundle, interpreter);
    if (old && !creation.anew) return old;
    const folder = await freeFolder(home, bundle);
    try {
      await build(folder, creation);
    } catch (error) {
      await remove(folder);
      throw error;
    }
    return { folder, python: pythonIn(folder) };
  }).catch((error: unknown) => {
    stopIfCancelled(signal);
    throw error;
  });
  await sweep(home, made.folder);
  return made;
}

/** Whether an environment has what AI and templates need, too. */
export async function environmentComplete({ folder }: Environment): Promise<boolean> {
  return (await factsOf(folder)).complete === true;
}

/** Add what AI and templates need to an environment that is in use; one window does it for all. Raises `EnvironmentError`. */
export async function completeEnvironment(environment: Environment, creation: Creation): Promise<void> {
  const { home, bundle, signal, onStep } = creation;
  const holding = { signal, onWait: () => onStep(l10n.t("waiting for another window that is setting it up")) };
  await alone(lockOf(home, bundle.digest), holding, async () => {
    if (await environmentComplete(environment)) return;
    await install(environment.folder, ALL, creation);
    const facts = await factsOf(environment.folder);
    // One that was discarded meanwhile does not come back.
    if (facts.wheel) await writeFile(path.join(environment.folder, READY), JSON.stringify({ ...facts, complete: true }, null, 2));
  }).catch((error: unknown) => {
    stopIfCancelled(signal);
    throw error;
  });
}

/**
 * Remove what is older than the environment in use, of this version and of others, and was left half made.
 *
 * What another window uses stays, and goes when a window starts after that one was closed.
 */
export async function sweep(home: string, inUse: string): Promise<void> {
  const newest = (await madeAt(inUse)) ?? 0;
  for (const name of await namesIn(home)) {
    const folder = path.join(home, name);
    if (folder === inUse || name.endsWith(".lock")) continue;
    if (await held(lockOf(home, name.split("-")[0] ?? name))) continue;
    if (((await madeAt(folder)) ?? 0) > newest || (await claimed(folder))) continue;
    await remove(folder);
  }
}

/** Say that this window uses an environment. */
export async function claimEnvironment({ folder }: Environment): Promise<void> {
  await claims(folder);
}

async function build(folder: string, creation: Creation): Promise<void> {
  const { home, bundle, interpreter, signal, onStep, onOutput, environ } = creation;
  const step = (program: string, args: string[]): Promise<Outcome> => run(program, args, { cwd: home, signal, env: environ, onOutput });
  onStep(l10n.t("looking for Python"));
  const python = await findPython(creation);
  stopIfCancelled(signal);
  onStep(l10n.t("making an environment with Python {0}", python.version));
  const made = await step(python.path, ["-I", "-m", "venv", folder]);
  stopIfCancelled(signal);
  if (made.code !== 0) {
    throw new EnvironmentError(
      "venv",
      l10n.t("{0} can't make environments (its venv module is missing or broken). On Debian and Ubuntu: apt-get install python3-venv. Or name another Python in the setting backendTeam.server.interpreter, then run \"Restart Server\".", python.path),
    );
  }
  await install(folder, FIRST, creation);
  const checked = await step(pythonIn(folder), ["-I", "-c", "import backend_team.lsp.server"]);
  stopIfCancelled(signal);
  if (checked.code !== 0) throw new EnvironmentError("packages", l10n.t("The server was installed but does not start; the log says why. Run \"Restart Server\" to try again."));
  const facts: Facts = { wheel: path.basename(bundle.wheel), python: python.version, interpreter: interpreter ?? null, complete: false };
  await writeFile(path.join(folder, READY), JSON.stringify(facts, null, 2));
}

async function install(folder: string, extras: string, { home, bundle, calm, signal, onStep, onOutput, environ }: Creation): Promise<void> {
  onStep(l10n.t("installing its packages"));
  const requirement = `ai-backend-team[${extras}] @ ${pathToFileURL(bundle.wheel).href}`;
  // Compiled when first imported: most modules of the packages never are, and it takes nearly half of the time.
  const args = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile", "--progress-bar", "off", "--constraint", bundle.constraints, requirement];
  const listen = (line: string): void => {
    onOutput(line);
    const name = /^\s*Collecting ([\w.-]+)/.exec(line)?.[1];
    if (name) onStep(l10n.t("fetching {0}", name));
    if (line.startsWith("Installing collected packages")) onStep(l10n.t("installing its packages"));
  };
  const { code, output } = await run(pythonIn(folder), args, { cwd: home, signal, env: environ, calm, onOutput: listen });
  stopIfCancelled(signal);
  if (code === 0) return;
  if (NO_NETWORK.test(output)) {
    throw new EnvironmentError("network", l10n.t("The packages of the server could not be downloaded: the package index can't be reached. Check the network and the proxy, then run \"Restart Server\"."));
  }
  const reason = output.split("\n").filter((line) => line.startsWith("ERROR")).pop() ?? l10n.t("pip ended with code {0}.", String(code));
  throw new EnvironmentError("packages", l10n.t("The packages of the server could not be installed: {0} The log has the whole output; run \"Restart Server\" to try again.", reason.replace(/^ERROR:\s*/, "")));
}

/** The interpreter of the settings, or the likeliest of this machine that is new enough. */
async function findPython({ home, interpreter, environ, signal, onOutput }: Creation): Promise<Interpreter> {
  const options = { cwd: home, env: environ, signal };
  if (interpreter) {
    const found = await examine({ command: written(interpreter), args: [] }, options);
    if (!found) throw new EnvironmentError("python", l10n.t("{0} (setting backendTeam.server.interpreter) is no Python that can be started. Name Python {1} or newer, then run \"Restart Server\".", interpreter, OLDEST));
    if (compare(found.version, OLDEST) < 0) throw new EnvironmentError("python", l10n.t("{0} (setting backendTeam.server.interpreter) is Python {1}; the server needs {2} or newer.", interpreter, found.version, OLDEST));
    return found;
  }
  const seen: string[] = [];
  for (const candidate of candidates()) {
    const found = await examine(candidate, options);
    stopIfCancelled(signal);
    if (!found) continue;
    if (compare(found.version, OLDEST) >= 0) return found;
    seen.push(l10n.t("{0} is {1}", [candidate.command, ...candidate.args].join(" "), found.version));
  }
  onOutput(`PATH: ${(environ ?? process.env)["PATH"] ?? ""}`);
  const others = seen.length > 0 ? ` (${seen.join(", ")})` : "";
  throw new EnvironmentError("python", l10n.t("The server needs Python {0} or newer and none was found on PATH{1}. Install one, or name it in the setting backendTeam.server.interpreter, then run \"Restart Server\".", OLDEST, others));
}

/** A folder for a new environment: environments can't be moved, so one that is still in use keeps its name. */
async function freeFolder(home: string, bundle: Bundle): Promise<string> {
  for (let number = 0; ; number++) {
    const folder = path.join(home, number === 0 ? bundle.digest : `${bundle.digest}-${number}`);
    if ((await madeAt(folder)) === undefined && !(await claimed(folder))) await remove(folder);
    if (!(await exists(folder))) return folder;
  }
}

/** Remove a folder, wholly or not at all: on Windows it can't be renamed while a program in it runs. */
async function remove(folder: string): Promise<void> {
  const away = folder.endsWith(REMOVED) ? folder : `${folder}${REMOVED}`;
  try {
    if (away !== folder) await rename(folder, away);
    await rm(away, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // In use, or gone already: the next sweep looks again.
  }
}

function lockOf(home: string, digest: string): string {
  return path.join(home, `${digest}.lock`);
}

/** When an environment was made completely, in milliseconds; undefined when it was not. */
async function madeAt(folder: string): Promise<number | undefined> {
  return await stat(path.join(folder, READY)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

async function factsOf(folder: string): Promise<Partial<Facts>> {
  try {
    return JSON.parse(await readFile(path.join(folder, READY), "utf8")) as Partial<Facts>;
  } catch {
    return {};
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new EnvironmentError("cancelled", l10n.t("Setting up the server was cancelled. Run \"Restart Server\" to do it later."));
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}
