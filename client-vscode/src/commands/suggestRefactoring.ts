/** Suggest a Refactoring: price first, then the request, then a diff to accept or discard. */

import * as path from "node:path";
import * as vscode from "vscode";
import { count, dollars } from "../messages";
import {
  ACCEPT_SUGGESTION,
  PREPARE_SUGGESTION,
  SUGGEST_REFACTORING,
  type Suggestion,
  type SuggestionEstimate,
  type SuggestionParams,
  type SuggestionReference,
} from "../protocol";
import { closeTabs } from "../pages";
import type { Command, Context } from "./command";

/** The suggestion whose diff is open; there is one at a time. */
interface Open {
  suggestion: Suggestion;
  suggested: vscode.Uri;
}

let open: Open | undefined;

export const suggestRefactoring: Command = {
  id: "backendTeam.suggestRefactoring",
  async run(context, target) {
    const params = await place(target);
    if (!params) return;
    const estimate = await context.session.execute<SuggestionEstimate>(PREPARE_SUGGESTION, params);
    if (!(await agreed(context, estimate))) return;
    const title = estimate.cached ? vscode.l10n.t("Reading the kept answer about {0}", estimate.symbol) : vscode.l10n.t("Asking {0} about {1}", estimate.model, estimate.symbol);
    const suggestion = await context.session.executeWithProgress<Suggestion>(title, SUGGEST_REFACTORING, params);
    if (!suggestion) return void vscode.window.showInformationMessage(vscode.l10n.t("The request was cancelled."));
    await showDiff(context, suggestion);
    await offer(context, suggestion);
  },
};

export const acceptSuggestion: Command = {
  id: "backendTeam.acceptSuggestion",
  async run({ session }) {
    if (!open) return;
    const { suggestion } = open;
    const params: SuggestionReference = { id: suggestion.id };
    await session.execute<null>(ACCEPT_SUGGESTION, params);
    await close();
    await vscode.window.showTextDocument(vscode.Uri.parse(suggestion.uri, true));
    vscode.window.setStatusBarMessage(vscode.l10n.t("$(check) {0} was refactored.", suggestion.symbol), 5_000);
  },
};

export const discardSuggestion: Command = {
  id: "backendTeam.discardSuggestion",
  async run() {
    await close();
  },
};

/** The function in question: the one a code action names, else the one under the cursor. */
async function place(target: unknown): Promise<SuggestionParams | undefined> {
  if (isPlace(target)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri, true));
    return { uri: target.uri, version: document.version, line: target.line, character: target.character };
  }
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "python" || editor.document.uri.scheme !== "file") {
    void vscode.window.showInformationMessage(vscode.l10n.t("Put the cursor into the Python function that is to be refactored."));
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), version: editor.document.version, line, character };
}

function isPlace(value: unknown): value is { uri: string; line: number; character: number } {
  if (typeof value !== "object" || value === null) return false;
  const { uri, line, character } = value as Record<string, unknown>;
  return typeof uri === "string" && typeof line === "number" && typeof character === "number";
}

/** Ask before anything leaves the machine; an answer from the cache leaves nothing and costs nothing. */
async function agreed({ pages }: Context, estimate: SuggestionEstimate): Promise<boolean> {
  if (estimate.cached) return true;
  const send = vscode.l10n.t("Send");
  const show = vscode.l10n.t("Show What Is Sent");
  const redactions = estimate.redactions ? vscode.l10n.t(", {0} blacked out", count(estimate.redactions, "secret")) : "";
  const price = vscode.l10n.t("It costs at most ${0}; today's requests cost ${1} of ${2}.", dollars(estimate.maximumCost), dollars(estimate.spentToday), dollars(estimate.dailyCap));
  const question = vscode.l10n.t("Ask for a refactoring of {0}?", estimate.symbol);
  const lines = count(estimate.prompt.trimEnd().split("\n").length, "line");
  const detail = vscode.l10n.t("This sends {0} (the function and what is known about it{1}) to {2}, model {3}.\n\n{4}", lines, redactions, estimate.host, estimate.model, price);
  const chosen = await vscode.window.showInformationMessage(question, { modal: true, detail }, send, show);
  if (chosen !== show) return chosen === send;
  const close = await pages.show(vscode.l10n.t("Sent to {0}.md", estimate.host), estimate.prompt);
  const said = await vscode.window.showInformationMessage(vscode.l10n.t("Send this to {0}? At most ${1}.", estimate.host, dollars(estimate.maximumCost)), send, vscode.l10n.t("Cancel"));
  await close();
  return said === send;
}

/** "$0.00 (cached)", or what the answer cost. */
function cost(suggestion: Suggestion): string {
  return suggestion.cached ? vscode.l10n.t("$0.00 (cached)") : `$${dollars(suggestion.cost)}`;
}

async function showDiff({ pages }: Context, suggestion: Suggestion): Promise<void> {
  await close();
  const name = `${suggestion.symbol}.py`;
  const original = pages.put(`original/${name}`, suggestion.original);
  const suggested = pages.put(`suggested/${suggestion.id}/${name}`, suggestion.suggested);
  const file = path.basename(vscode.Uri.parse(suggestion.uri).fsPath);
  open = { suggestion, suggested };
  await vscode.commands.executeCommand("setContext", "backendTeam.suggestionOpen", true);
  await vscode.commands.executeCommand("vscode.diff", original, suggested, `${suggestion.symbol} in ${file}: suggestion, ${cost(suggestion)}`, { preview: false });
}

/** The notification with the two answers; the buttons of the diff's title do the same. */
async function offer(context: Context, suggestion: Suggestion): Promise<void> {
  const accept = vscode.l10n.t("Accept");
  const discard = vscode.l10n.t("Discard");
  const checks = vscode.l10n.t("Show Checks");
  const message = vscode.l10n.t("{0} It passed {1}. Asked: {2}, cost {3}.", suggestion.reason, count(suggestion.checks.length, "check"), suggestion.model, cost(suggestion));
  const chosen = await vscode.window.showInformationMessage(message, accept, discard, checks);
  if (open?.suggestion.id !== suggestion.id) return;
  if (chosen === checks) {
    await context.pages.showMarkdown(vscode.l10n.t("Checks of {0}.md", suggestion.symbol), checksPage(suggestion));
    return await offer(context, suggestion);
  }
  if (chosen === accept) await vscode.commands.executeCommand(acceptSuggestion.id);
  if (chosen === discard) await vscode.commands.executeCommand(discardSuggestion.id);
}

function checksPage({ symbol, checks, reason, provider, model }: Suggestion): string {
  return [`# ${symbol}`, "", reason, "", vscode.l10n.t("{0}, {1}. What was shown of the answer:", provider, model), "", ...checks.map((check) => `- ${check}`), ""].join("\n");
}

async function close(): Promise<void> {
  const closing = open;
  open = undefined;
  await vscode.commands.executeCommand("setContext", "backendTeam.suggestionOpen", false);
  if (!closing) return;
  await closeTabs((input) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === closing.suggested.toString());
}
