/** The film: a template, its live application, the meter, and what happens when something is cut off. */

import { strict as assert } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { inGroup } from "../processes.mjs";
import { until } from "../vscode.mjs";
import { usageOfApi } from "./scene.mjs";

/** @type {import("./scene.mjs").Step[]} */
export const TEMPLATE = [
  {
    name: "template",
    async play(scene, shoot) {
      const { window, stage, seen } = scene;
      await window.dismiss();
      const questions = await fillIn(window, "Corner Shop", shoot);
      const plan = await window.dialog().innerText();
      assert.match(plan, /Creates \d+ files/);
      await shoot("plan");
      await window.answer("Run");
      const progress = window.toast(/Running SaaS Starter: (?!queued)/);
      await progress.waitFor();
      await shoot("progress");
      const toast = window.toast(/runs at http/);
      await until("the application runs", async () => {
        const failure = window.page.locator(".notification-toast", { hasText: "failed" });
        if (await failure.count()) seen.failure = await failure.first().innerText();
        return seen.failure || (await toast.count());
      }, 240_000);
      assert.equal(seen.failure, undefined);
      const said = await toast.innerText();
      seen.url = /runs at (http:\/\/\S+?)\.?(?:\s|$)/.exec(said)?.[1];
      await shoot("ready");
      const health = await fetch(new URL("/health", seen.url));
      assert.equal(health.status, 200);
      return `${questions.length} questions, ${/Creates (\d+) files/.exec(plan)?.[1]} files; ${seen.url} answers /health with ${(await health.text()).slice(0, 60)}; in ${stage.home.replace(stage.home, "~")}/work`;
    },
  },
  {
    name: "live-page",
    async play({ window, seen }, shoot) {
      await window.toast(/runs at http/).getByRole("button", { name: "Copy Admin Password" }).click();
      const copied = window.toast(/password of owner@example\.com is in the clipboard/);
      await copied.waitFor();
      const password = await window.page.evaluate(() => navigator.clipboard.readText());
      const opened = window.page.context().waitForEvent("page", { timeout: 15_000 });
      await copied.getByRole("button", { name: "Open URL" }).click();
      const page = await opened;
      await page.waitForLoadState("load");
      const title = await page.title();
      const body = await page.locator("body").innerText();
      assert.equal(new URL(page.url()).hostname.split(".")[0], new URL(seen.url).port, "the editor in the browser opened this application");
      assert.match(title, /Corner Shop/);
      assert.match(body, /Log in/);
      assert.ok(await page.evaluate(() => document.styleSheets.length > 0), "the page has its style");
      const code = window.page;
      window.page = page;
      await page.setViewportSize({ width: 1360, height: 860 });
      await shoot();
      const address = page.url();
      await page.getByRole("link", { name: "Log in" }).first().click();
      await page.fill("input[name=email]", "owner@example.com");
      await page.fill("input[name=password]", password);
      await page.locator("input[name=password]").press("Enter");
      await page.waitForURL(/dashboard/);
      await shoot("dashboard");
      window.page = code;
      await page.close();
      return `${address}: "${title}"; logged in as owner@example.com with the password of the clipboard`;
    },
  },
  {
    name: "meter",
    async play({ window, stage }, shoot) {
      const status = await window.statusSays(/AI 1\/[\d,]+ .* runs 1\/3/);
      const usage = await usageOfApi(stage);
      assert.deepEqual([usage.ai_requests.used, usage.template_executions.used, usage.cache_hits], [1, 1, 1], "the API counts what the status bar shows");
      await window.command("AI Backend Team: Show Usage");
      const frame = window.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
      await frame.locator("table").first().waitFor({ timeout: 20_000 });
      const table = (await frame.locator("tbody").innerText()).replace(/\s+/g, " ").trim();
      assert.match(table, /Template executions 1\/3/);
      assert.match(table, /AI requests 1\//);
      await shoot();
      await window.page.keyboard.press("Control+W");
      return `${status}; table: ${table}`;
    },
  },
  {
    name: "cancelled",
    async play({ window, stage }, shoot) {
      await fillIn(window, "Short Lived");
      await window.answer("Run");
      const progress = window.toast(/Running SaaS Starter: (?!queued)/);
      await progress.waitFor();
      await progress.getByRole("button", { name: "Cancel" }).click();
      await window.toast("was cancelled").waitFor({ timeout: 30_000 });
      await shoot();
      const folder = join(stage.home, "work", "short-lived");
      const left = existsSync(folder) ? readdirSync(folder) : [];
      assert.deepEqual(left, [], "what the run had written is gone");
      assert.equal((await usageOfApi(stage)).template_executions.used, 1, "a cancelled run is not counted");
      return "cancelled in the middle: its files are cleaned up, it is not counted";
    },
  },
  {
    name: "re-attached",
    async play(scene, shoot) {
      const { window, stage, code, seen } = scene;
      await window.dismiss();
      await fillIn(window, "Second Shop");
      await window.answer("Run");
      await window.toast(/Running SaaS Starter: (?!queued)/).waitFor();
      const [server] = inGroup(code.child.pid ?? 0, "-m backend_team.lsp");
      assert.ok(server, "the language server runs");
      process.kill(server.pid, "SIGKILL");
      await window.toast("was started again").waitFor();
      const toast = window.toast(/runs at http/);
      await toast.waitFor({ timeout: 60_000 });
      await window.statusSays(/runs 2\/3/);
      await shoot();
      const url = /runs at (http:\/\/\S+?)\.?(?:\s|$)/.exec(await toast.innerText())?.[1];
      assert.equal((await fetch(new URL("/health", url))).status, 200);
      seen.second = url;
      assert.equal((await usageOfApi(stage)).template_executions.used, 2, "the run was counted once");
      return `language server ${server.pid} killed during the run: re-attached, ${url} answers, counted once`;
    },
  },
  {
    name: "server-killed",
    async play(scene, shoot) {
      const { window, code } = scene;
      const group = code.child.pid ?? 0;
      await window.openFile("customers.py");
      await until("squiggles are drawn", async () => await window.squiggles());
      const [server, ...others] = inGroup(group, "-m backend_team.lsp");
      assert.ok(server && others.length === 0, "there is one language server");
      await window.dismiss();
      process.kill(server.pid, "SIGKILL");
      await window.toast("was started again").waitFor();
      const next = await until("another server runs", () => inGroup(group, "-m backend_team.lsp").find(({ pid }) => pid !== server.pid));
      await window.statusSays(/findings/, 60_000);
      const before = await until("squiggles are back", async () => await window.squiggles());
      await window.goTo(2);
      await window.page.keyboard.type("import this");
      await until("a new finding is drawn", async () => (await window.squiggles()) > before, 15_000);
      assert.equal(await window.page.locator(".notifications-toasts .notification-toast").count(), 1, "one message, not more");
      await shoot();
      await window.page.keyboard.press("Control+Z");
      return `server ${server.pid} killed, ${next.pid} took over: findings are back and follow the typing; one message`;
    },
  },
  {
    name: "remove",
    async play(scene, shoot) {
      const { window, seen } = scene;
      await window.dismiss();
      await window.command("AI Backend Team: Show Deployments");
      await window.row("Second Shop").waitFor();
      await shoot("list");
      await window.row("Corner Shop").click();
      await window.row("Remove").first().click();
      await window.dialog().waitFor();
      await shoot("question");
      await window.answer("Remove");
      await window.toast("was removed").waitFor({ timeout: 30_000 });
      await assert.rejects(fetch(new URL("/health", seen.url)), "nothing listens there any more");
      assert.equal((await fetch(new URL("/health", seen.second))).status, 200, "the other one goes on");
      return `${seen.url} is gone, ${seen.second} goes on`;
    },
  },
];

/**
 * Start Run Template… and answer its questions until the plan is shown; returns the questions.
 *
 * @param {import("../window.mjs").Window} window @param {string} name @param {import("./scene.mjs").Shoot} [shoot]
 */
async function fillIn(window, name, shoot) {
  await window.command("AI Backend Team: Run Template");
  await window.row("SaaS").first().waitFor({ timeout: 30_000 });
  await shoot?.("choice");
  await window.row("SaaS").first().click();
  const questions = /** @type {string[]} */ ([]);
  for (;;) {
    const question = await until("the next question", async () => {
      if (await window.dialog().count()) return "the plan";
      const text = await window.question();
      const [title] = text.split(" | ");
      return title && title !== "Run Template" && !questions.at(-1)?.startsWith(`${title} | `) ? text : undefined;
    });
    if (question === "the plan") return questions;
    questions.push(question);
    await answer(window, question, name);
    await shoot?.(`input-${questions.length}`);
    await window.page.keyboard.press("Enter");
    assert.ok(questions.length < 20, `too many questions: ${questions.join("; ")}`);
  }
}

/** Answer one question of the template. @param {import("../window.mjs").Window} window @param {string} question @param {string} name */
async function answer(window, question, name) {
  const input = window.page.locator(".quick-input-widget:not(.hidden) input[type=text]").first();
  const empty = (await input.inputValue()) === "";
  const rows = await window.page.locator(".quick-input-widget:not(.hidden) .quick-input-list .monaco-list-row").count();
  if (rows === 0 && empty && /\| Application name/i.test(question)) await input.fill(name);
  if (rows === 0 && /tagline/i.test(question)) await input.fill("Fresh things around the corner");
  if (rows === 0 && empty && /domain/i.test(question)) await input.fill("shop.example.com");
  if (rows === 0 && empty && /mail/i.test(question)) await input.fill("owner@example.com");
}
