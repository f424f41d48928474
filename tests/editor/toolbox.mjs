/** The tools of the film, installed once into `.tools`: code-server (real VS Code), its Node, Playwright, Chromium. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { ROOT, TOOLS, TOOLS_OLDEST } from "./paths.mjs";

/**
 * @typedef {object} Release
 * @property {string} name      the folder with its manifest and lock
 * @property {string} home      where it is installed
 * @property {number} node      major version of the Node it runs on
 * @property {boolean} [legacy] its own packages were resolved when npm took peers less seriously, and some are to be compiled
 */

/** The VS Code of the film, and the oldest that the extension supports. @type {{ newest: Release, oldest: Release }} */
const RELEASES = {
  newest: { name: "code-server", home: TOOLS, node: 24 },
  oldest: { name: "code-server-oldest", home: TOOLS_OLDEST, node: 20, legacy: true },
};
const LOGS = join(ROOT, ".tools", "install.log");
const COMPILERS = ["g++", "c++", "clang++"];
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * @typedef {object} Toolbox
 * @property {string} node        the Node that it runs on
 * @property {string} codeServer  entry point of code-server, run by `node`
 * @property {string} chromium    the browser; empty when none was asked for
 * @property {any} playwright     the `playwright-core` module
 * @property {boolean} oldest     whether it is the oldest VS Code that is supported
 */

/** The tools, installed when they are missing or their lock has changed. @param {{ browser?: boolean, oldest?: boolean }} [wanted] @returns {Promise<Toolbox>} */
export async function toolbox({ browser = true, oldest = false } = {}) {
  const release = RELEASES[oldest ? "oldest" : "newest"];
  const { home } = release;
  mkdirSync(home, { recursive: true });
  const lock = readFileSync(join(ROOT, "tests", "editor", release.name, "package-lock.json"));
  const digest = createHash("sha256").update(lock).digest("hex");
  const stamp = join(home, "installed");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== digest) {
    rmSync(stamp, { force: true });
    installPackages(release);
    writeFileSync(stamp, digest);
  }
  return {
    node: nodeOf(release),
    codeServer: join(home, "node_modules", "code-server", "out", "node", "entry.js"),
    chromium: browser ? findBrowser() : "",
    playwright: createRequire(join(home, "package.json"))("playwright-core"),
    oldest,
  };
}

/** A Node that `vsce` runs on (22 or later): this one, or the toolbox's. */
export async function recentNode() {
  return Number(process.versions.node.split(".")[0]) >= 22 ? process.execPath : (await toolbox({ browser: false })).node;
}

/** @param {Release} release */
function nodeOf({ home, node }) {
  const installed = join(home, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(installed)) return installed;
  if (process.versions.node.startsWith(`${node}.`)) return process.execPath;
  throw new Error(`code-server needs Node ${node}, which npm offers for Linux only: run this with Node ${node} on ${process.platform}.`);
}

/** @param {Release} release */
function installPackages(release) {
  const { name, home, legacy } = release;
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) copyFileSync(join(ROOT, "tests", "editor", name, file), join(home, file));
  step("code-server and Playwright from npm", "npm", ["ci", "--ignore-scripts"], home);
  const server = join(home, "node_modules", "code-server");
  const vscode = join(server, "lib", "vscode");
  step("VS Code's own packages from npm", "npm", ["install", "--omit=dev", "--ignore-scripts", ...(legacy ? ["--legacy-peer-deps"] : [])], vscode);
  if (!legacy) return;
  if (!(onPath(COMPILERS) ?? fromDebian("g++", COMPILERS))) {
    throw new Error("VS Code 1.93 has parts to be compiled, and no C++ compiler is on PATH. Install one (Debian: apt-get install g++ make) and try again.");
  }
  // Without its logger the extension host of that release never comes to rest when it flushes its log. The headers come with Node.
  const node = dirname(dirname(nodeOf(release)));
  const build = { PATH: [join(node, "bin"), process.env.PATH].join(delimiter), npm_config_nodedir: node };
  step("the native parts of code-server (a C++ compiler is needed)", "npm", ["rebuild", "argon2"], home, build);
  // The search program is downloaded by an install script that can't run offline; the newer packages bring it along.
  const search = join(home, "node_modules", "@vscode", `ripgrep-${process.platform}-${process.arch}`, "bin", "rg");
  mkdirSync(join(vscode, "node_modules", "@vscode", "ripgrep", "bin"), { recursive: true });
  if (existsSync(search)) copyFileSync(search, join(vscode, "node_modules", "@vscode", "ripgrep", "bin", "rg"));
  step("the native parts of VS Code", "npm", ["rebuild", "@vscode/spdlog", "native-watchdog"], vscode, build);
}

function findBrowser() {
  const found = onPath(BROWSERS) ?? fromDebian("chromium", BROWSERS);
  if (found) return found;
  throw new Error("The film needs Chromium and found none on PATH. Install it (Debian: apt-get install chromium) and try again.");
}

/** The program that a package of Debian brings, installed where we may. @param {string} name @param {string[]} programs */
function fromDebian(name, programs) {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !onPath(["apt-get"])) return undefined;
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  step("package lists of Debian", "apt-get", ["update", "-qq"], ROOT, quiet);
  step(`${name} from Debian`, "apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], ROOT, quiet);
  return onPath(programs);
}

/** The first of these programs on PATH. @param {string[]} names */
export function onPath(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      if (folder && existsSync(path)) return path;
    }
  }
  return undefined;
}

/** @param {string} title @param {string} program @param {string[]} args @param {string} cwd @param {Record<string, string>} [extra] */
function step(title, program, args, cwd, extra = {}) {
  const started = performance.now();
  process.stdout.write(`  installing ${title} ... `);
  const done = spawnSync(program, args, { cwd, env: { ...process.env, ...extra }, encoding: "utf8", maxBuffer: 1 << 26 });
  writeFileSync(LOGS, `${done.stdout ?? ""}${done.stderr ?? ""}`, { flag: "a" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(done.status === 0 ? `${seconds} s\n` : "failed\n");
  if (done.status !== 0) {
    const tail = `${done.stdout ?? ""}${done.stderr ?? ""}${done.error?.message ?? ""}`.trim().split("\n").slice(-15).join("\n");
    throw new Error(`${program} ${args.join(" ")} failed in ${cwd}; the whole output is in ${LOGS}\n${tail}`);
  }
}
