/** Keeps the server the right one while the window is open: settings, the selected interpreter and trust may change. */

import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { compare } from "./interpreters";
import { explain } from "./messages";
import { onSelectionChange, selectedInterpreters, type Selected } from "./selected";
import { foreignServer } from "./server";
import type { Session } from "./session";

/** Time that a start under the old settings is given. */
const START_MS = 3_000;
/** What the person was told of in this workspace: the two versions. */
const TOLD = "backendTeam.olderPython";

/** Restart the server when another one would be found, and say once when its Python is older than the workspace's. */
export function keepRight(session: Session, context: vscode.ExtensionContext): vscode.Disposable {
  let comparing: Promise<void> | undefined;
  let again = false;
  const follow = (): void => {
    again = true;
    comparing ??= (async () => {
      while (again && !session.over) {
        again = false;
        await restartIfAnother(session, context);
      }
    })()
      .catch((error: unknown) => explain(session, error))
      .finally(() => (comparing = undefined));
  };
  const older = new OlderPython(session, context);
  return vscode.Disposable.from(
    onSelectionChange(() => {
      follow();
      older.look(true);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(follow),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("backendTeam.server")) void restartAfter(session).catch((error: unknown) => explain(session, error));
    }),
    session.onDidChange(() => older.look()),
  );
}

/** Restart once what is under way is over, for that may have read the old settings; what hangs under them is given up. */
async function restartAfter(session: Session): Promise<void> {
  const before = session.searches;
  await Promise.race([session.settled(), pause(START_MS)]);
  session.abandon();
  await session.settled();
  const follows = session.state === "running" && session.searches > before;
  if (!session.over && !follows) await session.restart();
}

async function restartIfAnother(session: Session, context: vscode.ExtensionContext): Promise<void> {
  await session.settled();
  const now = session.server;
  // One that could not be started is the person's to start again.
  if (!now || session.state !== "running") return;
  const found = await foreignServer(context, session.log);
  const other = found ? found.command !== now.command || found.args.join("\0") !== now.args.join("\0") : now.origin !== "own";
  if (!other) return;
  session.log.info("Another interpreter is selected: the server starts again.");
  await session.restart();
}

/** The newest Python that the workspace is written for, when the server's is older. */
export function isOlder(server: string, selected: readonly Selected[], target: string): { python?: string; version: string } | undefined {
  let newest: { python?: string; version: string } = { version: target };
  for (const { python, version } of selected) if (version && compare(version, newest.version) > 0) newest = { python, version };
  return newest.version && compare(newest.version, server) > 0 ? newest : undefined;
}

/** The word about a server whose Python does not know the syntax of the workspace's. */
class OlderPython {
  private seen = "";

  constructor(
    private readonly session: Session,
    private readonly context: vscode.ExtensionContext,
  ) {}

  /** Compare, when the selection or anything else may have changed. */
  look(selection = false): void {
    const server = this.session.status?.versions.python;
    const target = vscode.workspace.getConfiguration("backendTeam.lint").get<string | null>("targetVersion") ?? "";
    const now = `${server} ${target}`;
    if (selection) this.seen = "";
    if (!server || now === this.seen) return;
    this.seen = now;
    void this.compare(server, target).catch((error: unknown) => this.session.log.warn(String(error)));
  }

  private async compare(server: string, target: string): Promise<void> {
    const newest = isOlder(server, await selectedInterpreters(this.session.log), target);
    if (!newest) return;
    const [wanted, has] = [minor(newest.version), minor(server)];
    const pair = `${wanted} on ${has}`;
    if (this.context.workspaceState.get(TOLD) === pair) return;
    await this.context.workspaceState.update(TOLD, pair);
    await this.tell(wanted, has, newest.python);
  }

  private async tell(wanted: string, has: string, python: string | undefined): Promise<void> {
    const use = vscode.l10n.t("Use Python {0}", wanted);
    const open = vscode.l10n.t("Open Setting");
    const own = this.session.server?.origin === "own";
    const ways = own ? [...(python && vscode.workspace.isTrusted ? [use] : []), open] : [];
    const way = own ? vscode.l10n.t(" Name Python {0} or newer in the setting backendTeam.server.interpreter.", wanted) : "";
    const message = vscode.l10n.t("This workspace is written for Python {0}, and the AI Backend Team server runs on Python {1}: it takes newer syntax for an error.{2}", wanted, has, way);
    this.session.log.warn(message);
    const chosen = await vscode.window.showWarningMessage(message, ...ways);
    if (chosen === open) await vscode.commands.executeCommand("workbench.action.openSettings", "backendTeam.server.interpreter");
    if (chosen === use) await vscode.workspace.getConfiguration("backendTeam.server").update("interpreter", python, vscode.ConfigurationTarget.Global);
  }
}

function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
