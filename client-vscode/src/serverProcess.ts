/** The process of a language server: started here, so that one that never answers can be ended. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { launch } from "./processes";

/** Time a server has to end once it was told to. */
const LEAVE_MS = 3_000;

export class ServerProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
    private readonly cwd: string,
  ) {}

  /** Start it; rejects when the program can't be started. */
  async start(): Promise<ChildProcess> {
    const { file, parts, verbatim } = launch(this.program, this.args);
    const child = spawn(file, parts, { cwd: this.cwd, stdio: "pipe", windowsHide: true, windowsVerbatimArguments: verbatim });
    // What is written to one that has ended: its end is heard of anyway.
    child.stdin.on("error", () => undefined);
    await once(child, "spawn");
    child.on("error", () => undefined);
    this.child = child;
    return child;
  }

  /** Its id; undefined when it does not run. */
  get pid(): number | undefined {
    return this.runs ? this.child?.pid : undefined;
  }

  /** End it, whatever it does. */
  kill(): void {
    if (this.runs) this.child?.kill("SIGKILL");
  }

  /** End it unless it ends by itself soon. */
  leave(): void {
    setTimeout(() => this.kill(), LEAVE_MS).unref();
  }

  private get runs(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }
}
