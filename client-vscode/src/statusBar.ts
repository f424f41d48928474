/** The status-bar item: state of the server, findings, and the usage meter. */

import * as vscode from "vscode";
import { count, dollars } from "./messages";
import type { Meter, Status, Usage } from "./protocol";
import type { Session, SessionState } from "./session";

/** Parts of an included amount from which the item warns, and alarms. */
const WARNING = 0.75;
const ALARM = 0.9;

export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly watch: vscode.Disposable;

  constructor(private readonly session: Session) {
    this.item = vscode.window.createStatusBarItem("backendTeam.status", vscode.StatusBarAlignment.Left, 50);
    this.item.name = "AI Backend Team";
    this.item.command = "backendTeam.showMenu";
    this.watch = session.onDidChange(() => this.draw());
    this.draw();
    this.item.show();
  }

  dispose(): void {
    this.watch.dispose();
    this.item.dispose();
  }

  private draw(): void {
    const { state, status, usage } = this.session;
    this.item.text = text(state, status, usage);
    this.item.tooltip = tooltip(state, status, usage);
    const level = alarm(state, usage);
    this.item.backgroundColor = level && new vscode.ThemeColor(`statusBarItem.${level}Background`);
    this.item.accessibilityInformation = { label: `AI Backend Team: ${this.item.text.replace(/\$\([\w~-]+\) ?/g, "")}` };
  }
}

/** The text of the item, for example "✓ 12 findings · score 97.5 · AI 1/1,000 · runs 1/3 · $0.02". */
export function text(state: SessionState, status: Status | undefined, usage: Usage | undefined): string {
  if (state === "failed") return "$(error) Backend Team";
  if (state === "stopped") return "$(circle-slash) Backend Team";
  if (state === "starting" || !status || status.state === "starting") return "$(loading~spin) Backend Team";
  // Before the first check there is nothing to count.
  if (status.state === "busy" && status.files === 0 && status.findings === 0) return "$(sync~spin) Backend Team";
  const icon = status.state === "busy" ? "$(sync~spin)" : status.findings === 0 ? "$(check)" : "$(lightbulb)";
  const parts = [`${icon} ${count(status.findings, "finding")}`, vscode.l10n.t("score {0}", score(status))];
  if (usage) parts.push(vscode.l10n.t("AI {0}", meter(usage.aiRequests)), vscode.l10n.t("runs {0}", meter(usage.templateExecutions)), `$${dollars(usage.costToday)}`);
  return parts.join(" · ");
}

/** The colour of the item: none, "warning" from 75 % of what is included, "error" from 90 % or without a server. */
export function alarm(state: SessionState, usage: Usage | undefined): "warning" | "error" | undefined {
  if (state === "failed") return "error";
  if (!usage) return undefined;
  const daily = usage.dailyCap > 0 ? usage.costToday / usage.dailyCap : 0;
  const most = Math.max(part(usage.aiRequests), part(usage.templateExecutions), daily);
  return most >= ALARM ? "error" : most >= WARNING ? "warning" : undefined;
}

function part({ used, included }: Meter): number {
  if (included === null) return 0;
  return included > 0 ? used / included : used > 0 ? 1 : 0;
}

/** "1/1,000", or "1" when nothing limits it. */
export function meter({ used, included }: Meter): string {
  return included === null ? used.toLocaleString("en-US") : `${used.toLocaleString("en-US")}/${included.toLocaleString("en-US")}`;
}

const STATES: Record<SessionState, string> = {
  stopped: vscode.l10n.t("stopped"),
  starting: vscode.l10n.t("starting"),
  running: vscode.l10n.t("running"),
  failed: vscode.l10n.t("not running: see the log"),
};

function tooltip(state: SessionState, status: Status | undefined, usage: Usage | undefined): vscode.MarkdownString {
  const rows = [...statusRows(state, status), ...(usage ? usageRows(usage) : [])];
  return new vscode.MarkdownString(`**AI Backend Team**\n\n${table(rows)}\n\n${vscode.l10n.t("Click for the menu.")}`);
}

/** A table of Markdown without a head. */
export function table(rows: readonly [string, string][]): string {
  return ["| | |", "|:--|:--|", ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}

/** What runs and what it found, as rows of a table. */
export function statusRows(state: SessionState, status: Status | undefined): [string, string][] {
  const rows: [string, string][] = [[vscode.l10n.t("Server"), status && state === "running" ? vscode.l10n.t("{0}, version {1}", status.state, status.version) : STATES[state]]];
  if (!status) return rows;
  const where = [count(status.findings, "finding"), count(status.files, "file"), count(status.rules, "rule")];
  rows.push([vscode.l10n.t("Findings"), vscode.l10n.t("{0} in {1}, {2}", ...where)]);
  return [...rows, ...qualityRows(status)];
}

function score(status: Status): string {
  return status.score.toLocaleString("en-US");
}

/** The quality score, rules that stand down, and what runs, as rows of a table. */
export function qualityRows(status: Status): [string, string][] {
  const { standsDown, versions } = status;
  const rows: [string, string][] = [[vscode.l10n.t("Quality"), vscode.l10n.t("{0} of 100", score(status))]];
  if (standsDown.rules > 0) rows.push([vscode.l10n.t("Stand down"), vscode.l10n.t("{0}, for {1}", count(standsDown.rules, "rule"), standsDown.tools.join(", "))]);
  rows.push([vscode.l10n.t("Versions"), vscode.l10n.t("server {0}, Python {1}, rule set {2}", versions.server, versions.python, versions.ruleSet)]);
  return rows;
}

/** The usage as rows of a table. */
export function usageRows(usage: Usage): [string, string][] {
  return [
    [vscode.l10n.t("Plan"), `${usage.plan}, ${usage.period}`],
    [vscode.l10n.t("AI requests"), meter(usage.aiRequests)],
    [vscode.l10n.t("Answers from the cache"), usage.cacheHits.toLocaleString("en-US")],
    [vscode.l10n.t("Template executions"), meter(usage.templateExecutions)],
    [vscode.l10n.t("AI cost today"), vscode.l10n.t("${0} of ${1}", dollars(usage.costToday), dollars(usage.dailyCap))],
  ];
}
