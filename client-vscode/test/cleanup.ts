/** The cleanup view and what surrounds it: items of the server, what a fix came to, and previews. */

import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { WorkspaceEdit } from "vscode-languageclient";
import { drawn, type View } from "../src/cleanup/items";
import { summary } from "../src/commands/fixWorkspace";
import { complaint } from "../src/commands/newRule";
import type { Api } from "../src/extension";
import { diagnosticsAtCursor, ruleOf, rulesAtCursor } from "../src/findings";
import { ticked } from "../src/preview";
import type { CleanupItem, FixWorkspaceResult } from "../src/protocol";
import { api, open, rulesOf, until } from "./support";

const FIX = { applied: 24, files: 5, withheld: [], leftOut: [] };
const WITHHELD = { uri: "file:///a.py", rule: "nested-if", line: 3, reason: "a comment would be lost" };

const SUMMARIES: [FixWorkspaceResult, string][] = [
  [FIX, "24 fixes in 5 files."],
  [{ ...FIX, applied: 1, files: 1 }, "1 fix in 1 file."],
  [{ ...FIX, applied: 0, files: 0 }, "Nothing was changed."],
  [{ ...FIX, withheld: [WITHHELD] }, "24 fixes in 5 files. 1 fix withheld: could not be shown right."],
  [{ ...FIX, leftOut: [{ uri: "file:///a.py", reason: "changed" }, { uri: "file:///b.py", reason: "changed" }] }, "24 fixes in 5 files. 2 files left out."],
];

const NAMES: [string, boolean][] = [["", true], ["float-for-money", true], ["x2", true], ["Float", false], ["a--b", false], ["a-", false], ["2x", false]];

async function ready(): Promise<Api> {
  const found = await api();
  const { uri } = await open("shop/catalogue.py");
  await until("findings are shown", () => rulesOf(uri).includes("comparison-to-none"));
  await until("findings are counted", () => found.session.status?.state === "ready" && found.session.status.findings > 0);
  return found;
}

describe("the cleanup view", () => {
  for (const view of ["plan", "rules", "files"] as View[]) {
    it(`shows every finding once, ordered as ${view}`, async () => {
      const { cleanup, session } = await ready();
      cleanup.show(view);
      const items = await until("the items are those that are counted", async () => {
        const found = await cleanup.getChildren();
        return sum(found) === session.status?.findings && found;
      });
      const ids = items.map((item) => cleanup.getTreeItem(item).id);
      assert.equal(new Set(ids).size, items.length, "ids are unique");
      const again = await cleanup.getChildren();
      assert.deepEqual(again.map((item) => cleanup.getTreeItem(item).id), ids, "and stay");
      const first = items.find(({ expandable }) => expandable);
      assert.ok(first);
      assert.equal(sum(await cleanup.getChildren(first)), first.findings, "what is below an item is what it counts");
    });
  }

  it("opens a finding at its place and offers a fix where there is one", async () => {
    const { cleanup } = await ready();
    cleanup.show("files");
    const files = await cleanup.getChildren();
    const fixable = files.find(({ fix }) => fix);
    assert.ok(fixable);
    assert.match(drawn("files", fixable).contextValue ?? "", /\bfix\b/);
    const [finding] = await cleanup.getChildren(fixable);
    assert.ok(finding?.place);
    const { command } = drawn("files", finding);
    assert.equal(command?.command, "vscode.open");
    const [uri] = command.arguments as [vscode.Uri];
    assert.equal(uri.toString(), vscode.Uri.parse(finding.place.uri).toString());
    cleanup.show("plan");
  });
});

function sum(items: readonly CleanupItem[]): number {
  return items.reduce((number, { findings }) => number + findings, 0);
}

describe("findings at the cursor", () => {
  it("are those it touches, otherwise those of its line", async () => {
    await ready();
    const editor = vscode.window.activeTextEditor!;
    const at = editor.document.getText().indexOf("number == None");
    const place = editor.document.positionAt(at + 7);
    editor.selection = new vscode.Selection(place, place);
    assert.deepEqual(diagnosticsAtCursor(editor).map(ruleOf), ["comparison-to-none"]);
    const start = place.with({ character: 0 });
    editor.selection = new vscode.Selection(start, start);
    assert.deepEqual(diagnosticsAtCursor(editor), []);
    assert.deepEqual(rulesAtCursor(editor), ["comparison-to-none"]);
  });
});

describe("what a fix of the workspace came to", () => {
  for (const [result, expected] of SUMMARIES) it(`"${expected}"`, () => assert.equal(summary(result), expected));
});

describe("the name of a new rule", () => {
  for (const [text, good] of NAMES) it(`"${text}" is ${good ? "accepted" : "refused"}`, () => assert.equal(complaint(text) === undefined, good));
});

describe("a preview", () => {
  const nothing = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const edit = (needsConfirmation: boolean): WorkspaceEdit => ({
    documentChanges: ["file:///a.py", "file:///b.py"].map((uri) => ({ textDocument: { uri, version: null }, edits: [{ range: nothing, newText: "x", annotationId: "fix" }] })),
    changeAnnotations: { fix: { label: "Fix", needsConfirmation } },
  });

  it("has every change ticked, and something that asks for it", () => {
    const { documentChanges, changeAnnotations } = ticked(edit(true));
    assert.deepEqual(documentChanges?.slice(1), edit(true).documentChanges);
    assert.equal(changeAnnotations?.["fix"]?.needsConfirmation, false);
    assert.equal(Object.values(changeAnnotations).filter(({ needsConfirmation }) => needsConfirmation).length, 1);
  });

  it("does not come where nobody asked for it", () => assert.deepEqual(ticked(edit(false)), edit(false)));
});
