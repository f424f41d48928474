/** The film: commands of the palette, each where it applies, and the menu of the status bar. */

import { strict as assert } from "node:assert";
import { until } from "../vscode.mjs";
import { fewer, findings, lineOf, onDisk } from "./scene.mjs";

/** @type {import("./scene.mjs").Step[]} */
export const COMMANDS = [
  {
    name: "palette",
    async play({ window }, shoot) {
      await window.openFile("README.md");
      const outside = await window.offered();
      await window.openFile("reports.py");
      const inside = await window.offered();
      await window.goTo(3);
      await window.page.keyboard.press("Shift+End");
      const selected = await window.offered();
      await window.ask("F1");
      await window.type(">AI Backend Team: ");
      await window.row("New Rule from Selection").waitFor();
      await shoot();
      await window.page.keyboard.press("Escape");
      const ofPython = ["Fix File", "Organize Imports", "Suggest a Refactoring", "Suppress…"];
      const always = ["Check Workspace", "Clean Up Workspace…", "Explain Rule…", "Fix All of a Rule…", "Fix Workspace…", "Restart Server", "Show Output", "Show Status", "Write Baseline"];
      const never = ["Accept Suggestion", "Fix", "Show Menu", "Refresh Cleanup View"];
      for (const title of ofPython) assert.deepEqual([outside.includes(title), inside.includes(title)], [false, true], title);
      for (const title of always) assert.ok(outside.includes(title) && inside.includes(title), title);
      for (const title of never) assert.ok(!inside.includes(title), title);
      assert.deepEqual([inside, selected].map((titles) => titles.includes("New Rule from Selection…")), [false, true]);
      return `${outside.length} commands in a text, ${inside.length} in Python, ${selected.length} with a selection`;
    },
  },
  {
    name: "organize",
    async play(scene, shoot) {
      const { window } = scene;
      await window.openFile("reports.py");
      const before = findings(await window.statusSays(/finding/));
      await window.command("AI Backend Team: Organize Imports");
      await window.page.locator(".tab.active.dirty").waitFor();
      await window.save();
      const text = onDisk(scene, "shop/reports.py");
      assert.ok(!text.includes("import math") && !text.includes("OrderedDict"), "unused imports are gone");
      const left = await fewer(window, before, 3);
      await shoot();
      return `${before} → ${left} findings; the head of reports.py: ${text.split("\n").slice(2, 6).join(" | ")}`;
    },
  },
  {
    name: "explain",
    async play(scene, shoot) {
      const { window } = scene;
      await window.openFile("customers.py");
      await window.goTo(lineOf(onDisk(scene, "shop/customers.py"), "except:"), 6);
      await window.command("AI Backend Team: Explain Rule");
      await window.row("bare-except").first().waitFor();
      const first = await window.page.locator(".quick-input-widget:not(.hidden) .monaco-list-row").first().innerText();
      assert.match(first, /bare-except/, "the rule under the cursor comes first");
      const rules = await window.page.locator(".quick-input-widget:not(.hidden) .monaco-list-row").first().getAttribute("aria-setsize");
      await shoot("rules");
      await window.page.keyboard.press("Enter");
      await window.page.locator(".tab.active", { hasText: "bare-except.md" }).waitFor();
      const frame = window.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
      await frame.getByText("catches KeyboardInterrupt").first().waitFor();
      await shoot("page");
      await window.page.keyboard.press("Control+W");
      return `${rules} rules, the one under the cursor first; its page is open`;
    },
  },
  {
    name: "status-menu",
    async play({ window }, shoot) {
      const status = await window.statusSays(/findings? · score [\d.]+/);
      await window.statusItem().hover();
      const tooltip = window.page.locator(".monaco-hover:visible", { hasText: "Quality" });
      await tooltip.waitFor();
      const table = (await tooltip.locator("tbody").innerText()).replace(/\s+/g, " ");
      await shoot("tooltip");
      await window.statusItem().locator("a").click();
      await window.row("Clean Up Workspace").waitFor();
      const rows = await window.page.locator(".quick-input-widget:not(.hidden) .monaco-list-row .label-name").allInnerTexts();
      await shoot("menu");
      await window.row("Show Status").click();
      const frame = window.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
      await frame.locator("table").first().waitFor();
      assert.match(await frame.locator("tbody").first().innerText(), /rule set/);
      await shoot("page");
      await window.page.keyboard.press("Control+W");
      assert.match(table, /Findings \d+ findings? in \d+ files?/);
      return `${status}; tooltip: ${table.slice(0, 80)}…; ${rows.length} entries`;
    },
  },
  {
    name: "fix-rule",
    async play(scene, shoot) {
      const { window } = scene;
      await window.openFile("orders.py");
      const before = findings(await window.statusSays(/finding/));
      await window.goTo(lineOf(onDisk(scene, "shop/orders.py"), "boxes: List[List[int]]"), 12);
      await window.command("AI Backend Team: Fix All of a Rule");
      await window.row("typing-alias").first().waitFor();
      assert.match(await window.page.locator(".quick-input-widget:not(.hidden) .monaco-list-row").first().innerText(), /typing-alias/);
      await shoot("rule");
      await window.page.keyboard.press("Enter");
      await window.row("orders.py").waitFor();
      await shoot("where");
      await window.row("orders.py").click();
      const said = await window.toast(/fix(es)? in 1 file/);
      await said.waitFor();
      await window.save();
      const text = onDisk(scene, "shop/orders.py");
      assert.ok(text.includes("boxes: list[list[int]] = []") && !text.includes("List["), "every List of the file is a list");
      assert.ok(onDisk(scene, "shop/catalogue.py").includes("List["), "other files are as they were");
      const left = await fewer(window, before, 5);
      await shoot("applied");
      return `typing-alias in orders.py: ${before} → ${left} findings`;
    },
  },
  {
    name: "suppress",
    async play(scene, shoot) {
      const { window } = scene;
      await window.openFile("orders.py");
      const before = findings(await window.statusSays(/finding/));
      await window.goTo(lineOf(onDisk(scene, "shop/orders.py"), "    try:"), 5);
      await window.command("AI Backend Team: Suppress");
      await window.row("Here").waitFor();
      await shoot("where");
      await window.page.keyboard.press("Enter");
      await until("the reason is asked", async () => (await window.question()).includes("Why this is right"));
      await window.type("the caller logs it");
      await shoot("reason");
      await window.page.keyboard.press("Enter");
      await window.page.locator(".tab.active.dirty").waitFor();
      await window.save();
      const text = onDisk(scene, "shop/orders.py");
      const line = text.split("\n").find((/** @type {string} */ row) => row.includes("ignore[needless-try]"));
      assert.match(line ?? "", /the caller logs it/);
      const left = await fewer(window, before, 1);
      return `${line?.trim()}: ${before} → ${left} findings`;
    },
  },
];
