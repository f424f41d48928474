/** Asks for what a template needs, with the editor's own inputs. Every question returns undefined when it was cancelled. */

import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { count, dollars } from "./messages";
import type { TemplateInput, TemplateSummary } from "./protocol";

/** Which template. */
export async function askTemplate(templates: readonly TemplateSummary[]): Promise<TemplateSummary | undefined> {
  const items = templates.map((template) => ({
    label: template.name,
    description: vscode.l10n.t("{0} · about {1} · ${2}", template.complexity, count(template.estimatedMinutes, "minute"), dollars(template.estimatedCost)),
    detail: template.description,
    template,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Run Template"), placeHolder: vscode.l10n.t("Choose a template"), matchOnDetail: true });
  return picked?.template;
}

/** One question per input, in the template's order; optional strings may stay empty. */
export async function askInputs(template: TemplateSummary): Promise<Record<string, unknown> | undefined> {
  const configuration: Record<string, unknown> = {};
  for (const [index, input] of template.inputs.entries()) {
    const answer = await ask(input, `${template.name} (${index + 1}/${template.inputs.length})`);
    if (answer === undefined) return undefined;
    if (answer.value !== undefined) configuration[input.key] = answer.value;
  }
  return configuration;
}

interface Answer {
  value: unknown;
}

async function ask(input: TemplateInput, title: string): Promise<Answer | undefined> {
  if (input.type === "boolean") return await askBoolean(input, title);
  if (input.options.length > 0) return input.type === "array" ? await askMany(input, title) : await askOne(input, title);
  return await askText(input, title);
}

async function askBoolean(input: TemplateInput, title: string): Promise<Answer | undefined> {
  const choices = [
    { label: vscode.l10n.t("Yes"), value: true },
    { label: vscode.l10n.t("No"), value: false },
  ];
  if (input.default === false) choices.reverse();
  const picked = await vscode.window.showQuickPick(choices, { title, placeHolder: prompt(input), ignoreFocusOut: true });
  return picked && { value: picked.value };
}

async function askOne(input: TemplateInput, title: string): Promise<Answer | undefined> {
  const first = typeof input.default === "string" ? [input.default] : [];
  const options = [...new Set([...first, ...input.options])];
  const picked = await vscode.window.showQuickPick(options, { title, placeHolder: prompt(input), ignoreFocusOut: true });
  return picked === undefined ? undefined : { value: picked };
}

async function askMany(input: TemplateInput, title: string): Promise<Answer | undefined> {
  const chosen = Array.isArray(input.default) ? input.default : [];
  const items = input.options.map((label) => ({ label, picked: chosen.includes(label) }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: prompt(input), canPickMany: true, ignoreFocusOut: true });
  return picked && { value: picked.map(({ label }) => label) };
}

async function askText(input: TemplateInput, title: string): Promise<Answer | undefined> {
  const value = input.default === undefined || input.default === null ? "" : Array.isArray(input.default) ? input.default.join(", ") : String(input.default);
  const text = await vscode.window.showInputBox({ title, prompt: prompt(input), value, ignoreFocusOut: true, validateInput: (typed) => complaint(input, typed) });
  if (text === undefined) return undefined;
  const typed = text.trim();
  if (typed === "" && input.optional) return { value: undefined };
  if (input.type === "number") return { value: Number(typed) };
  if (input.type === "array") return { value: members(typed) };
  return { value: typed };
}

/** What is wrong with a text as the value of an input; undefined when nothing is. */
export function complaint(input: TemplateInput, text: string): string | undefined {
  const typed = text.trim();
  if (typed === "") return input.optional ? undefined : vscode.l10n.t("{0} is needed.", input.label);
  if (input.type === "number") return Number.isFinite(Number(typed)) ? undefined : vscode.l10n.t("{0} is a number.", input.label);
  if (!input.pattern) return undefined;
  const pattern = new RegExp(input.pattern, "u");
  const wrong = (input.type === "array" ? members(typed) : [typed]).find((member) => !pattern.test(member));
  return wrong === undefined ? undefined : vscode.l10n.t("\"{0}\" does not fit {1}: {2}", wrong, input.pattern, input.description);
}

function members(text: string): string[] {
  return text
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}

function prompt(input: TemplateInput): string {
  return `${input.label}${input.optional ? ` ${vscode.l10n.t("(optional)")}` : ""}: ${input.description}`;
}

/** The folder that the application is written to: absent or empty. */
export async function askDestination(template: TemplateSummary, configuration: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const parent = workspace ? path.dirname(workspace) : os.homedir();
  const named = template.inputs.find(({ key, type }) => type === "string" && /name/.test(key));
  const name = slug(String((named && configuration[named.key]) ?? template.id)) || template.id;
  return await vscode.window.showInputBox({
    title: vscode.l10n.t("{0}: folder", template.name),
    prompt: vscode.l10n.t("Folder that the application is written to; it must be empty or not exist yet"),
    value: path.join(parent, name),
    ignoreFocusOut: true,
    validateInput: refusal,
  });
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

async function refusal(folder: string): Promise<string | undefined> {
  if (!path.isAbsolute(folder)) return vscode.l10n.t("Give the whole path of the folder.");
  try {
    const content = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
    return content.length > 0 ? vscode.l10n.t("This folder is not empty.") : undefined;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return undefined;
    return vscode.l10n.t("This is no folder that can be written to.");
  }
}
