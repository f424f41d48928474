/** The session: owns the language client, starts it once, restarts it when it dies, and carries every request of a command. */

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import {
  CloseAction,
  ExecuteCommandRequest,
  State,
  WorkDoneProgress,
  WorkDoneProgressCancelNotification,
  type LanguageClient,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import { createClient } from "./client";
import { followLensSetting } from "./codeLens";
import { Abandoned, explain, StartError } from "./messages";
import {
  ACCEPT_SUGGESTION,
  LIST_DEPLOYMENTS,
  LIST_TEMPLATES,
  PLAN_TEMPLATE,
  PREPARE_SUGGESTION,
  REMOVE_DEPLOYMENT,
  RUN_TEMPLATE,
  SHOW_USAGE,
  STATUS,
  SUGGEST_REFACTORING,
  USAGE,
  type Status,
  type Usage,
} from "./protocol";
import { completeServer, findServer, forgetFailures, isComplete, repairServer, stopCompleting, type Server } from "./server";
import { ServerProcess } from "./serverProcess";

/** What the status bar shows of the server's process. */
export type SessionState = "stopped" | "starting" | "running" | "failed";

/** The server ended while a request was waiting for its answer. */
export class ConnectionLost extends Error {
  constructor() {
    super(vscode.l10n.t("The AI Backend Team server stopped before it answered."));
  }
}

/** Commands that need what a new environment gets only once the server runs. */
const NEED_ALL: ReadonlySet<string> = new Set([
  ACCEPT_SUGGESTION,
  LIST_DEPLOYMENTS,
  LIST_TEMPLATES,
  PLAN_TEMPLATE,
  PREPARE_SUGGESTION,
  REMOVE_DEPLOYMENT,
  RUN_TEMPLATE,
  SHOW_USAGE,
  SUGGEST_REFACTORING,
]);

/** Crashes within this time that make us stop restarting. */
const CRASHES = 4;
const CRASH_WINDOW_MS = 3 * 60_000;
/** Time after which somebody who waits is told what for. */
const QUICK_MS = 500;
/** Time a server has to answer when it starts. */
const START_MS = 30_000;
/** Time a server has to end by itself. */
const STOP_MS = 5_000;

export class Session implements vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  /** Set when the window closes: nothing is started any more. */
  over = false;
  status: Status | undefined;
  usage: Usage | undefined;
  /** The server that runs, or was tried last. */
  server: Server | undefined;
  state: SessionState = "stopped";
  /** How often the settings were read for a server to start. */
  searches = 0;

  private client: LanguageClient | undefined;
  private process: ServerProcess | undefined;
  private waiting: AbortController | undefined;
  private restarting: Promise<void> | undefined;
  private transition: Promise<void> | undefined;
  private crashes: number[] = [];
  private lost = new vscode.EventEmitter<void>();
  private changed = new vscode.EventEmitter<void>();

  /** Fires when state, status or usage changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly context: vscode.ExtensionContext) {
    this.log = vscode.window.createOutputChannel("AI Backend Team", { log: true });
    context.subscriptions.push(followLensSetting(() => this.client));
  }

  /** The id of the server's process; undefined when none runs. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Start the server unless it runs; callers at the same time share one start. */
  async start(): Promise<void> {
    while (this.client?.state !== State.Running) {
      try {
        return await (this.restarting ?? this.single(() => this.bringUp()));
      } catch (error) {
        // Another start takes the place of one that was given up: that is the one to wait for.
        if (!(error instanceof Abandoned) || this.over) throw error;
      }
    }
  }

  /** End the server and start it again, mending its environment where that is broken; a start that hangs is given up. */
  restart(): Promise<void> {
    this.restarting ??= this.startAgain().finally(() => (this.restarting = undefined));
    return this.restarting;
  }

  /** Give up a start that waits for the answer of its server; one that makes an environment goes on. */
  abandon(): void {
    this.waiting?.abort();
  }

  private async startAgain(): Promise<void> {
    this.abandon();
    await this.settled();
    await this.single(async () => {
      await this.bringDown();
      this.crashes = [];
      forgetFailures();
      if (this.server?.origin !== "selected") await repairServer(this.context, this.log, this.server);
      await this.bringUp();
    });
  }

  /** Wait until no start and no restart is under way. */
  async settled(): Promise<void> {
    await this.restarting?.catch(() => undefined);
    await this.transition?.catch(() => undefined);
  }

  /** Wait until the server has what AI and templates need. */
  complete(): Promise<void> {
    return completeServer(this.context, this.log, this.server);
  }

  /** Call a command of the server; raises the server's refusal, or `ConnectionLost` when it died meanwhile. */
  async execute<Result>(command: string, params: object, options: { workDoneToken?: string } = {}): Promise<Result> {
    await this.start();
    if (NEED_ALL.has(command) && !isComplete(this.server)) await this.completeVisibly();
    const client = this.client;
    if (!client) throw new ConnectionLost();
    return await new Promise<Result>((resolve, reject) => {
      const watch = this.lost.event(() => reject(new ConnectionLost()));
      client
        .sendRequest(ExecuteCommandRequest.type, { command, arguments: [params], ...options })
        .then((result) => resolve(result as Result), reject)
        .finally(() => watch.dispose());
    });
  }

  /**
   * Call a command of the server that reports progress, in a notification with Cancel.
   *
   * Resolves to undefined when the person cancelled and the server gave up. The notification goes when the server says
   * that the work is over: what it asks the person then, a preview for example, is not behind it.
   */
  async executeWithProgress<Result>(title: string, command: string, params: object): Promise<Result | undefined> {
    const location = vscode.ProgressLocation.Notification;
    let answer: Promise<Result | undefined> = Promise.resolve(undefined);
    await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, cancellation) => {
      await this.start();
      const client = this.client;
      if (!client) throw new ConnectionLost();
      const token = `backendTeam/${randomUUID()}`;
      let reached = 0;
      let over = (): void => undefined;
      const worked = new Promise<void>((resolve) => (over = resolve));
      const show = (value: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd): void => {
        if (value.kind === "end") return over();
        const percentage = value.percentage ?? reached;
        const step = { increment: Math.max(0, percentage - reached), ...(value.message === undefined ? {} : { message: value.message }) };
        reached = Math.max(reached, percentage);
        progress.report(step);
      };
      const listener = client.onProgress(WorkDoneProgress.type, token, show);
      const cancel = cancellation.onCancellationRequested(() => {
        progress.report({ message: vscode.l10n.t("cancelling…") });
        client.sendNotification(WorkDoneProgressCancelNotification.type, { token }).catch(() => undefined); // it has just ended
      });
      answer = this.execute<Result>(command, params, { workDoneToken: token })
        .catch((error: unknown) => {
          if (cancellation.isCancellationRequested && !(error instanceof ConnectionLost)) return undefined;
          throw error;
        })
        .finally(() => {
          cancel.dispose();
          listener.dispose();
        });
      await Promise.race([worked, answer]);
    });
    return await answer;
  }

  /** End the server for good. */
  async dispose(): Promise<void> {
    this.over = true;
    this.abandon();
    await stopCompleting();
    await this.transition?.catch(() => undefined);
    await this.single(() => this.bringDown());
  }

  private async completeVisibly(): Promise<void> {
    const done = this.complete();
    const quick = await Promise.race([done.then(() => true), pause(QUICK_MS, false)]);
    if (quick) return; // a notification that flashes by can keep the next one from being shown
    const progress = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("AI Backend Team: adding what AI and templates need (once)") };
    await vscode.window.withProgress(progress, () => done);
  }

  private single(transition: () => Promise<void>): Promise<void> {
    this.transition ??= transition().finally(() => (this.transition = undefined));
    return this.transition;
  }

  private async bringUp(): Promise<void> {
    if (this.over) throw new ConnectionLost();
    this.become("starting");
    try {
      await this.replaceClient();
      this.become("running");
      void this.complete().catch((error: unknown) => this.log.warn(`What AI and templates need could not be added: ${String(error)}`));
    } catch (error) {
      this.become(error instanceof Abandoned ? "stopped" : "failed");
      throw error;
    }
  }

  /** A new client with its server; an environment that turns out broken is made anew, once. */
  private async replaceClient(): Promise<void> {
    for (let repaired = false; ; repaired = true) {
      await this.discard(this.client);
      this.searches += 1;
      const server = (this.server = await findServer(this.context, this.log));
      this.client = this.newClient(server);
      try {
        return await this.answered(this.client);
      } catch (error) {
        await this.discard(this.client);
        if (error instanceof Abandoned) throw error;
        if (repaired || !(await repairServer(this.context, this.log, server))) {
          this.log.error(error instanceof Error ? error : String(error));
          const line = [server.command, ...server.args].join(" ");
          const message = vscode.l10n.t("The AI Backend Team server could not be started ({0}). The log has what it said; \"Restart Server\" tries again.", line);
          throw new StartError(error instanceof StartError ? error.message : message, server.origin === "setting");
        }
      }
    }
  }

  /** Start a client; raises `StartError` when its server does not answer in time, `Abandoned` when it is given up. */
  private async answered(client: LanguageClient): Promise<void> {
    const waiting = (this.waiting = new AbortController());
    const done = new AbortController();
    const late = pause(START_MS, undefined, { signal: AbortSignal.any([waiting.signal, done.signal]) }).then(() => {
      throw new StartError(vscode.l10n.t("The AI Backend Team server did not answer within {0} seconds of its start. The log has what it said.", START_MS / 1000));
    });
    try {
      await Promise.race([client.start(), late]);
    } catch (error) {
      throw waiting.signal.aborted ? new Abandoned() : error;
    } finally {
      late.catch(() => undefined);
      done.abort();
      this.waiting = undefined;
    }
  }

  private async discard(client: LanguageClient | undefined): Promise<void> {
    const process = this.process;
    this.client = this.process = undefined;
    try {
      await client?.dispose(STOP_MS);
      process?.leave();
    } catch (error) {
      // One that hangs or died already can't be stopped politely.
      this.log.debug(`The server did not stop politely: ${String(error)}`);
      process?.kill();
    }
  }

  private async bringDown(): Promise<void> {
    this.status = undefined;
    this.become("stopped");
    this.lost.fire();
    await this.discard(this.client);
  }

  private newClient({ command, args }: Server): LanguageClient {
    const process = (this.process = new ServerProcess(command, args, this.context.extensionPath));
    const client = createClient(() => process.start(), { log: this.log, starts: () => this.transition !== undefined, closed: () => this.closed(client) });
    client.onNotification(STATUS, (status: Status) => {
      this.status = status;
      this.changed.fire();
    });
    client.onNotification(USAGE, (usage: Usage) => {
      this.usage = usage;
      this.changed.fire();
    });
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Running) this.become("running");
      if (newState === State.Starting) this.become("starting");
    });
    return client;
  }

  private closed(client: LanguageClient): { action: CloseAction; handled: true } {
    // One that was given up may hear of its server's end later.
    if (this.client !== client) return { action: CloseAction.DoNotRestart, handled: true };
    this.lost.fire();
    this.status = undefined;
    // While we start it ourselves the start fails and says so.
    if (this.transition) return { action: CloseAction.DoNotRestart, handled: true };
    const now = Date.now();
    this.crashes = [...this.crashes.filter((time) => now - time < CRASH_WINDOW_MS), now];
    if (this.crashes.length > CRASHES) {
      this.become("failed");
      void this.offerLog(vscode.l10n.t("The AI Backend Team server stopped {0} times in a few minutes and stays stopped.", this.crashes.length), "error");
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.become("starting");
    setImmediate(() => void this.recover());
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  /** Start the server again after it died, and say so; or why that can't be. */
  private async recover(): Promise<void> {
    if (this.over) return;
    try {
      await this.single(() => this.bringUp());
      await this.offerLog(vscode.l10n.t("The AI Backend Team server stopped unexpectedly and was started again."), "warning");
    } catch (error) {
      await explain(this, error);
    }
  }

  private async offerLog(message: string, kind: "warning" | "error"): Promise<void> {
    const restart = vscode.l10n.t("Restart Server");
    const log = vscode.l10n.t("Show Log");
    const chosen = kind === "error" ? await vscode.window.showErrorMessage(message, restart, log) : await vscode.window.showWarningMessage(message, log);
    if (chosen === log) this.log.show();
    if (chosen === restart) await vscode.commands.executeCommand("backendTeam.restartServer");
  }

  private become(state: SessionState): void {
    this.state = state;
    void vscode.commands.executeCommand("setContext", "backendTeam.running", state === "running");
    void vscode.commands.executeCommand("setContext", "backendTeam.state", state);
    this.changed.fire();
  }
}
