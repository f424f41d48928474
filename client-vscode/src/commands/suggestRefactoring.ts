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
    const title = estimate.cached ? `Reading the kept answer about ${estimate.symbol}` : `Asking ${estimate.model} about ${estimate.symbol}`;
    const suggestion = await context.session.executeWithProgress<Suggestion>(title, SUGGEST_REFACTORING, params);
    if (!suggestion) return void vscode.window.showInformationMessage("The request was cancelled.");
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
    vscode.window.setStatusBarMessage(`$(check) ${suggestion.symbol} was refactored.`, 5_000);
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
    void vscode.window.showInformationMessage("Put the cursor into the Python function that is to be refactored.");
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
  const send = "Send";
  const show = "Show What Is Sent";
  const redactions = estimate.redactions ? `, ${count(estimate.redactions, "secret")} blacked out` : "";
  const price = `It costs at most $${dollars(estimate.maximumCost)}; today's requests cost $${dollars(estimate.spentToday)} of $${dollars(estimate.dailyCap)}.`;
  const question = `Ask for a refactoring of ${estimate.symbol}?`;
  const lines = count(estimate.prompt.trimEnd().split("\n").length, "line");
  const detail = `This sends ${lines} (the function and what is known about it${redactions}) to ${estimate.host}, model ${estimate.model}.\n\n${price}`;
  const chosen = await vscode.window.showInformationMessage(question, { modal: true, detail }, send, show);
  if (chosen !== show) return chosen === send;
  const close = await pages.show(`Sent to ${estimate.host}.md`, estimate.prompt);
  const said = await vscode.window.showInformationMessage(`Send this to ${estimate.host}? At most $${dollars(estimate.maximumCost)}.`, send, "Cancel");
  await close();
  return said === send;
}

/** "$0.00 (cached)", or what the answer cost. */
function cost(suggestion: Suggestion): string {
  return suggestion.cached ? "$0.00 (cached)" : `$${dollars(suggestion.cost)}`;
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
  const accept = "Accept";
  const discard = "Discard";
  const checks = "Show Checks";
  const message = `${suggestion.reason} It passed ${count(suggestion.checks.length, "check")}. Asked: ${suggestion.model}, cost ${cost(suggestion)}.`;
  const chosen = await vscode.window.showInformationMessage(message, accept, discard, checks);
  if (open?.suggestion.id !== suggestion.id) return;
  if (chosen === checks) {
    await context.pages.showMarkdown(`Checks of ${suggestion.symbol}.md`, checksPage(suggestion));
    return await offer(context, suggestion);
  }
  if (chosen === accept) await vscode.commands.executeCommand(acceptSuggestion.id);
  if (chosen === discard) await vscode.commands.executeCommand(discardSuggestion.id);
}

function checksPage({ symbol, checks, reason, provider, model }: Suggestion): string {
  return [`# ${symbol}`, "", reason, "", `${provider}, ${model}. What was shown of the answer:`, "", ...checks.map((check) => `- ${check}`), ""].join("\n");
}

async function close(): Promise<void> {
  const closing = open;
  open = undefined;
  await vscode.commands.executeCommand("setContext", "backendTeam.suggestionOpen", false);
  if (!closing) return;
  await closeTabs((input) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === closing.suggested.toString());
}
