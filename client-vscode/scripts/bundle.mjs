/** Bundles the extension (and, with `--tests`, its tests for the extension host) into `out/`. */

import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = join(dirname(fileURLToPath(import.meta.url)), "..");
const VERSION = join(HERE, "scripts", "version.cjs");
/** @type {import("esbuild").BuildOptions} */
const SHARED = { bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "warning", charset: "utf8", alias: { "semver/functions/parse": VERSION, "semver/functions/satisfies": VERSION }, absWorkingDir: HERE };

export async function bundle({ tests = false } = {}) {
  await build({ ...SHARED, entryPoints: ["src/extension.ts"], outfile: "out/extension.js", external: ["vscode"], minify: true, legalComments: "none" });
  if (tests) {
    await build({ ...SHARED, entryPoints: ["test/index.ts"], outfile: "out/test/index.js", external: ["vscode", "mocha"], sourcemap: "inline" });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle({ tests: process.argv.includes("--tests") });
