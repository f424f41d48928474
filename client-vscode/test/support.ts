/** What several suites ask of VS Code. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { Api } from "../src/extension";

export const ID = "ai-backend-team.backend-team";

/** The extension as it runs in this window. */
export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>(ID);
  assert.ok(extension, "the extension is installed");
  return await extension.activate();
}

/** Wait for a condition. */
export async function until<T>(what: string, condition: () => T | undefined | false | Promise<T | undefined | false>, timeout = 30_000): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Open a file of a folder of the workspace. */
export async function open(file: string, folder = 0): Promise<vscode.TextDocument> {
  const root = vscode.workspace.workspaceFolders?.[folder];
  assert.ok(root, "a folder is open");
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root.uri, file));
  await vscode.window.showTextDocument(document);
  return document;
}

/** The rules of the findings of a document. */
export function rulesOf(uri: vscode.Uri): string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source !== undefined)
    .map(({ code }) => String(typeof code === "object" ? code.value : code));
}

/** Set a setting of the person or of this machine; undefined takes it back. */
export async function set(key: string, value: unknown, target: vscode.ConfigurationTarget = vscode.ConfigurationTarget.Global): Promise<void> {
  await vscode.workspace.getConfiguration().update(key, value, target);
}

const lines: string[] = [];
let listening = false;

/** Listen to what the extension logs from now on: without native parts VS Code keeps no file of it. */
export async function listen(): Promise<void> {
  if (listening) return;
  listening = true;
  const { log } = (await api()).session;
  for (const level of ["trace", "info", "warn"] as const) {
    const write = log[level].bind(log);
    log[level] = (message: string, ...more: unknown[]) => {
      lines.push(message);
      write(message, ...more);
    };
  }
}

/** Whether the extension logged a text since somebody listens. */
export function logged(text: string): boolean {
  return lines.some((line) => line.includes(text));
}
