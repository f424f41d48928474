/** The film: a folder that is not trusted. */

import { strict as assert } from "node:assert";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SAMPLE, VSIX } from "../paths.mjs";
import { VsCode, until } from "../vscode.mjs";
import { Window } from "../window.mjs";
import { ownPython } from "./scene.mjs";

/** @type {import("./scene.mjs").Step[]} */
export const TRUST = [
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
