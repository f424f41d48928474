/** The interpreters that the person selected in the Python extension (`ms-python.python`), by its public API. */

import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

const PYTHON_EXTENSION = "ms-python.python";
/** How long a start waits for the Python extension; what it says later is followed. */
const READY_MS = 2_000;

/** The part of the API of `@vscode/python-extension` that we use. */
interface PythonApi {
  readonly ready: Promise<void>;
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): EnvironmentPath;
    resolveEnvironment(environment: EnvironmentPath): Promise<ResolvedEnvironment | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

interface EnvironmentPath {
  readonly id: string;
  readonly path: string;
}

interface ResolvedEnvironment {
  readonly executable: { readonly uri: vscode.Uri | undefined };
  readonly version?: { readonly major: number; readonly minor: number; readonly micro: number };
}

/** An interpreter that is selected for a folder of the workspace. */
export interface Selected {
  python: string;
  /** For example "3.12.1"; undefined when the Python extension does not know it. */
  version: string | undefined;
}

/** The selected interpreters, folder by folder, each once; none without trust, and none while the Python extension is not ready. */
export async function selectedInterpreters(log: vscode.LogOutputChannel): Promise<Selected[]> {
  // An interpreter may lie in the workspace: starting it would execute what the workspace brought along.
  if (!vscode.workspace.isTrusted) return [];
  const patience = new AbortController();
  const late = pause(READY_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    return (await Promise.race([ask(), late])) ?? [];
  } catch (error) {
    log.warn(`The Python extension could not say which interpreter is selected: ${String(error)}`);
    return [];
  } finally {
    patience.abort();
  }
}

/** Call back when another interpreter may be selected: now and then by the person, and when the Python extension gets ready. */
export function onSelectionChange(changed: () => void): vscode.Disposable {
  let over = false;
  let watched: unknown;
  let watch: vscode.Disposable | undefined;
  const look = async (): Promise<void> => {
    const api = await pythonApi();
    if (over || !api || api === watched) return;
    watched = api;
    watch?.dispose();
    watch = api.environments.onDidChangeActiveEnvironmentPath(changed);
    changed();
  };
  const installed = vscode.extensions.onDidChange(() => void look().catch(() => undefined));
  void look().catch(() => undefined); // those who ask get to know why
  return new vscode.Disposable(() => {
    over = true;
    watch?.dispose();
    installed.dispose();
  });
}

async function ask(): Promise<Selected[]> {
  const api = await pythonApi();
  if (!api) return [];
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [undefined];
  const found = new Map<string, Selected>();
  for (const folder of folders) {
    const environment = await api.environments.resolveEnvironment(api.environments.getActiveEnvironmentPath(folder));
    const python = environment?.executable.uri?.fsPath;
    const version = environment?.version;
    if (python) found.set(python, { python, version: version && `${version.major}.${version.minor}.${version.micro}` });
  }
  return [...found.values()];
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>(PYTHON_EXTENSION);
  if (!extension) return undefined;
  const api = await extension.activate();
  await api.ready;
  return api;
}
