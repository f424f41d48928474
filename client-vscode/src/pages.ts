/** Read-only pages that commands show: both sides of a diff, a prompt, a plan, the usage table. */

import * as vscode from "vscode";

export const SCHEME = "backend-team";

/** Close the tabs that show this. */
export async function closeTabs(shows: (input: unknown) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(tabs.filter(({ input }) => shows(input)));
}

export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registrations: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor() {
    this.registrations = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
    ];
  }

  /** The address of a page with this text; `name` is what its tab says and its ending chooses the language. */
  put(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  /** Open a page of text; returns what closes it again. */
  async show(name: string, text: string): Promise<() => Promise<void>> {
    const uri = this.put(name, text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    return () => closeTabs((input) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
  }

  /** Open a page of Markdown, drawn. */
  async showMarkdown(name: string, text: string): Promise<void> {
    await vscode.commands.executeCommand("markdown.showPreview", this.put(name, text));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    // A page of one line may have it in its address.
    return this.texts.get(uri.toString()) ?? (uri.query || vscode.l10n.t("This page is no longer kept."));
  }

  dispose(): void {
    for (const registration of this.registrations) registration.dispose();
    this.changed.dispose();
  }
}
