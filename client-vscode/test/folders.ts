/** A workspace of several folders: each is judged by its own settings. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { api, open, rulesOf, until } from "./support";

const RULE = "comparison-to-none";

describe("folders", () => {
  it("judges each folder by its own settings, and again when they change", async () => {
    const { session } = await api();
    await session.start();
    assert.equal(vscode.workspace.workspaceFolders?.length, 2);
    const strict = await open("module.py", 0);
    const lenient = await open("module.py", 1);
    await until("both are judged", () => rulesOf(strict.uri).includes(RULE) && session.status?.state === "ready" && !rulesOf(lenient.uri).includes(RULE));

    const settings = vscode.workspace.getConfiguration("backendTeam.lint", lenient.uri);
    await settings.update("ignore", [], vscode.ConfigurationTarget.WorkspaceFolder);
    await until("the lenient folder is strict too", () => rulesOf(lenient.uri).includes(RULE));
    await vscode.workspace.getConfiguration("backendTeam.lint", strict.uri).update("ignore", [RULE], vscode.ConfigurationTarget.WorkspaceFolder);
    await until("the strict folder is lenient", () => !rulesOf(strict.uri).includes(RULE));
    assert.ok(rulesOf(lenient.uri).includes(RULE));
  });
});
