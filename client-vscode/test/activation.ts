/** The extension in a real extension host, with a real server. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { FIX_FILE } from "../src/protocol";
import { api, ID, open, until } from "./support";

async function openSample(): Promise<vscode.TextDocument> {
  return await open("shop/catalogue.py");
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
