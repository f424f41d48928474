/** An item of the server's tree as the editor draws it. */

import * as vscode from "vscode";
import type { CleanupItem, CleanupParams } from "../protocol";

export type View = CleanupParams["view"];

const SEVERITIES: Record<NonNullable<CleanupItem["severity"]>, [icon: string, color: string]> = {
  error: ["error", "problemsErrorIcon.foreground"],
  warning: ["warning", "problemsWarningIcon.foreground"],
  information: ["info", "problemsInfoIcon.foreground"],
  hint: ["lightbulb", "problemsInfoIcon.foreground"],
};

/** The drawn item; its id is stable, so that what is unfolded stays so. */
export function drawn(view: View, item: CleanupItem): vscode.TreeItem {
  const folded = item.expandable ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
  const shown = new vscode.TreeItem(item.label, folded);
  shown.id = `${view}/${item.id}`;
  shown.description = item.description;
  shown.tooltip = new vscode.MarkdownString(item.tooltip);
  shown.iconPath = icon(item);
  shown.contextValue = [item.kind, item.rule === undefined ? "" : "rule", item.fix ? "fix" : ""].filter(Boolean).join(" ");
  if (item.place) {
    const { uri, line, character, endLine, endCharacter } = item.place;
    const file = vscode.Uri.parse(uri, true);
    if (item.kind === "file" || item.kind === "folder") shown.resourceUri = file;
    const selection = new vscode.Range(line, character, endLine, endCharacter);
    if (!item.expandable) shown.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [file, { selection }] };
  }
  return shown;
}

function icon({ kind, severity, fix }: CleanupItem): vscode.ThemeIcon {
  if (kind === "file") return vscode.ThemeIcon.File;
  if (kind === "folder") return vscode.ThemeIcon.Folder;
  if (kind === "category") return new vscode.ThemeIcon("tag");
  if (kind === "step") return new vscode.ThemeIcon(fix ? "wand" : "edit");
  if (severity === undefined) return new vscode.ThemeIcon("circle-outline");
  const [name, color] = SEVERITIES[severity];
  return new vscode.ThemeIcon(name, new vscode.ThemeColor(color));
}
