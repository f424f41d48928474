/** The texts that can be translated: `package.nls.json` of the manifest, `l10n/bundle.l10n.json` of the code. `--check` only compares. */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const CLIENT = join(dirname(fileURLToPath(import.meta.url)), "..");
const BUNDLE = join(CLIENT, "l10n", "bundle.l10n.json");
const CALL = /\bl10n\.t\(\s*("(?:[^"\\]|\\.)*"|[^\s])/g;

/** What is wrong with the keys of the manifest. */
function wrongKeys() {
  const manifest = readFileSync(join(CLIENT, "package.json"), "utf8");
  const texts = JSON.parse(readFileSync(join(CLIENT, "package.nls.json"), "utf8"));
  const used = new Set(Array.from(manifest.matchAll(/"%([\w.]+)%"/g), ([, key]) => key ?? ""));
  const missing = [...used].filter((key) => !(key in texts)).map((key) => `package.nls.json has no ${key}`);
  const superfluous = Object.keys(texts).filter((key) => !used.has(key)).map((key) => `package.json does not use ${key}`);
  const literal = Array.from(manifest.matchAll(/"(?:markdownD|d)escription": ("(?!%)[^"]*")/g), ([, text]) => `package.json has a text that is not in package.nls.json: ${text}`);
  return [...missing, ...superfluous, ...literal];
}

/** The texts of the code, each as its own key, as `vscode.l10n` looks for them; and the calls without one. */
function textsOfCode() {
  const texts = /** @type {Set<string>} */ (new Set());
  const wrong = /** @type {string[]} */ ([]);
  for (const name of readdirSync(join(CLIENT, "src"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    for (const [, argument] of readFileSync(join(CLIENT, "src", name), "utf8").matchAll(CALL)) {
      if (argument?.startsWith('"') && argument.length > 1) texts.add(JSON.parse(argument));
      else wrong.push(`src/${name}: l10n.t wants its text in quotes, so that it can be collected`);
    }
  }
  return { texts: Object.fromEntries([...texts].sort().map((text) => [text, text])), wrong };
}

const { texts, wrong } = textsOfCode();
const complaints = [...wrongKeys(), ...wrong];
const bundle = `${JSON.stringify(texts, null, 2)}\n`;
if (!process.argv.includes("--check")) {
  mkdirSync(dirname(BUNDLE), { recursive: true });
  writeFileSync(BUNDLE, bundle);
} else if (readFileSync(BUNDLE, "utf8") !== bundle) {
  complaints.push("l10n/bundle.l10n.json does not have the texts of the code: node scripts/localisation.mjs writes it");
}
if (complaints.length > 0) {
  console.error(complaints.join("\n"));
  process.exitCode = 1;
}
