/** What a command is, and what it is given. */

import type * as vscode from "vscode";
import type { CleanupView } from "../cleanup/view";
import type { Pages } from "../pages";
import type { Session } from "../session";

export interface Context {
  readonly extension: vscode.ExtensionContext;
  readonly session: Session;
  readonly pages: Pages;
  readonly cleanup: CleanupView;
}

/** Errors that `run` throws are shown to the person. */
export interface Command {
  readonly id: string;
  run(context: Context, ...args: unknown[]): Promise<void>;
}
