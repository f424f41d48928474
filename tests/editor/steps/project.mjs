/** The film: what a project brings along: rules of its own, settings, notebooks, and more files than one cares to wait for. */

import { strict as assert } from "node:assert";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "../vscode.mjs";
import { fewer, findings, lineOf, onDisk, ownPython } from "./scene.mjs";

const NOTEBOOK = {
  cells: [
    { cell_type: "markdown", metadata: {}, source: ["# Margins of November"] },
    { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["import json\n", "import os\n", "\n", "rows = json.loads('[3, 5, 8]')"] },
    { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["%matplotlib inline\n", "if rows == None:\n", "    rows = []\n", "sum(rows)"] },
  ],
  metadata: { kernelspec: { display_name: "Python 3", language: "python", name: "python3" }, language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 5,
};

/** @type {import("./scene.mjs").Step[]} */
export const PROJECT = [
  {
    name: "new-rule",
    async play(scene, shoot) {
      const { window } = scene;
      await window.dismiss();
      await window.openFile("orders.py");
      const before = findings(await window.statusSays(/finding/));
      const text = onDisk(scene, "shop/orders.py");
      const row = lineOf(text, "datetime.date.today()");
      const at = text.split("\n")[row - 1].indexOf("datetime.date.today()");
      await window.goTo(row, at + 1);
      for (const _ of "datetime.date.today()") await window.page.keyboard.press("Shift+ArrowRight");
      await window.command("AI Backend Team: New Rule from Selection");
      await until("the name is asked", async () => (await window.question()).startsWith("New Rule"));
      await window.type("Today!");
      await until("a wrong name is refused", async () => (await window.question()).includes("Small letters"));
      await window.type("clock-of-the-machine");
      await shoot("name");
      await window.page.keyboard.press("Enter");
      await window.page.locator(".tab.active", { hasText: "clock-of-the-machine.yaml" }).waitFor();
      const made = onDisk(scene, ".backend-team/rules/own/clock-of-the-machine.yaml");
      assert.match(made, /^pattern: .*datetime\.date\.today\(\)/m);
      const after = await until("the rule runs", async () => {
        const now = findings(await window.statusSays(/finding/));
        return now > before ? now : undefined;
      });
      await shoot("file");
      return `${before} → ${after} findings: the new rule finds what was selected`;
    },
  },
  {
    name: "rule-file",
    async play(scene, shoot) {
      const { window } = scene;
      const made = onDisk(scene, ".backend-team/rules/own/clock-of-the-machine.yaml");
      const row = lineOf(made, "severity: warning");
      await window.goTo(row, "severity: warning".length + 1);
      await window.page.keyboard.press("Control+Backspace");
      await window.page.keyboard.type("loud");
      await window.page.keyboard.press("Escape");
      await until("what is wrong is underlined", async () => await window.squiggles());
      const said = await window.hover("severity: loud", "loud");
      await shoot();
      await window.page.mouse.move(700, 5);
      while (await window.page.locator(".tab.active.dirty").count()) await window.page.keyboard.press("Control+Z");
      await until("it is right again", async () => (await window.squiggles()) === 0);
      assert.match(said, /error|warning/);
      return said.split("\n").map((/** @type {string} */ line) => line.trim()).filter(Boolean)[0] ?? "";
    },
  },
  {
    name: "settings",
    async play(scene, shoot) {
      const { window, stage } = scene;
      await window.openFile("pyproject.toml");
      const before = findings(await window.statusSays(/finding/));
      const project = onDisk(scene, "pyproject.toml");
      await window.goTo(lineOf(project, "exclude = "), 'exclude = ["legacy"]'.length + 1);
      await window.page.keyboard.press("Enter");
      await window.page.keyboard.insertText('ignore = ["open-without-context"]');
      await window.save();
      const ignored = await fewer(window, before, 2);
      await shoot("project");
      const folder = join(stage.workspace, ".vscode");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "settings.json"), JSON.stringify({ "backendTeam.lint.ignore": ["comparison-to-none", "mutable-default-argument"] }));
      const same = findings(await window.statusSays(/finding/));
      assert.equal(same, ignored, "the project's own settings say what is ignored: the editor's hold where they say nothing");
      writeFileSync(join(stage.workspace, "pyproject.toml"), project);
      const own = await until("the editor's settings hold", async () => {
        const now = findings(await window.statusSays(/finding/));
        return now < before && now !== ignored ? now : undefined;
      });
      rmSync(folder, { recursive: true });
      await until("all is as it was", async () => findings(await window.statusSays(/finding/)) === before);
      return `pyproject.toml: ${before} → ${ignored}; the editor's own: ${before} → ${own}; taken back: ${before}`;
    },
  },
  {
    name: "cancel",
    async play(scene, shoot) {
      const { window, stage } = scene;
      await window.dismiss();
      const before = findings(await window.statusSays(/finding/));
      const library = join(dirname(dirname(ownPython(stage))), "lib");
      const packages = join(library, readdirSync(library)[0] ?? "", "site-packages", "sqlalchemy");
      const vendored = join(stage.workspace, "third_party");
      cpSync(packages, vendored, { recursive: true, filter: (path) => !path.includes("__pycache__") });
      await window.command("AI Backend Team: Check Workspace");
      const progress = window.toast(/Checking the workspace: [1-9]\d* of \d+ files/);
      await progress.waitFor();
      await shoot("progress");
      const said = (await progress.innerText()).replace(/\s+/g, " ");
      await progress.getByRole("button", { name: "Cancel" }).click();
      await window.toast("The check was cancelled.").waitFor();
      await shoot("cancelled");
      rmSync(vendored, { recursive: true });
      await until("the findings of what is gone are gone", async () => findings(await window.statusSays(/finding/)) === before, 60_000);
      return `${said}; cancelled; ${before} findings as before`;
    },
  },
  {
    name: "notebook",
    async play(scene, shoot) {
      const { window, stage } = scene;
      const before = findings(await window.statusSays(/finding/));
      const file = join(stage.workspace, "margins.ipynb");
      writeFileSync(file, JSON.stringify(NOTEBOOK, null, 1));
      await window.pick("margins.ipynb");
      await window.page.locator(".notebook-editor .cell .view-line").first().waitFor();
      const number = await until("two findings are underlined", async () => {
        const drawn = await window.squiggles();
        return drawn >= 2 ? drawn : undefined;
      });
      const after = findings(await window.statusSays(/finding/));
      assert.ok(after >= before + 2, `${before} → ${after}`);
      const said = await window.hover("rows == None", "None");
      assert.match(said, /comparison-to-none/);
      await shoot();
      await window.page.mouse.move(700, 5);
      await window.page.keyboard.press("Control+W");
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), NOTEBOOK, "looking changes nothing");
      rmSync(file);
      assert.equal(existsSync(file), false);
      return `${number} squiggles in the cells, ${before} → ${after} findings; hover names comparison-to-none`;
    },
  },
];
