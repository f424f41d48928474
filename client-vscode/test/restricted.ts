/** A workspace that is not trusted: findings, and nothing of the workspace is executed. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { api, open, rulesOf, until } from "./support";

interface PythonExtension {
  seen: { asked: number };
}

describe("restricted", () => {
  it("works with the extension's own server, whatever interpreter is selected", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const python = await vscode.extensions.getExtension<PythonExtension>("ms-python.python")!.activate();
    const { session } = await api();
    await session.start();
    assert.equal(session.server?.origin, "own");
    const document = await open("shop/catalogue.py");
    await until("findings are there", () => rulesOf(document.uri).includes("comparison-to-none"));
    await until("the status is told", () => session.status);
    await session.restart();
    assert.equal(session.server?.origin, "own");
    assert.equal(python.seen.asked, 0, "nobody asked for an interpreter");
  });
});
