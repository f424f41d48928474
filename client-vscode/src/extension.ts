/** Activation: one session, its status bar, and a command per file. */

import * as vscode from "vscode";
import { cleanupCommands } from "./cleanup/commands";
import { CleanupView } from "./cleanup/view";
import { checkWorkspace } from "./commands/checkWorkspace";
import { cleanUpWorkspace } from "./commands/cleanUpWorkspace";
import type { Command, Context } from "./commands/command";
import { explainRule } from "./commands/explainRule";
import { fixFile } from "./commands/fixFile";
import { fixRule } from "./commands/fixRule";
import { fixWorkspace } from "./commands/fixWorkspace";
import { newRule } from "./commands/newRule";
import { organizeImports } from "./commands/organizeImports";
import { repairServer } from "./commands/repairServer";
import { restartServer } from "./commands/restartServer";
import { resumeRun, runTemplate } from "./commands/runTemplate";
import { showDeployments } from "./commands/showDeployments";
import { showFindings } from "./commands/showFindings";
import { showMenu } from "./commands/showMenu";
import { showOutput } from "./commands/showOutput";
import { showStatus } from "./commands/showStatus";
import { showUsage } from "./commands/showUsage";
import { storeKey } from "./commands/storeKey";
import { acceptSuggestion, discardSuggestion, suggestRefactoring } from "./commands/suggestRefactoring";
import { suppress } from "./commands/suppress";
import { writeBaseline } from "./commands/writeBaseline";
import { explain } from "./messages";
import { Pages } from "./pages";
import { Session } from "./session";
import { StatusBar } from "./statusBar";
import { keepRight } from "./upkeep";

const COMMANDS: readonly Command[] = [
  checkWorkspace,
  fixFile,
  fixRule,
  fixWorkspace,
  organizeImports,
  cleanUpWorkspace,
  explainRule,
  newRule,
  suppress,
  writeBaseline,
  suggestRefactoring,
  acceptSuggestion,
  discardSuggestion,
  runTemplate,
  showDeployments,
  showUsage,
  storeKey,
  restartServer,
  showOutput,
  showFindings,
  showStatus,
  repairServer,
  showMenu,
  ...cleanupCommands,
];

/** What other extensions and our tests may use. */
export interface Api {
  readonly session: Session;
  readonly cleanup: CleanupView;
}

export function activate(extension: vscode.ExtensionContext): Api {
  const session = new Session(extension);
  const pages = new Pages();
  const cleanup = new CleanupView(session, extension.workspaceState);
  const context: Context = { extension, session, pages, cleanup };
  extension.subscriptions.push(session.log, pages, cleanup, new StatusBar(session), keepRight(session, extension));
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
  return { session, cleanup };
}

export async function deactivate(): Promise<void> {
  await current?.dispose();
}

let current: Session | undefined;
