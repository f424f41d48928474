/** The film: from the squiggle to the checked workspace. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { until } from "../vscode.mjs";
import { onDisk, lineOf, findings, fewer, ownPython } from "./scene.mjs";

/** @type {import("./scene.mjs").Step[]} */
export const CLEANUP = [
  {
    name: "open",
    async play({ window, stage, seen }, shoot) {
      await window.toast("setting up its server").waitFor({ timeout: 30_000 }).then(() => shoot("environment"), () => undefined);
      await window.openFile("catalogue.py");
      const status = await window.statusSays(/[1-9]\d* findings?/, 180_000);
      await shoot();
      seen.status = status;
      return `server in an environment of its own: ${ownPython(stage).replace(stage.home, "~")}; status bar: ${status}`;
    },
  },
  {
    name: "squiggles",
    async play({ window, seen }, shoot) {
      const number = await until("squiggles are drawn", async () => await window.squiggles(), 15_000);
      assert.ok(number >= 5, `only ${number} squiggles`);
      seen.squiggles = number;
      await shoot();
      return `${number} squiggles in sight of catalogue.py`;
    },
  },
  {
    name: "hover",
    async play(scene, shoot) {
      await scene.window.goTo(lineOf(onDisk(scene, "shop/catalogue.py"), "number == None"));
      const text = await scene.window.hover("number == None", "None");
      assert.match(text, /comparison-to-none/);
      await shoot();
      await scene.window.page.mouse.move(700, 5);
      return text.split("\n").map((/** @type {string} */ line) => line.trim()).filter(Boolean).slice(0, 2).join(" / ");
    },
  },
  {
    name: "quick-fix",
    async play(scene, shoot) {
      const { window } = scene;
      const before = onDisk(scene, "shop/catalogue.py");
      const line = lineOf(before, "if number == None:");
      await window.goTo(line, before.split("\n")[line - 1].indexOf("==") + 1);
      const { titles, choose } = await window.codeAction(/\bis\b|None/);
      await shoot("lightbulb");
      await choose();
      await window.page.locator(".view-line", { hasText: "number is None" }).waitFor();
      await window.save();
      const after = onDisk(scene, "shop/catalogue.py");
      assert.equal(after, before.replace("if number == None:", "if number is None:"), "the quick fix changed this and nothing else");
      scene.seen.findings = await fewer(window, findings(scene.seen.status), 1);
      await shoot("applied");
      return `"${titles[0].trim()}" of ${titles.length} actions: number == None → number is None, all else as it was`;
    },
  },
  {
    name: "fix-file",
    async play(scene, shoot) {
      const { window } = scene;
      const before = onDisk(scene, "shop/catalogue.py");
      const counted = scene.seen.findings;
      await window.command("AI Backend Team: Fix File");
      await until("the file is changed", async () => (await window.page.locator(".tab.active.dirty").count()) > 0, 20_000);
      await window.save();
      const after = onDisk(scene, "shop/catalogue.py");
      assert.ok(!/^import (os|sys)$/m.test(after), "unused imports are gone");
      assert.ok(after.includes("# grams; None for downloads") && after.includes("    for key in products:  # numbers of 2019 are still in lower case\n"), "comments are kept");
      assert.ok(!after.includes("else:"), "needless else is gone");
      assert.ok(after.includes("product.weight == None"), "a fix that is for review is not applied in bulk");
      const left = await fewer(window, counted, 3);
      await window.goTo(1);
      await shoot();
      const changed = before.split("\n").filter((row) => !after.split("\n").includes(row)).length;
      return `${counted} → ${left} findings; ${changed} lines of catalogue.py changed, comments kept`;
    },
  },
  {
    name: "workspace",
    async play({ window }, shoot) {
      await window.command("AI Backend Team: Check Workspace");
      const toast = window.toast(/findings? in \d+ files?/);
      await toast.waitFor({ timeout: 60_000 });
      const said = await toast.locator(".notification-list-item-message").innerText();
      await toast.getByRole("button", { name: "Show Problems" }).click();
      const rows = window.page.locator(".markers-panel .monaco-list-row");
      await rows.first().waitFor();
      const names = await window.page.locator(".markers-panel .monaco-list-row .label-name").allInnerTexts();
      const files = new Set(names.map((/** @type {string} */ name) => name.trim().split(/\s/)[0]).filter((/** @type {string} */ name) => name.endsWith(".py")));
      assert.ok(files.size >= 3, `problems of ${[...files].join(", ")} only`);
      await window.toast("Checking the workspace").waitFor({ state: "detached" });
      await shoot();
      await window.command("View: Toggle Problems");
      return `${said}; Problems lists ${[...files].join(", ")}`;
    },
  },
];
