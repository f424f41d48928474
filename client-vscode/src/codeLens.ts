/** Code lenses: off unless the setting says otherwise; asked for anew when it changes. */

import * as vscode from "vscode";
import { CodeLensRequest, type LanguageClient } from "vscode-languageclient/node";

const SETTING = "codeLens.enabled";

/** Whether the person wants lenses in a document. */
export function wantsLenses(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration("backendTeam", document).get(SETTING, false);
}

/** Let the editor ask a client for its lenses again whenever the setting changes. */
export function followLensSetting(client: () => LanguageClient | undefined): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(`backendTeam.${SETTING}`)) return;
    const feature = client()?.getFeature(CodeLensRequest.method);
    for (const { document } of vscode.window.visibleTextEditors) feature?.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
  });
}
