/** Run Template…: inputs, plan, run with progress, and the address at the end. */

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { askDestination, askInputs, askTemplate } from "../inputs";
import { count, dollars } from "../messages";
import { LIST_TEMPLATES, PLAN_TEMPLATE, RUN_TEMPLATE, type Empty, type Execution, type RunTemplateParams, type TemplatePlan, type TemplateSummary } from "../protocol";
import { ConnectionLost } from "../session";
import type { Command, Context } from "./command";

/** Where the run that is under way is remembered, so that it is re-attached to after the server or the window died. */
const PENDING = "pendingRun";
const REATTACH_ATTEMPTS = 3;

interface Pending {
  title: string;
  params: RunTemplateParams;
}

export const runTemplate: Command = {
  id: "backendTeam.runTemplate",
  async run(context) {
    const none: Empty = {};
    const templates = await context.session.execute<TemplateSummary[]>(LIST_TEMPLATES, none);
    const template = await askTemplate(templates);
    if (!template) return;
    const configuration = await askInputs(template);
    if (!configuration) return;
    const destination = await askDestination(template, configuration);
    if (!destination) return;
    const params: RunTemplateParams = { template: template.id, configuration, destination, idempotencyKey: randomUUID() };
    const plan = await context.session.execute<TemplatePlan>(PLAN_TEMPLATE, params);
    if (await agreed(context, template, plan, destination)) await follow(context, { title: template.name, params });
  },
};

/** Re-attach to a run that was under way when the window was closed. */
export async function resumeRun(context: Context): Promise<void> {
  const pending = context.extension.workspaceState.get<Pending>(PENDING);
  if (pending) await follow(context, pending);
}

/** Run, or re-attach to the run of the same key, until it is over; then say how it ended. */
async function follow(context: Context, pending: Pending): Promise<void> {
  const { session, extension } = context;
  await extension.workspaceState.update(PENDING, pending);
  for (let attempt = 1; ; attempt++) {
    try {
      const execution = await session.executeWithProgress<Execution>(vscode.l10n.t("Running {0}", pending.title), RUN_TEMPLATE, pending.params);
      await extension.workspaceState.update(PENDING, undefined);
      return await report(pending, execution);
    } catch (error) {
      if (session.over) return; // the window closes: the next one re-attaches
      if (error instanceof ConnectionLost && attempt <= REATTACH_ATTEMPTS) {
        session.log.warn(`The server stopped while ${pending.title} was running; re-attaching.`);
        await pause(1_000);
        continue;
      }
      await extension.workspaceState.update(PENDING, undefined);
      throw error;
    }
  }
}

/** Show the plan and ask. */
async function agreed({ pages }: Context, template: TemplateSummary, plan: TemplatePlan, destination: string): Promise<boolean> {
  const run = vscode.l10n.t("Run");
  const show = vscode.l10n.t("Show the Plan");
  const question = vscode.l10n.t("Run {0}?", template.name);
  const creates = plan.creates.length ? vscode.l10n.t("\nCreates {0}.", plan.creates.join(", ")) : "";
  const steps = plan.steps.map(({ name }, index) => `${index + 1}. ${name}`).join("\n");
  const detail = vscode.l10n.t("In the folder {0}.{1}\nCosts ${2}.\n\n{3}", destination, creates, dollars(plan.estimatedCost), steps);
  const chosen = await vscode.window.showInformationMessage(question, { modal: true, detail }, run, show);
  if (chosen !== show) return chosen === run;
  await pages.showMarkdown(vscode.l10n.t("Plan of {0}.md", template.name), planPage(template, plan, destination));
  return (await vscode.window.showInformationMessage(question, run, vscode.l10n.t("Cancel"))) === run;
}

function planPage(template: TemplateSummary, plan: TemplatePlan, destination: string): string {
  const steps = plan.steps.map(({ id, name, command, dependsOn }) => `| ${id} | ${name} | \`${command}\` | ${dependsOn.join(", ") || "–"} |`);
  return [
    `# ${template.name}`,
    "",
    template.description,
    "",
    vscode.l10n.t("| step | what it does | command | after |"),
    "|---|---|---|---|",
    ...steps,
    "",
    vscode.l10n.t("Creates: {0}. Costs ${1}.", plan.creates.join(", ") || vscode.l10n.t("nothing outside its folder"), dollars(plan.estimatedCost)),
    "",
    vscode.l10n.t("## {0} in `{1}`", count(plan.files.length, "file"), destination),
    "",
    ...plan.files.map((file) => `- \`${file}\``),
    "",
  ].join("\n");
}

/** Say how a run ended, with what can be done next. */
async function report({ title, params }: Pending, execution: Execution | undefined): Promise<void> {
  if (!execution || execution.status === "cancelled") {
    return void vscode.window.showInformationMessage(vscode.l10n.t("{0} was cancelled; what it had created was cleaned up.", title));
  }
  if (execution.status === "failed") throw new Error(failure(title, execution));
  await offer(execution.url ? vscode.l10n.t("{0} is ready and runs at {1}.", title, execution.url) : vscode.l10n.t("{0} is ready.", title), execution, execution.destination ?? params.destination);
}

function failure(title: string, { currentStep, error }: Execution): string {
  const reason = error ?? vscode.l10n.t("the log says why");
  return currentStep ? vscode.l10n.t("{0} failed in step {1}: {2}", title, currentStep, reason) : vscode.l10n.t("{0} failed: {1}", title, reason);
}

/** Offer what can be done with a finished run; after the password was copied the other ways are offered again. */
async function offer(message: string, execution: Execution, folder: string | undefined): Promise<void> {
  const openUrl = vscode.l10n.t("Open URL");
  const copyPassword = vscode.l10n.t("Copy Admin Password");
  const openFolder = vscode.l10n.t("Open Folder");
  const ways = [...(execution.url ? [openUrl] : []), ...(execution.administrator ? [copyPassword] : []), ...(folder ? [openFolder] : [])];
  const chosen = await vscode.window.showInformationMessage(message, ...ways);
  if (chosen === copyPassword && execution.administrator) {
    const { email, passwordFile } = execution.administrator;
    const { password } = JSON.parse(await readFile(passwordFile, "utf8")) as { password: string };
    await vscode.env.clipboard.writeText(password);
    return await offer(vscode.l10n.t("The password of {0} is in the clipboard.", email), { ...execution, administrator: null }, folder);
  }
  if (chosen === openUrl && execution.url) await vscode.env.openExternal(vscode.Uri.parse(execution.url, true));
  if (chosen === openFolder && folder) await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(folder), { forceNewWindow: true });
}
