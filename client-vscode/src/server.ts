/** Finds the program that is the language server: the one of the settings, else the extension's own environment. */

import * as path from "node:path";
import * as vscode from "vscode";
import { createEnvironment, environmentFolder, environmentWorks, environmentReady, readBundle, removeEnvironment } from "./environment";

export interface Server {
  command: string;
  args: string[];
}

/** The server to start; makes its environment when there is none for this version, with visible progress. */
export async function findServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Server> {
  const settings = vscode.workspace.getConfiguration("backendTeam.server");
  const [command, ...args] = settings.get<string[]>("command", []);
  if (command) {
    log.info(`Server of the settings: ${[command, ...args].join(" ")}`);
    return { command, args };
  }
  const bundle = await readBundle(path.join(context.extensionPath, "bundled"));
  const home = path.join(context.globalStorageUri.fsPath, "server");
  const ready = await environmentReady(home, bundle);
  if (ready) return { command: ready, args: ["-m", "backend_team.lsp"] };

  const progress = { location: vscode.ProgressLocation.Notification, title: "AI Backend Team: setting up its server (once)", cancellable: true };
  const python = await vscode.window.withProgress(progress, (shown, cancellation) => {
    const abort = new AbortController();
    cancellation.onCancellationRequested(() => abort.abort());
    return createEnvironment({
      home,
      bundle,
      interpreter: settings.get<string>("interpreter", "").trim() || undefined,
      signal: abort.signal,
      onStep: (message) => {
        log.info(message);
        shown.report({ message });
      },
      onOutput: (line) => log.info(line),
    });
  });
  return { command: python, args: ["-m", "backend_team.lsp"] };
}

/** Throw the extension's own environment away when its server can't be imported, so that the next start makes it anew; whether it was. */
export async function repairServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<boolean> {
  const bundle = await readBundle(path.join(context.extensionPath, "bundled")).catch(() => undefined);
  if (!bundle) return false;
  const home = path.join(context.globalStorageUri.fsPath, "server");
  const folder = environmentFolder(home, bundle);
  if (!(await environmentReady(home, bundle)) || (await environmentWorks(folder))) return false;
  log.warn(`The environment in ${folder} is broken and will be made anew.`);
  await removeEnvironment(folder);
  return true;
}
