/** Store AI Key…: hands a key to the server's command line, which keeps it in the keyring, bound to its host. */

import { spawn } from "node:child_process";
import * as vscode from "vscode";
import { findServer } from "../server";
import type { Command } from "./command";

const PROVIDERS = [
  { id: "anthropic", label: "Anthropic", description: "Claude" },
  { id: "openai", label: "OpenAI", description: vscode.l10n.t("or a compatible server") },
];

export const storeKey: Command = {
  id: "backendTeam.storeKey",
  async run({ extension, session }) {
    const provider = await vscode.window.showQuickPick(PROVIDERS, { title: vscode.l10n.t("Store AI Key"), placeHolder: vscode.l10n.t("The provider that the key is for") });
    if (!provider) return;
    const address = vscode.workspace.getConfiguration(`backendTeam.ai.${provider.id}`).get<string>("baseUrl", "").trim();
    const prompt = vscode.l10n.t("The key goes into the keyring of this machine and is sent to {0} only.", address || vscode.l10n.t("{0}'s own host", provider.label));
    const key = await vscode.window.showInputBox({ title: vscode.l10n.t("Key for {0}", provider.label), prompt, password: true, ignoreFocusOut: true });
    if (!key?.trim()) return;
    const server = await findServer(extension, session.log);
    await session.complete();
    const args = [...commandLine(server.args), "ai", "login", provider.id, ...(address ? ["--base-url", address] : [])];
    const said = await run(server.command, args, key, extension.extensionPath);
    void vscode.window.showInformationMessage(vscode.l10n.t("The key was {0}.", said));
  },
};

/** The arguments that start the command line where these start the language server. */
function commandLine(args: readonly string[]): string[] {
  if (args.at(-1) === "lsp") return args.slice(0, -1);
  return args.map((argument) => (argument === "backend_team.lsp" ? "backend_team" : argument));
}

/** Run a program with a secret on its standard input; its output, or what it said was wrong as an error. */
function run(command: string, args: string[], secret: string, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    let trouble = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (trouble += data.toString()));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(output.trim()) : reject(new Error(trouble.replace(/^error: /, "").trim() || vscode.l10n.t("it ended with code {0}", String(code))))));
    child.stdin.on("error", () => undefined); // it ended before it read: the code says why
    child.stdin.end(`${secret.trim()}\n`);
  });
}
