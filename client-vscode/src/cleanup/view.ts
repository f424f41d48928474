/** The view "Cleanup": the server's tree of what is to be cleaned, as a plan, by rule or by file. */

import * as vscode from "vscode";
import { count } from "../messages";
import { LIST_CLEANUP, type CleanupItem, type CleanupParams } from "../protocol";
import type { Session } from "../session";
import { drawn, type View } from "./items";

const ID = "backendTeam.cleanup";
const VIEWS: Record<View, string> = { plan: vscode.l10n.t("plan"), rules: vscode.l10n.t("by rule"), files: vscode.l10n.t("by file") };
/** Quiet time after a change before the tree is asked for again. */
const QUIET_MS = 300;

export class CleanupView implements vscode.TreeDataProvider<CleanupItem>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly tree: vscode.TreeView<CleanupItem>;
  private readonly registrations: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private stale = false;
  /** The items that were drawn, as text, by the id of their parent; those at the top by an empty one. */
  private readonly shown = new Map<string, string>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly session: Session,
    private readonly memory: vscode.Memento,
  ) {
    this.tree = vscode.window.createTreeView(ID, { treeDataProvider: this, showCollapseAll: true });
    this.registrations = [
      this.tree,
      this.changed,
      session.onDidChange(() => this.follow()),
      vscode.languages.onDidChangeDiagnostics(() => this.changesSoon()),
      this.tree.onDidChangeVisibility(({ visible }) => visible && this.stale && void this.refreshChanged()),
    ];
    this.show(this.view);
    this.follow();
  }

  /** How the tree is ordered now. */
  get view(): View {
    return this.memory.get<View>(ID, "plan");
  }

  /** Order the tree in another way, also the next time. */
  show(view: View): void {
    void this.memory.update(ID, view);
    void vscode.commands.executeCommand("setContext", "backendTeam.cleanupView", view);
    this.tree.description = VIEWS[view];
    this.refresh();
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stale = false;
    this.shown.clear();
    this.changed.fire(undefined);
  }

  /** Draw the tree anew if it is another one by now: while it is drawn, its buttons know no items. */
  private async refreshChanged(): Promise<void> {
    this.timer = undefined;
    this.stale = false;
    if (this.shown.size === 0) return this.refresh();
    for (const [parent, before] of [...this.shown]) {
      if (JSON.stringify(await this.ask(parent)) !== before) return this.refresh();
    }
  }

  getTreeItem(item: CleanupItem): vscode.TreeItem {
    return drawn(this.view, item);
  }

  async getChildren(parent?: CleanupItem): Promise<CleanupItem[]> {
    const id = parent?.id ?? "";
    const items = await this.ask(id);
    this.shown.set(id, JSON.stringify(items));
    return items;
  }

  private async ask(parent: string): Promise<CleanupItem[]> {
    if (this.session.state !== "running") return [];
    const params: CleanupParams = { view: this.view, ...(parent ? { parent } : {}) };
    try {
      return await this.session.execute<CleanupItem[]>(LIST_CLEANUP, params);
    } catch (error) {
      // What was unfolded may be gone by now: the next change draws the tree without it.
      this.session.log.debug(`The cleanup view could not be read: ${String(error)}`);
      return [];
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const registration of this.registrations) registration.dispose();
  }

  /** Show the number of findings and the score, and the tree anew in a moment. */
  private follow(): void {
    const { state, status } = this.session;
    const findings = state === "running" ? (status?.findings ?? 0) : 0;
    this.tree.badge = findings > 0 ? { value: findings, tooltip: count(findings, "finding") } : undefined;
    this.changesSoon();
  }

  private changesSoon(): void {
    if (!this.tree.visible) this.stale = true;
    else this.timer ??= setTimeout(() => void this.refreshChanged(), QUIET_MS);
  }
}
