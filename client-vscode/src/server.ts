/** Finds the program that is the language server: the setting's, the selected interpreter's, or the extension's own. */

import * as path from "node:path";
import * as vscode from "vscode";
import { claimEnvironment, completeEnvironment, createEnvironment, discardEnvironment, environmentComplete, environmentReady, environmentWorks, readBundle, sweep, type Bundle, type Environment } from "./environment";
import { fits, packageOf } from "./interpreters";
import { selectedInterpreters } from "./selected";

/** Where a server comes from: the setting, the environment of the selected interpreter, or our own one. */
export type Origin = "setting" | "selected" | "own";

export interface Server {
  command: string;
  args: string[];
  origin: Origin;
}

/** Isolated: no folder of the workspace and nothing of PYTHONPATH is searched for modules. */
const MODULE = ["-I", "-m", "backend_team.lsp"];
/** Selected interpreters whose server did not start in this window. */
const rejected = new Set<string>();
/** Servers of our own environments that have all they need. */
const finished = new Set<string>();

/** The server to start; makes its environment when there is none for this version, with visible progress. */
export async function findServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Server> {
  const found = namedServer() ?? (await selectedServer(context, log));
  if (found) {
    log.info(`Server ${found.origin === "setting" ? "of the settings" : "of the selected interpreter"}: ${[found.command, ...found.args].join(" ")}`);
    return found;
  }
  const { home, bundle } = await place(context);
  const interpreter = namedInterpreter();
  const ready = await environmentReady(home, bundle, interpreter);
  const environment = ready ?? (await make(home, bundle, { interpreter, log, title: vscode.l10n.t("AI Backend Team: setting up its server (once)") }));
  if (!ready) finished.delete(environment.python);
  await claimEnvironment(environment);
  if (ready) void sweep(home, ready.folder).catch((error: unknown) => log.warn(`Old environments could not be removed: ${String(error)}`));
  log.info(`Server of the extension's own environment: ${environment.folder}`);
  return { command: environment.python, args: MODULE, origin: "own" };
}

/** The server that neither has to be made nor belongs to the extension, if there is one. */
export async function foreignServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Server | undefined> {
  return namedServer() ?? (await selectedServer(context, log));
}

/**
 * Add what AI and templates need to the server's own environment, unless it has it; all that wait share one run.
 *
 * Raises `EnvironmentError`; the next call tries again.
 */
export async function completeServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, server: Server | undefined): Promise<void> {
  if (server?.origin !== "own" || isComplete(server)) return;
  if (completion) return await completion.done;
  const abort = new AbortController();
  const done = complete(context, log, { server, signal: abort.signal }).finally(() => (completion = undefined));
  completion = { done, abort };
  await done;
  finished.add(server.command);
}

/** Whether nothing has to be added to the server's environment, as far as this window knows. */
export function isComplete(server: Server | undefined): boolean {
  return server !== undefined && (server.origin !== "own" || finished.has(server.command));
}

/** Leave off completing the environment: the next start goes on with it. */
export async function stopCompleting(): Promise<void> {
  completion?.abort.abort();
  await completion?.done.catch(() => undefined);
}

let completion: { done: Promise<void>; abort: AbortController } | undefined;

async function complete(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, { server, signal }: { server: Server; signal: AbortSignal }): Promise<void> {
  const { home, bundle } = await place(context);
  const environment = { python: server.command, folder: path.dirname(path.dirname(server.command)) };
  if (await environmentComplete(environment)) return;
  const progress = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("AI Backend Team: adding what AI and templates need") };
  await vscode.window.withProgress(progress, async () => {
    const say = (line: string): void => log.info(line);
    await completeEnvironment(environment, { home, bundle, signal, calm: true, onStep: say, onOutput: say });
  });
  log.info("The server's environment is complete.");
}

/**
 * Make the extension's own environment anew; the old one stays until the new one is ready. Whoever asks while one is made
 * waits for that one. Raises `EnvironmentError`.
 */
export function remakeEnvironment(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<void> {
  remaking ??= remake(context, log).finally(() => (remaking = undefined));
  return remaking;
}

let remaking: Promise<void> | undefined;

async function remake(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<void> {
  await stopCompleting();
  finished.clear();
  const { home, bundle } = await place(context);
  await make(home, bundle, { interpreter: namedInterpreter(), log, title: vscode.l10n.t("AI Backend Team: making its server anew"), anew: true });
}

/**
 * Leave a server that did not start: whether the next search finds another one.
 *
 * A selected interpreter's is passed over in this window; our own environment, when the server in it can't be imported,
 * is made anew.
 */
export async function repairServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, failed?: Server): Promise<boolean> {
  if (failed?.origin === "selected") {
    log.warn(`The server of ${failed.command} did not start; the extension's own one is used instead.`);
    rejected.add(failed.command);
    return true;
  }
  if (failed?.origin === "setting") return false;
  const where = await place(context).catch(() => undefined);
  const environment = where && (await environmentReady(where.home, where.bundle));
  if (!environment || (await environmentWorks(environment))) return false;
  log.warn(`The environment in ${environment.folder} is broken and will be made anew.`);
  await discardEnvironment(environment);
  finished.delete(environment.python);
  return true;
}

/** Try selected interpreters again whose server did not start. */
export function forgetFailures(): void {
  rejected.clear();
}

function namedServer(): Server | undefined {
  const [command, ...args] = settings().get<string[]>("command", []);
  return command ? { command, args, origin: "setting" } : undefined;
}

/** The server in the environment of a selected interpreter, of a version that understands this client. */
async function selectedServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Server | undefined> {
  if (settings().get("importStrategy") !== "fromEnvironment") return undefined;
  const { version: client } = context.extension.packageJSON as { version: string };
  for (const { python } of await selectedInterpreters(log)) {
    if (rejected.has(python)) continue;
    const installed = await packageOf(python, { cwd: context.extensionPath });
    if (!installed) continue;
    const has = `${python} has ai-backend-team ${installed.version}`;
    if (!fits(installed.version, client)) log.info(`${has}, which does not fit version ${client} of the extension.`);
    else if (!installed.complete) log.info(`${has} without its extra "lsp".`);
    else return { command: python, args: MODULE, origin: "selected" };
  }
  return undefined;
}

interface Making {
  interpreter: string | undefined;
  log: vscode.LogOutputChannel;
  title: string;
  anew?: boolean;
}

async function make(home: string, bundle: Bundle, { interpreter, log, title, anew = false }: Making): Promise<Environment> {
  const progress = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(progress, async (shown, cancellation) => {
    const abort = new AbortController();
    cancellation.onCancellationRequested(() => abort.abort());
    return await createEnvironment({
      home,
      bundle,
      interpreter,
      anew,
      signal: abort.signal,
      onStep: (message) => {
        log.info(message);
        shown.report({ message });
      },
      onOutput: (line) => log.info(line),
    });
  });
}

async function place(context: vscode.ExtensionContext): Promise<{ home: string; bundle: Bundle }> {
  const bundle = await readBundle(path.join(context.extensionPath, "bundled"));
  return { home: path.join(context.globalStorageUri.fsPath, "server"), bundle };
}

function namedInterpreter(): string | undefined {
  return settings().get<string>("interpreter", "").trim() || undefined;
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("backendTeam.server");
}
