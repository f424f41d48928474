/** Entry of the tests that run inside VS Code's extension host; rejects when one failed. */

import Mocha from "mocha";

const SUITES: Record<string, () => Promise<unknown>> = {
  workspace: async () => {
    await import("./activation");
    await import("./cleanup");
    await import("./environment");
    await import("./inputs");
    await import("./interpreters");
    await import("./settings");
    await import("./statusBar");
  },
  folders: () => import("./folders"),
  server: () => import("./server"),
  restricted: () => import("./restricted"),
};

export async function run(): Promise<void> {
  const name = process.env["BACKEND_TEAM_SUITE"] ?? "workspace";
  const load = SUITES[name];
  if (!load) throw new Error(`there is no suite "${name}"`);
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 60_000, grep: process.env["BACKEND_TEAM_GREP"] ?? "" });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  console.log(name);
  await load();
  const failures = await new Promise<number>((resolve) => {
    // Said at once: the summary does not come when a later test hangs.
    mocha.run(resolve).on("fail", ({ title }, error: unknown) => console.log(`${title}: ${String(error)}`));
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
