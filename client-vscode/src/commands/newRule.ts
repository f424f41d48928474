/** New Rule from Selection: a rule of the project's own that finds what is selected. */

import * as vscode from "vscode";
import { NEW_RULE, type NewRule, type NewRuleParams } from "../protocol";
import type { Command } from "./command";

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const newRule: Command = {
  id: "backendTeam.newRule",
  async run({ session }) {
    const editor = vscode.window.activeTextEditor;
    if (!editor || editor.document.languageId !== "python" || editor.selection.isEmpty) {
      return void vscode.window.showInformationMessage(vscode.l10n.t("Select the expression or the statement that the rule is to find."));
    }
    const { document, selection } = editor;
    const { version } = document;
    const id = await vscode.window.showInputBox({
      title: vscode.l10n.t("New Rule from Selection"),
      prompt: vscode.l10n.t("Name of what is wrong; empty: made from the selection"),
      placeHolder: vscode.l10n.t("for example, float-for-money"),
      validateInput: complaint,
    });
    if (id === undefined) return;
    const params: NewRuleParams = {
      uri: document.uri.toString(),
      version,
      line: selection.start.line,
      character: selection.start.character,
      endLine: selection.end.line,
      endCharacter: selection.end.character,
      metavariables: true,
      ...(id.trim() ? { id: id.trim() } : {}),
    };
    const made = await session.execute<NewRule>(NEW_RULE, params);
    vscode.window.setStatusBarMessage(vscode.l10n.t("$(check) The rule {0} was made and runs.", made.id), 5_000);
  },
};

/** What is wrong with a text as the name of a rule; undefined when nothing is. */
export function complaint(text: string): string | undefined {
  const typed = text.trim();
  return typed === "" || ID.test(typed) ? undefined : vscode.l10n.t("Small letters, digits and single hyphens, for example float-for-money.");
}
