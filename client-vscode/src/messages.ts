/** How an error reaches a person: its own words, the log, and a way out. */

import * as vscode from "vscode";
import { EnvironmentError } from "./environment";
import type { Session } from "./session";

/** Show an error with the ways out that fit it; resolves when the person has chosen. */
export async function explain(session: Session, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  session.log.error(error instanceof Error ? error : message);
  if (error instanceof EnvironmentError && error.kind === "cancelled") {
    void vscode.window.showInformationMessage(message);
    return;
  }
  const again = vscode.l10n.t("Try Again");
  const log = vscode.l10n.t("Show Log");
  const ways = error instanceof EnvironmentError ? [again, log] : [log];
  const chosen = await vscode.window.showErrorMessage(message, ...ways);
  if (chosen === again) await vscode.commands.executeCommand("backendTeam.restartServer");
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
