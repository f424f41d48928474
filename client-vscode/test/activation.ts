/** The extension in a real extension host, with a real server. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { Api } from "../src/extension";
import { FIX_FILE } from "../src/protocol";

const ID = "ai-backend-team.backend-team";

async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>(ID);
  assert.ok(extension, "the extension is installed");
  return await extension.activate();
}

async function until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function openSample(): Promise<vscode.TextDocument> {
  const [file] = await vscode.workspace.findFiles("shop/catalogue.py");
  assert.ok(file, "the sample is open");
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

describe("activation", () => {
  it("registers every command of the manifest", async () => {
    await api();
    const known = await vscode.commands.getCommands(true);
    const { contributes } = vscode.extensions.getExtension(ID)!.packageJSON as { contributes: { commands: { command: string }[] } };
    const missing = contributes.commands.map(({ command }) => command).filter((command) => !known.includes(command));
    assert.deepEqual(missing, []);
  });

  it("starts the server, which publishes findings and its status", async () => {
    const { session } = await api();
    const document = await openSample();
    await session.start();
    const found = await until("findings are there", () => {
      const diagnostics = vscode.languages.getDiagnostics(document.uri);
      return diagnostics.length > 0 && diagnostics;
    });
    assert.ok(found.some(({ code }) => JSON.stringify(code).includes("comparison-to-none")), JSON.stringify(found.map(({ code }) => code)));
    const status = await until("the status came", () => session.status);
    assert.ok(status.rules > 0);
  });

  it("shares one restart among callers, and findings come back", async () => {
    const { session } = await api();
    const document = await openSample();
    const first = session.restart();
    const second = session.restart();
    assert.equal(first, second);
    await first;
    assert.equal(session.state, "running");
    await until("findings are back", () => vscode.languages.getDiagnostics(document.uri).length > 0);
  });

  it("passes a refusal of the server on in its own words", async () => {
    const { session } = await api();
    const document = await openSample();
    const stale = { uri: document.uri.toString(), version: document.version + 7 };
    await assert.rejects(session.execute(FIX_FILE, stale), (error: Error) => /\w+ \w+/.test(error.message));
  });
});
