/** Explain Rule: the page of a rule, the one under the cursor offered first. */

import * as vscode from "vscode";
import { rulesAtCursor } from "../findings";
import { count } from "../messages";
import { LIST_RULES, SHOW_RULE, type CleanupItem, type Empty, type RuleReference, type RuleSummary } from "../protocol";
import type { Command } from "./command";

export const explainRule: Command = {
  id: "backendTeam.explainRule",
  async run({ session }, item) {
    const none: Empty = {};
    const rule = (item as CleanupItem | undefined)?.rule ?? (await askRule(await session.execute<RuleSummary[]>(LIST_RULES, none)));
    if (rule === undefined) return;
    const params: RuleReference = { rule };
    await session.execute<null>(SHOW_RULE, params);
  },
};

interface Entry extends vscode.QuickPickItem {
  rule?: string;
}

async function askRule(rules: readonly RuleSummary[]): Promise<string | undefined> {
  const here = rulesAtCursor();
  const entry = ({ id, title, category, runs, findings }: RuleSummary): Entry => {
    const said = findings > 0 ? count(findings, "finding") : runs ? "" : vscode.l10n.t("does not run here");
    return { label: id, description: [category, said].filter(Boolean).join(" · "), detail: title, rule: id };
  };
  const first = here.flatMap((id) => rules.filter((rule) => rule.id === id)).map(entry);
  const others = rules.filter(({ id }) => !here.includes(id)).map(entry);
  const separator = (label: string): Entry => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const entries = first.length > 0 ? [separator(vscode.l10n.t("at the cursor")), ...first, separator(vscode.l10n.t("all rules")), ...others] : others;
  const picked = await vscode.window.showQuickPick(entries, {
    title: vscode.l10n.t("Explain Rule"),
    placeHolder: vscode.l10n.t("A rule, by its name or by what it says"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.rule;
}
