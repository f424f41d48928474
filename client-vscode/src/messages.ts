/** How an error reaches a person: its own words, the log, and a way out. */

import * as vscode from "vscode";
import { EnvironmentError } from "./environment";
import type { Session } from "./session";

/** The server could not be started; `named` when a setting names its program. */
export class StartError extends Error {
  constructor(
    message: string,
    readonly named = false,
  ) {
    super(message);
  }
}

/** A start was given up because another one takes its place: nobody has to hear of it. */
export class Abandoned extends Error {
  constructor() {
    super("The start of the server was given up for another one.");
  }
}

/** Show an error with the ways out that fit it; resolves when the person has chosen. */
export async function explain(session: Session, error: unknown): Promise<void> {
  if (error instanceof Abandoned) return session.log.debug(error.message);
  const message = error instanceof Error ? error.message : String(error);
  session.log.error(error instanceof Error ? error : message);
  if (error instanceof EnvironmentError && error.kind === "cancelled") {
    void vscode.window.showInformationMessage(message);
    return;
  }
  const again = vscode.l10n.t("Try Again");
  const log = vscode.l10n.t("Show Log");
  const settings = vscode.l10n.t("Open Settings");
  const starting = error instanceof EnvironmentError || error instanceof StartError;
  const ways = [...(starting ? [again] : []), ...(error instanceof StartError && error.named ? [settings] : []), log];
  const chosen = await vscode.window.showErrorMessage(message, ...ways);
  if (chosen === again) await vscode.commands.executeCommand("backendTeam.restartServer");
  if (chosen === settings) await vscode.commands.executeCommand("workbench.action.openSettings", "backendTeam.server");
  if (chosen === log) session.log.show();
}

/** US dollars as we print them everywhere: two digits, four where a cent says too little. */
export function dollars(amount: number): string {
  const small = amount > 0 && amount < 0.1;
  return amount.toFixed(small ? 4 : 2);
}

const NOUNS = {
  check: [vscode.l10n.t("{0} check"), vscode.l10n.t("{0} checks")],
  file: [vscode.l10n.t("{0} file"), vscode.l10n.t("{0} files")],
  finding: [vscode.l10n.t("{0} finding"), vscode.l10n.t("{0} findings")],
  fix: [vscode.l10n.t("{0} fix"), vscode.l10n.t("{0} fixes")],
  line: [vscode.l10n.t("{0} line"), vscode.l10n.t("{0} lines")],
  minute: [vscode.l10n.t("{0} minute"), vscode.l10n.t("{0} minutes")],
  rule: [vscode.l10n.t("{0} rule"), vscode.l10n.t("{0} rules")],
  secret: [vscode.l10n.t("{0} secret"), vscode.l10n.t("{0} secrets")],
  step: [vscode.l10n.t("{0} step"), vscode.l10n.t("{0} steps")],
} as const;

/** A number with its noun: "1 file", "3 files". */
export function count(number: number, noun: keyof typeof NOUNS): string {
  return NOUNS[noun][number === 1 ? 0 : 1].replace("{0}", number.toLocaleString("en-US"));
}
