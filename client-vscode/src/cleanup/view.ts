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
      this.tree.onDidChangeVisibility(({ visible }) => visible && this.stale && this.refresh()),
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
    this.changed.fire(undefined);
  }

  getTreeItem(item: CleanupItem): vscode.TreeItem {
    return drawn(this.view, item);
  }

  async getChildren(parent?: CleanupItem): Promise<CleanupItem[]> {
    if (this.session.state !== "running") return [];
    const params: CleanupParams = { view: this.view, ...(parent ? { parent: parent.id } : {}) };
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
    else this.timer ??= setTimeout(() => this.refresh(), QUIET_MS);
  }
}
