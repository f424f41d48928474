/** Python interpreters: which there are, how old they are, and whether they have our package. */

import { homedir } from "node:os";
import * as path from "node:path";
import { run, type Run } from "./processes";

/** The oldest Python that the server runs on. */
export const OLDEST = "3.11";
const NEWEST_MINOR = 16;
const PACKAGE = "ai-backend-team";

export interface Interpreter {
  path: string;
  version: string;
  /** The interpreter that an environment was made with; its own path otherwise. */
  base: string;
}

/** A program, and the arguments that make it the Python we mean. */
export interface Candidate {
  command: string;
  args: string[];
}

/** Our package as an interpreter has it. */
export interface Installed {
  version: string;
  /** Whether what the language server needs beside it is there too. */
  complete: boolean;
}

// Neither quotes nor percent signs: batch files of Windows get these texts as arguments.
const WHO = "import sys; print(*sys.version_info[:3], sep=chr(46)); print(sys.executable); print(getattr(sys, '_base_executable', sys.executable))";
const HAS = `
import importlib.metadata as m, re
print(m.version('${PACKAGE}'))
for text in m.requires('${PACKAGE}') or ():
    if re.search(r"extra == .lsp.", text): m.version(re.match(r"[\\w.-]+", text)[0])
print('complete')
`;

/** The interpreter of an environment. */
export function pythonIn(folder: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? path.win32.join(folder, "Scripts", "python.exe") : path.posix.join(folder, "bin", "python");
}

/** Where Python may be found, the likeliest first. */
export function candidates(platform: NodeJS.Platform = process.platform): Candidate[] {
  const oldest = Number(OLDEST.split(".")[1]);
  const versions = Array.from({ length: NEWEST_MINOR - oldest + 1 }, (_, index) => `3.${NEWEST_MINOR - index}`);
  const plain = (command: string): Candidate => ({ command, args: [] });
  const names = versions.map((version) => plain(`python${version}`));
  if (platform === "win32") {
    const launcher = ["3", ...versions].map((version) => ({ command: "py", args: [`-${version}`] }));
    return [...launcher, plain("python"), plain("python3")];
  }
  if (platform === "darwin") {
    // What is started from the Dock may lack the PATH of the shell. The system's own python3 comes last: where the
    // developer tools are missing it opens a dialog that offers them.
    const frameworks = versions.map((version) => plain(`/Library/Frameworks/Python.framework/Versions/${version}/bin/python3`));
    return [...names, plain("/opt/homebrew/bin/python3"), plain("/usr/local/bin/python3"), ...frameworks, plain("python3"), plain("python")];
  }
  return [plain("python3"), ...names, plain("python")];
}

/** An interpreter as a person wrote it in a setting: `~` is the home folder, quotes around it are dropped. */
export function written(text: string, platform: NodeJS.Platform = process.platform, home: string = homedir()): string {
  const trimmed = text.trim().replace(/^(["'])(.*)\1$/, "$2");
  const separators = platform === "win32" ? /^~(?=[\\/]|$)/ : /^~(?=\/|$)/;
  return trimmed.replace(separators, () => home);
}

/** What an interpreter says of itself; undefined when it can't be started. */
export async function examine({ command, args }: Candidate, options: Run): Promise<Interpreter | undefined> {
  const { code, output } = await run(command, [...args, "-I", "-c", WHO], options);
  const [version, executable, base] = output.trim().split(/\r?\n/);
  if (code !== 0 || !version || !/^\d+\.\d+\.\d+$/.test(version) || !executable) return undefined;
  return { path: executable, version, base: base || executable };
}

/** Our package in the environment of an interpreter; undefined when it has none. Nothing of it is imported. */
export async function packageOf(python: string, options: Run): Promise<Installed | undefined> {
  const { code, output } = await run(python, ["-I", "-c", HAS], options);
  const version = output.trim().split(/\r?\n/)[0];
  return version && /^\d+\.\d+/.test(version) ? { version, complete: code === 0 } : undefined;
}

/** Whether a server of this version understands a client of that one: their protocol is that of major and minor version. */
export function fits(server: string, client: string): boolean {
  return compare(server, client) === 0;
}

/** Compare the major and minor parts of two versions: negative when the first is the older. */
export function compare(one: string, other: string): number {
  const [major, minor] = parts(one);
  const [otherMajor, otherMinor] = parts(other);
  return major - otherMajor || minor - otherMinor;
}

function parts(version: string): [number, number] {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor];
}
