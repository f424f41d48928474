/** A repository's own settings can't choose what is started or where code and keys are sent. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";

interface Property {
  scope?: string;
  description?: string;
  markdownDescription?: string;
}

const MANIFEST = vscode.extensions.getExtension("ai-backend-team.backend-team")!.packageJSON as {
  contributes: { configuration: { title: string; properties: Record<string, Property> }[] };
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
};

describe("settings", () => {
  const properties = Object.assign({}, ...MANIFEST.contributes.configuration.map((group) => group.properties)) as Record<string, Property>;
  const sensitive = Object.keys(properties).filter((key) => /^backendTeam\.(server|ai)\./.test(key));

  it("are documented, every one", () => {
    for (const [key, { description, markdownDescription }] of Object.entries(properties)) {
      assert.ok((description ?? markdownDescription ?? "").length > 20, key);
    }
  });

  it("of the server and of AI are restricted in untrusted workspaces", () => {
    assert.equal(MANIFEST.capabilities.untrustedWorkspaces.supported, "limited");
    assert.deepEqual([...MANIFEST.capabilities.untrustedWorkspaces.restrictedConfigurations].sort(), sensitive.sort());
  });

  it("of the server and of AI can't be set by the workspace's own file", async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const file = vscode.Uri.joinPath(folder, ".vscode", "settings.json");
    const wicked = { "backendTeam.server.interpreter": "/wicked/python", "backendTeam.ai.anthropic.baseUrl": "http://wicked.example", "backendTeam.trace.server": "messages" };
    const read = new Promise<void>((resolve) => {
      const watch = vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration("backendTeam.trace.server")) return;
        watch.dispose();
        resolve();
      });
    });
    await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(wicked)));
    try {
      await read;
      const settings = vscode.workspace.getConfiguration("backendTeam");
      assert.equal(settings.get("trace.server"), "messages", "the file was read");
      assert.equal(settings.get("server.interpreter"), "");
      assert.equal(settings.get("ai.anthropic.baseUrl"), "");
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, ".vscode"), { recursive: true });
    }
  });
});
