/** Opens the sample in VS Code for a person: the desktop's `code`, otherwise code-server in the browser. */

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SAMPLE, VSIX } from "./paths.mjs";
import { onPath, toolbox } from "./toolbox.mjs";
import { VsCode, whenInterrupted } from "./vscode.mjs";

/** Open the sample and stay until the editor is closed or Ctrl-C. The home is kept for the next time. @param {string} [home] */
export async function openEditor(home = join(ROOT, "build", "run")) {
  const workspace = join(home, "sample");
  if (!existsSync(workspace)) cpSync(SAMPLE, workspace, { recursive: true });
  const code = onPath(["code", "code-insiders", "codium"]);
  if (code && (process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.platform !== "linux")) openDesktop(code, home, workspace);
  else await openInBrowser(home, workspace);
}

/** Extensions and settings of the person's own VS Code are left alone. @param {string} code @param {string} home @param {string} workspace */
function openDesktop(code, home, workspace) {
  const places = ["--user-data-dir", join(home, "desktop", "user-data"), "--extensions-dir", join(home, "desktop", "extensions")];
  mkdirSync(join(home, "desktop"), { recursive: true });
  const shell = process.platform === "win32";
  const installed = spawnSync(code, [...places, "--install-extension", VSIX, "--force"], { stdio: "inherit", shell });
  if (installed.status !== 0) throw new Error(`${code} did not install the extension`);
  console.log(`Opening ${workspace} in VS Code; close its window to end.`);
  spawnSync(code, [...places, "--new-window", "--wait", "--disable-workspace-trust", workspace], { stdio: "inherit", shell });
}

/** @param {string} home @param {string} workspace */
async function openInBrowser(home, workspace) {
  const tools = await toolbox({ browser: false });
  const running = await VsCode.start({ tools, home: join(home, "code-server"), vsix: VSIX, env: { BACKEND_TEAM_STATE_DIR: process.env.BACKEND_TEAM_STATE_DIR ?? join(home, "state") } });
  console.log(`VS Code is open at\n\n    ${running.address(workspace)}\n\nCtrl-C ends it.`);
  await new Promise((resolve) => {
    whenInterrupted(() => resolve(undefined));
    running.child.once("exit", resolve);
  });
  await running.stop();
}
