/** The film: an AI suggestion with its price, accepted, and asked again. */

import { strict as assert } from "node:assert";
import { onDisk, lineOf } from "./scene.mjs";

/** @type {import("./scene.mjs").Step[]} */
export const ASSIST = [
  {
    name: "suggestion",
    async play(scene, shoot) {
      const { window } = scene;
      await window.dismiss();
      await window.openFile("pricing.py");
      const before = onDisk(scene, "shop/pricing.py");
      await window.goTo(lineOf(before, "def price_order("), 7);
      await window.command("AI Backend Team: Suggest a Refactoring");
      const dialog = window.dialog();
      // On a first run what AI needs is still being added; the command waits for it.
      await dialog.waitFor({ timeout: 120_000 });
      const asked = await dialog.innerText();
      assert.match(asked, /price_order/);
      assert.match(asked, /127\.0\.0\.1/);
      const most = /at most \$(\d+\.\d+)/.exec(asked)?.[1];
      assert.ok(most && Number(most) > 0, `no price in: ${asked}`);
      await shoot("price");
      await window.answer("Show What Is Sent");
      const question = window.toast("Send this to 127.0.0.1");
      await question.waitFor();
      const sent = await window.page.locator(".editor-instance .view-lines").innerText();
      assert.match(sent.replaceAll("\u00a0", " "), /price_order/, "the page shows the function that is sent");
      await shoot("what-is-sent");
      await question.getByRole("button", { name: "Send" }).click();
      const toast = window.toast(/It passed \d+ checks/);
      await toast.waitFor({ timeout: 60_000 });
      const said = await toast.innerText();
      const cost = /cost \$(\d+\.\d+)\./.exec(said)?.[1];
      assert.ok(cost && Number(cost) > 0 && Number(cost) <= Number(most), `cost in "${said}" is over 0 and at most ${most}`);
      await window.page.locator(".monaco-diff-editor .line-insert, .monaco-diff-editor .char-insert").first().waitFor();
      await window.toast(/^Asking/).waitFor({ state: "detached" });
      await shoot("diff");
      await toast.getByRole("button", { name: "Accept" }).click();
      await window.page.locator(".monaco-diff-editor").waitFor({ state: "detached" });
      await window.page.locator(".tab.active.dirty", { hasText: "pricing.py" }).waitFor();
      await window.save();
      const after = onDisk(scene, "shop/pricing.py");
      assert.notEqual(after, before);
      assert.ok(after.startsWith(before.slice(0, before.indexOf("def price_order("))), "what stands above the function is untouched");
      assert.ok(after.includes("# Pallets are cheaper to handle than single pieces."), "comments are kept");
      await shoot("accepted");
      scene.seen.price = before;
      return `at most $${most}, cost $${cost}; accepted: ${before.split("\n").length} → ${after.split("\n").length} lines`;
    },
  },
  {
    name: "cached",
    async play(scene, shoot) {
      const { window } = scene;
      await window.page.keyboard.press("Control+Z");
      await window.page.locator(".tab.active.dirty").waitFor();
      await window.save();
      assert.equal(onDisk(scene, "shop/pricing.py"), scene.seen.price, "undo brings the function back exactly");
      await window.goTo(lineOf(scene.seen.price, "def price_order("), 7);
      await window.command("AI Backend Team: Suggest a Refactoring");
      const toast = window.toast("0.00 (cached)");
      await toast.waitFor({ timeout: 20_000 });
      await window.toast("the kept answer").waitFor({ state: "detached" });
      assert.equal(await window.dialog().count(), 0, "nothing is asked: nothing leaves the machine");
      await shoot();
      await toast.getByRole("button", { name: "Discard" }).click();
      await window.page.locator(".monaco-diff-editor").waitFor({ state: "detached" });
      assert.equal(onDisk(scene, "shop/pricing.py"), scene.seen.price, "discarding changes nothing");
      return "asked again: the same answer at 0.00 (cached), without a question; discarded";
    },
  },
];
