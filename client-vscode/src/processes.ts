/** Programs that are run to their end, never in the folder of the workspace. */

import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";

export interface Run {
  /** Where it runs; a search path or an import that begins with "here" finds nothing of the workspace. */
  cwd: string;
  signal?: AbortSignal | undefined;
  env?: NodeJS.ProcessEnv | undefined;
  /** With low priority. */
  calm?: boolean | undefined;
  onOutput?(line: string): void;
}

export interface Outcome {
  /** -1 when the program can't be started. */
  code: number;
  output: string;
}

/** Run a program to its end. */
export function run(program: string, args: readonly string[], { cwd, signal, env, calm, onOutput }: Run): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = "";
    let rest = "";
    const take = (chunk: Buffer): void => {
      const text = chunk.toString();
      output += text;
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim()) onOutput?.(line);
    };
    const { file, parts, verbatim } = launch(program, args);
    const child = spawn(file, parts, {
      cwd,
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
      ...(signal ? { signal } : {}),
    });
    if (calm && child.pid !== undefined) slowDown(child.pid);
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: -1, output: output + error.message }));
    child.on("close", (code) => {
      if (rest.trim()) onOutput?.(rest);
      resolve({ code: code ?? -1, output });
    });
  });
}

function slowDown(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It ended already, or the system does not let us: it runs as it does.
  }
}

/** How a program is started: on Windows, batch files (the shims of pyenv-win) only run in the command interpreter. */
export function launch(program: string, args: readonly string[], platform: NodeJS.Platform = process.platform): { file: string; parts: string[]; verbatim: boolean } {
  if (platform !== "win32" || !/\.(bat|cmd)$/i.test(program)) return { file: program, parts: [...args], verbatim: false };
  const line = [program, ...args].map(quoted).join(" ");
  return { file: "cmd.exe", parts: ["/d", "/s", "/c", `"${line}"`], verbatim: true };
}

/** A word as the command interpreter of Windows reads it; there is no way to write one with a quote or a percent sign in it. */
function quoted(word: string): string {
  if (/["%\r\n]/.test(word)) throw new Error(`${word} can't be given to a batch file`);
  return /^[\w\\/:.=-]+$/.test(word) ? word : `"${word}"`;
}

/** Whether a process of this machine is alive. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
