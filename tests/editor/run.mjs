/** `make run`: the product in VS Code on a copy of the sample; `--headless` plays the film and prints what it saw. */

import { parseArgs } from "node:util";
import { packageExtension } from "../../client-vscode/scripts/package.mjs";
import { playFilm } from "./film.mjs";
import { openEditor } from "./open.mjs";

const { values } = parseArgs({ options: { headless: { type: "boolean", default: false }, home: { type: "string" }, only: { type: "string" } } });

const { path, size } = await packageExtension();
console.log(`Packaged ${path} (${(size / 1024 / 1024).toFixed(1)} MB)`);
if (values.headless) {
  const good = await playFilm({ home: values.home, only: values.only?.split(",") });
  process.exitCode = good ? 0 : 1;
} else {
  await openEditor(values.home);
}
