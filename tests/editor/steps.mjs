/** The steps of the film, in order. A step returns what it saw, or throws. */

import { strict as assert } from "node:assert";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SAMPLE, VSIX } from "./paths.mjs";
import { inGroup } from "./processes.mjs";
import { VsCode, until } from "./vscode.mjs";
import { Window } from "./window.mjs";

/**
 * @typedef {object} Scene
 * @property {import("./stage.mjs").Stage} stage
 * @property {import("./vscode.mjs").VsCode} code
 * @property {import("./window.mjs").Window} window
 * @property {import("./toolbox.mjs").Toolbox} tools
 * @property {Record<string, any>} seen           what steps tell later ones
 *
 * @typedef {(detail?: string) => Promise<void>} Shoot   takes a picture
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {(scene: Scene, shoot: Shoot) => Promise<string>} play
 */

/** @param {Scene} scene @param {string} file */
function onDisk(scene, file) {
  return readFileSync(join(scene.stage.workspace, file), "utf8");
}

/** The number of a line, from 1. @param {string} text @param {string} part */
function lineOf(text, part) {
  const at = text.split("\n").findIndex((line) => line.includes(part));
  assert.ok(at >= 0, `no line has "${part}"`);
  return at + 1;
}

/** Findings that the status bar counts. @param {string} status */
function findings(status) {
  const number = /([\d,]+) findings?/.exec(status)?.[1];
  assert.ok(number, `no findings in "${status}"`);
  return Number(number.replaceAll(",", ""));
}

/** Wait until the status bar counts fewer findings, and how many. @param {import("./window.mjs").Window} window @param {number} than @param {number} by */
async function fewer(window, than, by) {
  let left = than;
  await until(`there are at least ${by} findings fewer than ${than}`, async () => {
    left = findings(await window.statusSays(/finding/));
    return left <= than - by;
  });
  return left;
}

/** @type {Step[]} */
const CLEANUP = [
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

/** @type {Step[]} */
const ASSIST = [
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
      await dialog.waitFor();
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

/** @type {Step[]} */
const TEMPLATE = [
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
      const opened = window.page.context().waitForEvent("page", { timeout: 15_000 });
      await window.toast(/runs at http/).getByRole("button", { name: "Open URL" }).click();
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
      window.page = code;
      const address = page.url();
      await page.close();
      return `${address}: "${title}"`;
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

/** @type {Step[]} */
const TRUST = [
  {
    name: "untrusted",
    async play(scene, shoot) {
      const { stage, window } = scene;
      const wicked = join(stage.home, "restricted", "wicked");
      mkdirSync(join(wicked, ".vscode"), { recursive: true });
      cpSync(SAMPLE, wicked, { recursive: true });
      const proof = join(wicked, "was-executed");
      const settings = { "backendTeam.server.command": ["/bin/sh", "-c", `touch ${proof}`], "backendTeam.server.interpreter": join(wicked, "python") };
      writeFileSync(join(wicked, ".vscode", "settings.json"), JSON.stringify(settings));
      const server = [ownPython(stage), "-m", "backend_team.lsp"];
      const code = await VsCode.start({
        tools: scene.tools,
        home: join(stage.home, "restricted"),
        machine: { "backendTeam.server.command": server },
        vsix: VSIX,
        env: stage.environment,
        trust: true,
      });
      try {
        scene.window = await Window.open(window.page.context().browser(), code.address(wicked));
        await scene.window.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
        await scene.window.openFile("catalogue.py");
        const status = await scene.window.statusSays(/[1-9]\d* findings?/, 60_000);
        const squiggles = await until("squiggles are drawn", async () => await scene.window.squiggles());
        assert.equal(existsSync(proof), false, "the folder's own settings started nothing");
        await shoot();
        return `Restricted Mode: ${squiggles} squiggles, ${status}; the folder's own server command was not started`;
      } finally {
        await scene.window.page.context().close();
        scene.window = window;
        await code.stop();
      }
    },
  },
];

/** What the hosted API itself says of this month. @param {import("./stage.mjs").Stage} stage */
async function usageOfApi(stage) {
  const { url } = JSON.parse(readFileSync(join(stage.state, "api", "endpoint.json"), "utf8"));
  const key = readFileSync(join(stage.state, "api", "key"), "utf8").trim();
  const answer = await fetch(new URL("/v1/usage", url), { headers: { "X-API-Key": key } });
  assert.equal(answer.status, 200);
  return await answer.json();
}

/** The interpreter of the environment that the extension made for its server. @param {import("./stage.mjs").Stage} stage */
function ownPython(stage) {
  const environments = join(stage.home, "user-data", "User", "globalStorage", "ai-backend-team.backend-team", "server");
  const made = readdirSync(environments).find((name) => existsSync(join(environments, name, "ready.json")));
  assert.ok(made, `no finished environment in ${environments}`);
  return join(environments, made, "bin", "python");
}

/**
 * Start Run Template… and answer its questions until the plan is shown; returns the questions.
 *
 * @param {import("./window.mjs").Window} window @param {string} name @param {Shoot} [shoot]
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

/** Answer one question of the template. @param {import("./window.mjs").Window} window @param {string} question @param {string} name */
async function answer(window, question, name) {
  const input = window.page.locator(".quick-input-widget:not(.hidden) input[type=text]").first();
  const empty = (await input.inputValue()) === "";
  const rows = await window.page.locator(".quick-input-widget:not(.hidden) .quick-input-list .monaco-list-row").count();
  if (rows === 0 && empty && /\| Application name/i.test(question)) await input.fill(name);
  if (rows === 0 && /tagline/i.test(question)) await input.fill("Fresh things around the corner");
  if (rows === 0 && empty && /domain/i.test(question)) await input.fill("shop.example.com");
  if (rows === 0 && empty && /mail/i.test(question)) await input.fill("owner@example.com");
}

export const STEPS = [...CLEANUP, ...ASSIST, ...TEMPLATE, ...TRUST];
