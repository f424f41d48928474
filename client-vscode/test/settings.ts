/** A repository's own settings can't choose what is started or where code and keys are sent. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { PREPARE_SUGGESTION, type SuggestionEstimate } from "../src/protocol";
import { api, listen, logged, open, rulesOf, set, until } from "./support";

interface Property {
  scope?: string;
  description?: string;
  markdownDescription?: string;
}

const MANIFEST = vscode.extensions.getExtension("ai-backend-team.backend-team")!.packageJSON as {
  contributes: { configuration: { title: string; properties: Record<string, Property> }[] };
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
};

const PROPERTIES = Object.assign({}, ...MANIFEST.contributes.configuration.map(({ properties }) => properties)) as Record<string, Property>;

describe("settings", () => {
  const sensitive = Object.keys(PROPERTIES).filter((key) => /^backendTeam\.(server|ai)\./.test(key));

  it("are documented, every one", () => {
    for (const [key, { description, markdownDescription }] of Object.entries(PROPERTIES)) {
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
    const wicked = { "backendTeam.server.interpreter": "/wicked/python", "backendTeam.ai.anthropic.baseUrl": "http://wicked.example", "backendTeam.trace.server": "verbose" };
    try {
      await until("the file was read", async () => {
        // Again and again: a watcher that only just starts may not see the first time.
        await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(wicked)));
        return vscode.workspace.getConfiguration("backendTeam").get("trace.server") === "verbose";
      });
      const settings = vscode.workspace.getConfiguration("backendTeam");
      assert.equal(settings.get("server.interpreter"), "");
      assert.equal(settings.get("ai.anthropic.baseUrl"), "");
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, ".vscode"), { recursive: true });
    }
  });
});

/** By setting: a value, and what is to be seen of it in the probe then. */
const LINT: Record<string, [unknown, (uri: vscode.Uri) => boolean]> = {
  select: [["else-after-return"], (uri) => rulesOf(uri).length === 0],
  extendSelect: [["print-left"], (uri) => rulesOf(uri).includes("print-left")],
  ignore: [["comparison-to-none"], (uri) => !rulesOf(uri).includes("comparison-to-none")],
  severity: [{ "comparison-to-none": "error" }, (uri) => severityOf(uri, "comparison-to-none") === vscode.DiagnosticSeverity.Error],
  standDown: ["never", (uri) => rulesOf(uri).includes("comparison-to-none")],
  targetVersion: ["3.13", (uri) => rulesOf(uri).includes("default-type-argument")],
  maxComplexity: [1, (uri) => rulesOf(uri).includes("too-complex")],
  maxBranches: [1, (uri) => rulesOf(uri).includes("too-many-branches")],
  maxReturns: [1, (uri) => rulesOf(uri).includes("too-many-returns")],
  maxArguments: [1, (uri) => rulesOf(uri).includes("too-many-arguments")],
  maxStatements: [1, (uri) => rulesOf(uri).includes("too-many-statements")],
  maxNesting: [1, (uri) => rulesOf(uri).includes("nested-too-deep")],
};

const MEASURES = ["too-complex", "too-many-branches", "too-many-returns", "too-many-arguments", "too-many-statements", "nested-too-deep"];

const PROBE = `from collections.abc import Generator


def numbers() -> Generator[int, None, None]:
    yield 1


def choose(one, two, three, four, five, six, seven):
    if one == None:
        for each in two:
            if each:
                return three
        return four
    if two:
        return five
    print(six)
    return seven
`;

/** By setting: a value, and what is said of a suggestion then: its estimate, or for which host a key is missing. */
const AI: [string, unknown, RegExp][] = [
  ["dailyCap", 0.75, / cap 0\.75$/],
  ["anthropic.model", "claude-haiku-4-5", /^anthropic claude-haiku-4-5 /],
  ["anthropic.baseUrl", "http://127.0.0.1:9/other", /no key for anthropic at 127\.0\.0\.1:9/],
  ["openai.baseUrl", "http://127.0.0.1:10/v1", / 127\.0\.0\.1:10/],
  ["openai.model", "gpt-5-mini", /^openai gpt-5-mini /],
  ["provider", "openai", /^openai /],
];

/** Those of the server are shown to work by the suite "server"; the window here has the first of them set. */
const SERVER = ["command", "interpreter", "importStrategy"];

function severityOf(uri: vscode.Uri, rule: string): vscode.DiagnosticSeverity | undefined {
  return vscode.languages.getDiagnostics(uri).find(({ code }) => JSON.stringify(code ?? "").includes(rule))?.severity;
}

describe("every setting has an effect", () => {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const probe = vscode.Uri.joinPath(folder, "probe.py");
  const ruff = vscode.Uri.joinPath(folder, "ruff.toml");
  const project = vscode.Uri.joinPath(folder, "pyproject.toml");
  let original: Uint8Array;
  const { WorkspaceFolder } = vscode.ConfigurationTarget;
  const lint = (key: string, value: unknown): Thenable<void> => vscode.workspace.getConfiguration("backendTeam.lint", probe).update(key, value, WorkspaceFolder);

  before(async () => {
    // What the project's own files say comes first: this one says which Python it is for.
    original = await vscode.workspace.fs.readFile(project);
    await vscode.workspace.fs.writeFile(project, Buffer.from(Buffer.from(original).toString().replace(/^requires-python.*\n/m, "")));
    await vscode.workspace.fs.writeFile(probe, Buffer.from(PROBE));
    const { session } = await api();
    await session.start();
    await open("probe.py");
    await until("the probe is judged", () => rulesOf(probe).includes("comparison-to-none"));
  });

  after(async () => {
    await vscode.workspace.fs.writeFile(project, original);
    for (const file of [probe, ruff, vscode.Uri.joinPath(folder, ".vscode")]) await vscode.workspace.fs.delete(file, { recursive: true }).then(undefined, () => undefined);
  });

  it("and is tried here", () => {
    const tried = [...SERVER.map((key) => `server.${key}`), ...AI.map(([key]) => `ai.${key}`), ...Object.keys(LINT).map((key) => `lint.${key}`), "codeLens.enabled", "trace.server"];
    const known = Object.keys(PROPERTIES).map((key) => key.replace(/^backendTeam\./, ""));
    assert.deepEqual(known.sort(), tried.sort());
  });

  for (const [key, [value, seen]] of Object.entries(LINT)) {
    it(`lint.${key}`, async () => {
      if (key.startsWith("max")) await lint("extendSelect", MEASURES);
      if (key === "standDown") {
        await vscode.workspace.fs.writeFile(ruff, Buffer.from('lint.select = ["E", "F"]\n'));
        await until("the rules stand down", () => !seen(probe));
      }
      assert.equal(seen(probe), false, "not yet");
      await lint(key, value);
      await until("it is seen", () => seen(probe));
      await lint(key, undefined);
      await until("it is seen no more", () => !seen(probe));
      if (key === "standDown") await vscode.workspace.fs.delete(ruff);
      if (key.startsWith("max")) await lint("extendSelect", undefined);
    });
  }

  it("ai.*", async () => {
    const { session } = await api();
    const document = await open("probe.py");
    const params = { uri: probe.toString(), version: document.version, line: 7, character: 5 };
    for (const [key, value, said] of AI) {
      await set(`backendTeam.ai.${key}`, value);
      let last = "";
      const heard = async (): Promise<boolean> => {
        last = await session.execute<SuggestionEstimate>(PREPARE_SUGGESTION, params).then(
          ({ provider, model, host, dailyCap }) => `${provider} ${model} at ${host}, cap ${dailyCap}`,
          (error: unknown) => String(error),
        );
        return said.test(last);
      };
      await until(`the estimate follows ai.${key}`, heard, 10_000).catch((error: unknown) => assert.fail(`${String(error)}: ${last}`));
    }
    for (const [key] of AI) await set(`backendTeam.ai.${key}`, undefined);
  });

  it("codeLens.enabled", async () => {
    const document = await open("probe.py");
    const lenses = async (): Promise<string[]> => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 100);
      return found.map(({ command }) => command?.title ?? "");
    };
    assert.deepEqual(await lenses(), [], "off by default");
    await set("backendTeam.codeLens.enabled", true);
    await until("lenses count the findings", async () => (await lenses()).some((title) => /^\d+ findings? in this file$/.test(title)));
    const all = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 100);
    const shown = all.find(({ command }) => command?.command === "backendTeam.showFindings")?.command;
    assert.ok(shown, "a lens shows its findings");
    await vscode.commands.executeCommand(shown.command, ...(shown.arguments as unknown[]));
    await set("backendTeam.codeLens.enabled", undefined);
    await until("they are gone", async () => (await lenses()).length === 0);
  });

  it("trace.server", async () => {
    await listen();
    const { session } = await api();
    session.log.show();
    await until("the channel is at level Trace", async () => {
      await vscode.commands.executeCommand("workbench.action.output.activeOutputLogLevel.1");
      return session.log.logLevel === vscode.LogLevel.Trace;
    });
    await set("backendTeam.trace.server", "verbose");
    await until("what is in the messages is logged", async () => {
      await session.execute("backendTeam.server.showStatus", {});
      return logged("Params: {");
    });
    await set("backendTeam.trace.server", undefined);
    await vscode.commands.executeCommand("workbench.action.output.activeOutputLogLevel.3");
  });
});
