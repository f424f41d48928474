/** Activation: one session, its status bar, and a command per file. */

import * as vscode from "vscode";
import { checkWorkspace } from "./commands/checkWorkspace";
import type { Command, Context } from "./commands/command";
import { fixFile } from "./commands/fixFile";
import { repairServer } from "./commands/repairServer";
import { restartServer } from "./commands/restartServer";
import { resumeRun, runTemplate } from "./commands/runTemplate";
import { showDeployments } from "./commands/showDeployments";
import { showMenu } from "./commands/showMenu";
import { showUsage } from "./commands/showUsage";
import { storeKey } from "./commands/storeKey";
import { acceptSuggestion, discardSuggestion, suggestRefactoring } from "./commands/suggestRefactoring";
import { explain } from "./messages";
import { Pages } from "./pages";
import { Session } from "./session";
import { StatusBar } from "./statusBar";
import { keepRight } from "./upkeep";

const COMMANDS: readonly Command[] = [
  checkWorkspace,
  fixFile,
  suggestRefactoring,
  acceptSuggestion,
  discardSuggestion,
  runTemplate,
  showDeployments,
  showUsage,
  storeKey,
  restartServer,
  repairServer,
  showMenu,
];

/** What other extensions and our tests may use. */
export interface Api {
  readonly session: Session;
}

export function activate(extension: vscode.ExtensionContext): Api {
  const session = new Session(extension);
  const pages = new Pages();
  const context: Context = { extension, session, pages };
  extension.subscriptions.push(session.log, pages, new StatusBar(session), keepRight(session, extension));
  for (const command of COMMANDS) {
    const run = async (...args: unknown[]): Promise<void> => {
      try {
        await command.run(context, ...args);
      } catch (error) {
        await explain(session, error);
      }
    };
    extension.subscriptions.push(vscode.commands.registerCommand(command.id, run));
  }
  current = session;
  session
    .start()
    .then(() => resumeRun(context))
    .catch((error: unknown) => explain(session, error));
  return { session };
}

export async function deactivate(): Promise<void> {
  await current?.dispose();
}

let current: Session | undefined;
