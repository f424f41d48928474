/** Packages the extension with the server's wheel: `build/ai-backend-team.vsix`. */

import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { recentNode } from "../../tests/editor/toolbox.mjs";
import { bundle } from "./bundle.mjs";

const CLIENT = join(dirname(fileURLToPath(import.meta.url)), "..");
const ROOT = join(CLIENT, "..");
const STAGE = join(ROOT, "build", "extension");
const LARGEST = 15 * 1024 * 1024;

/** Build everything and return the path of the package. */
export async function packageExtension() {
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(join(STAGE, "bundled"), { recursive: true });
  const wheel = buildWheel();
  copyFileSync(wheel, join(STAGE, "bundled", basename(wheel)));
  writeFileSync(join(STAGE, "bundled", "constraints.txt"), readFileSync(join(ROOT, "server", "requirements.lock")));
  await bundle();
  mkdirSync(join(STAGE, "out"));
  copyFileSync(join(CLIENT, "out", "extension.js"), join(STAGE, "out", "extension.js"));
  cpSync(join(CLIENT, "media"), join(STAGE, "media"), { recursive: true });
  cpSync(join(CLIENT, "l10n"), join(STAGE, "l10n"), { recursive: true });
  for (const name of [".vscodeignore", "package.nls.json"]) copyFileSync(join(CLIENT, name), join(STAGE, name));
  writeFileSync(join(STAGE, "README.md"), withPictures(readFileSync(join(CLIENT, "README.md"), "utf8")));
  for (const page of [join(ROOT, "LICENSE"), join(ROOT, "CHANGELOG.md")]) {
    if (existsSync(page)) copyFileSync(page, join(STAGE, basename(page)));
  }
  const { scripts: _scripts, devDependencies: _development, private: _private, ...manifest } = JSON.parse(readFileSync(join(CLIENT, "package.json"), "utf8"));
  writeFileSync(join(STAGE, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

  const target = join(ROOT, "build", "ai-backend-team.vsix");
  const vsce = createRequire(import.meta.url).resolve("@vscode/vsce/vsce");
  const part = `${target}.part`;
  run(await recentNode(), [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", part], STAGE);
  const size = statSync(part).size;
  if (size > LARGEST) throw new Error(`the package is ${(size / 1024 / 1024).toFixed(1)} MB, more than 15 MB`);
  renameSync(part, target);
  return { path: target, size };
}

/**
 * The README with the pictures of the last film, where there is an address for them: `BACKEND_TEAM_PICTURES_URL`.
 *
 * VS Code and the marketplaces show pictures of web servers only, neither those of the package nor those in the text. So
 * they are put into `build/pictures`, to be served at that address; without one the README has none.
 *
 * @param {string} readme with `<!-- picture NAME: words -->` for the film's picture of that name
 */
function withPictures(readme) {
  const film = join(ROOT, "build", "film");
  const address = process.env.BACKEND_TEAM_PICTURES_URL;
  const taken = address && existsSync(film) ? readdirSync(film) : [];
  const served = join(ROOT, "build", "pictures");
  rmSync(served, { recursive: true, force: true });
  return readme.replace(/<!-- picture ([\w-]+): (.+) -->\n\n?/g, (_, /** @type {string} */ name, /** @type {string} */ words) => {
    const file = taken.find((one) => one.replace(/^\d+-/, "") === `${name}.png`);
    if (!file) return "";
    mkdirSync(served, { recursive: true });
    copyFileSync(join(film, file), join(served, `${name}.png`));
    return `![${words}](${address}/${name}.png)\n\n`;
  });
}

function buildWheel() {
  const folder = join(ROOT, "build", "wheel");
  rmSync(folder, { recursive: true, force: true });
  const python = process.platform === "win32" ? join(ROOT, ".venv", "Scripts", "python.exe") : join(ROOT, ".venv", "bin", "python");
  if (!existsSync(python)) throw new Error(`there is no ${python}: run \`make setup\` first`);
  run(python, ["-m", "build", "--wheel", "--no-isolation", "--outdir", folder], ROOT);
  const [wheel] = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  if (!wheel) throw new Error("the build left no wheel");
  return join(folder, wheel);
}

/** @param {string} program @param {string[]} args @param {string} cwd */
function run(program, args, cwd) {
  const done = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { path, size } = await packageExtension();
  console.log(`${path} (${(size / 1024 / 1024).toFixed(1)} MB)`);
}
