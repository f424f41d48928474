/** Show Findings: those that begin in a place, in a peek view; what a code lens does. */

import * as vscode from "vscode";
import { ruleOf } from "../findings";
import { CLIENT_SHOW_FINDINGS, type Place } from "../protocol";
import type { Command } from "./command";

export const showFindings: Command = {
  id: CLIENT_SHOW_FINDINGS,
  async run(_, place) {
    if (!place) return;
    const { uri, line, character, endLine, endCharacter } = place as Place;
    const document = vscode.Uri.parse(uri, true);
    const around = new vscode.Range(line, character, endLine, endCharacter);
    const found = vscode.languages
      .getDiagnostics(document)
      .filter((one) => ruleOf(one) !== undefined && around.contains(one.range.start) && !one.range.start.isEqual(around.end))
      .map(({ range }) => new vscode.Location(document, range));
    await vscode.commands.executeCommand("editor.action.goToLocations", document, around.start, found, "peek", vscode.l10n.t("Nothing is found here any more."));
  },
};
