/** The film: the view of what is to be cleaned, its three orders, its fix buttons, and the fixes of the workspace. */

import { strict as assert } from "node:assert";
import { until } from "../vscode.mjs";
import { fewer, findings, onDisk } from "./scene.mjs";

const ICON = '.activitybar li.action-item:has(.action-label[class*="extension-backendTeam"])';

/** @type {import("./scene.mjs").Step[]} */
export const VIEW = [
  {
    name: "cleanup-view",
    async play({ window, seen }, shoot) {
      await window.dismiss();
      const number = findings(await window.statusSays(/finding/));
      await window.page.locator(ICON).click();
      await window.cleanupRows(/fix(es)?/).first().waitFor();
      const plan = await window.cleanupRows().allInnerTexts();
      await shoot("plan");
      await window.viewAction("View by Rule");
      await window.cleanupRows(/^Comparisons/).first().waitFor();
      const rules = await window.cleanupRows().allInnerTexts();
      await window.cleanupRows().first().click();
      await until("a category is unfolded", async () => (await window.cleanupRows().count()) > rules.length);
      await shoot("rules");
      await window.viewAction("View by File");
      await window.cleanupRows("cart.py").first().waitFor();
      const files = await window.cleanupRows().allInnerTexts();
      await shoot("files");
      const badge = await window.page.locator(`${ICON} .badge-content`).innerText();
      assert.equal(Number(badge), number, "the badge counts what the status bar counts");
      const sum = files.map((/** @type {string} */ row) => Number(/(\d+) findings?/.exec(row)?.[1] ?? 0)).reduce((/** @type {number} */ one, /** @type {number} */ other) => one + other, 0);
      assert.equal(sum, number, "the files have all the findings");
      seen.findings = number;
      return `badge ${badge}; ${plan.length} steps, ${rules.length} categories, ${files.length} files`;
    },
  },
  {
    name: "cleanup-open",
    async play({ window }, shoot) {
      const row = window.cleanupRows("cart.py").first();
      await row.click();
      const finding = window.cleanupRows(/line \d+/).first();
      await finding.waitFor();
      const said = (await finding.innerText()).replace(/\s+/g, " ");
      await finding.click();
      await window.page.locator(".tab.active", { hasText: "cart.py" }).waitFor();
      const line = /line (\d+)/.exec(said)?.[1];
      await until("the cursor is there", async () => (await window.page.locator(".statusbar-item", { hasText: /Ln \d+/ }).innerText()).includes(`Ln ${line},`));
      await shoot();
      return `${said}: opened at its line`;
    },
  },
  {
    name: "cleanup-fix",
    async play(scene, shoot) {
      const { window, seen } = scene;
      const row = window.cleanupRows("cart.py").first();
      const before = (await row.innerText()).replace(/\s+/g, " ");
      await row.hover();
      await shoot("button");
      await row.getByRole("button", { name: "Fix" }).click();
      await window.page.locator(".tab.dirty", { hasText: "cart.py" }).waitFor();
      const left = await fewer(window, seen.findings, 3);
      await until("the file has fewer findings in the view", async () => Number(/(\d+) findings?/.exec(await row.innerText())?.[1]) < Number(/(\d+) findings?/.exec(before)?.[1]));
      await window.cleanupRows(/line \d+/).first().waitFor();
      await window.save();
      await shoot("fixed");
      assert.ok(!onDisk(scene, "shop/cart.py").includes("True if len"), "the file is fixed");
      return `${before} → ${(await row.innerText()).replace(/\s+/g, " ")}; ${seen.findings} → ${left} findings; what was unfolded stayed so`;
    },
  },
  {
    name: "fix-workspace",
    async play(scene, shoot) {
      const { window } = scene;
      await window.dismiss();
      const before = findings(await window.statusSays(/finding/));
      await window.command("AI Backend Team: Fix Workspace");
      await window.row("Everything that is safe").waitFor();
      await shoot("what");
      await window.page.keyboard.press("Enter");
      await window.applyPreview(() => shoot("preview"));
      const toast = window.toast(/fixes in \d+ files/);
      await toast.waitFor();
      const said = await toast.locator(".notification-list-item-message").innerText();
      assert.equal(await window.page.locator(".tab.dirty").count(), 0, "the files are saved");
      assert.ok(onDisk(scene, "shop/customers.py").includes('log.warning("address'), "a file that was not open is fixed on disk");
      assert.ok(onDisk(scene, "shop/pricing.py").includes("# Pallets are cheaper to handle than single pieces."), "comments are kept");
      const left = await fewer(window, before, 5);
      await shoot("applied");
      return `${said} ${before} → ${left} findings`;
    },
  },
  {
    name: "clean-up",
    async play(scene, shoot) {
      const { window } = scene;
      await window.dismiss();
      const before = findings(await window.statusSays(/finding/));
      await window.command("AI Backend Team: Clean Up Workspace");
      const steps = window.page.locator(".quick-input-widget:not(.hidden) .quick-input-list .monaco-list-row");
      await steps.first().waitFor();
      for (const rule of ["typing-alias", "optional-to-union"]) await window.row(rule).locator("input, .monaco-checkbox").first().click();
      const plan = await steps.allInnerTexts();
      await shoot("plan");
      await window.page.locator(".quick-input-widget:not(.hidden)").getByRole("button", { name: "OK" }).click();
      await window.applyPreview(() => shoot("preview"));
      const toast = window.toast(/fixes in \d+ files/);
      await toast.waitFor();
      const text = onDisk(scene, "shop/catalogue.py");
      assert.ok(text.includes("str | None") && !text.includes("Dict["), "both steps were taken");
      const left = await fewer(window, before, 10);
      await shoot("applied");
      return `${plan.length} steps, two taken: ${before} → ${left} findings`;
    },
  },
];
