/** Entry of the tests that run inside VS Code's extension host; rejects when one failed. */

import Mocha from "mocha";

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 60_000 });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./activation");
  await import("./environment");
  await import("./inputs");
  await import("./settings");
  await import("./statusBar");
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
