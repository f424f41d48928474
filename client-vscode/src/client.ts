/** The language client: which documents it serves, what the server is told at the start, and how edits and pages are shown. */

import * as vscode from "vscode";
import { CancellationToken, ErrorAction, LanguageClient, type CloseHandlerResult, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { wantsLenses } from "./codeLens";
import { isLarge, ticked } from "./preview";
import { CLIENT_SHOW_FINDINGS, CLIENT_SUGGEST_REFACTORING } from "./protocol";

interface Owner {
  log: vscode.LogOutputChannel;
  /** Whether the owner is starting or ending it. */
  starts(): boolean;
  /** What is to be done when the connection has closed. */
  closed(): CloseHandlerResult;
}

/** A client of a server that is started by it, once. */
export function createClient(server: ServerOptions, { log, starts, closed }: Owner): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "untitled", language: "python" },
      // Cells of notebooks: the server asks for their synchronisation, this lets hover and code actions through.
      { scheme: "vscode-notebook-cell", language: "python" },
      { scheme: "file", pattern: "**/.backend-team/rules/**/*.yaml" },
      { scheme: "file", pattern: "**/rules/*/*.yaml" },
      { scheme: "file", pattern: "**/{backend-team,pyproject}.toml" },
    ],
    outputChannel: log,
    initializationOptions: { ...serverSettings(), trusted: vscode.workspace.isTrusted, commands: [CLIENT_SHOW_FINDINGS, CLIENT_SUGGEST_REFACTORING] },
    synchronize: { configurationSection: "backendTeam" },
    middleware: {
      provideCodeLenses: (document, token, next) => (wantsLenses(document) ? next(document, token) : []),
      window: {
        // The page of a rule is read, not edited.
        showDocument: async (shown, token, next) => {
          if (shown.external || !/^file:.*\.md$/.test(shown.uri)) return await next(shown, token);
          await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.parse(shown.uri, true));
          return { success: true };
        },
      },
      workspace: {
        // An edit of several files is a refactoring: the editor saves them, as its setting `files.refactoring.autoSave` says.
        handleApplyEdit: (asked, next) => next({ metadata: { isRefactoring: isLarge(asked.edit) }, ...asked, edit: ticked(asked.edit) }, CancellationToken.None),
      },
    },
    initializationFailedHandler: () => false, // whoever starts it says so
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed,
    },
  };
  return new Client(starts, "backendTeam", "AI Backend Team", server, options);
}

/** A client that leaves it to the session to say that a start has failed. */
class Client extends LanguageClient {
  constructor(
    private readonly starts: () => boolean,
    ...rest: [string, string, ServerOptions, LanguageClientOptions]
  ) {
    super(...rest);
  }

  override error(message: string, data?: unknown, show?: boolean | "force"): void {
    super.error(message, data, this.starts() ? false : show);
  }
}

/** The settings that the server reads, as plain data. */
function serverSettings(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration("backendTeam");
  return { ai: settings.get("ai") };
}
