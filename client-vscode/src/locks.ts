/** Windows that share a folder: one at a time makes something in it, and none takes away what another one uses. */

import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { alive } from "./processes";

const BEAT_MS = 5_000;
/** A lock that was not renewed for so long belongs to a machine or container that is gone. */
const STALE_MS = 60_000;
/** A claim of another machine counts for so long: whether its window is open can't be seen from here. */
const FAR_CLAIM_MS = 3 * 24 * 3_600_000;
const LOOK_MS = 250;

/** Do the work while holding a lock file; a lock whose owner is gone is taken over. Raises what the signal aborts with. */
export async function alone<Result>(lock: string, { signal, onWait }: { signal: AbortSignal; onWait(): void }, work: () => Promise<Result>): Promise<Result> {
  for (let waiting = false; !(await taken(lock)); waiting = true) {
    if (!(await held(lock))) await rm(lock, { force: true });
    else {
      if (!waiting) onWait();
      await pause(LOOK_MS, undefined, { signal });
    }
  }
  const beat = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(lock, { force: true });
  }
}

/** Whether somebody holds a lock. */
export async function held(lock: string): Promise<boolean> {
  const age = await ageOf(lock);
  if (age === undefined) return false;
  const owner = await readFile(lock, "utf8").catch(() => "");
  return age < STALE_MS && lives(owner) !== false;
}

/** Say that this process uses a folder. */
export async function claims(folder: string): Promise<void> {
  const place = path.join(folder, "windows");
  await mkdir(place, { recursive: true });
  await writeFile(path.join(place, owner()), "");
}

/** Whether a process other than this one uses a folder. */
export async function claimed(folder: string): Promise<boolean> {
  const place = path.join(folder, "windows");
  for (const name of await readdir(place).catch(() => [] as string[])) {
    if (name === owner()) continue;
    const living = lives(name) ?? ((await ageOf(path.join(place, name))) ?? Infinity) < FAR_CLAIM_MS;
    if (living) return true;
  }
  return false;
}

/** This process, among all that may share a folder. */
export function owner(pid: number = process.pid, host: string = hostname()): string {
  return `${pid}@${host.replace(/[^\w.-]/g, "_")}`;
}

/** Whether an owner is alive; undefined when it is of another machine or nothing was written yet. */
function lives(name: string): boolean | undefined {
  const [pid = "", host] = name.split("@");
  return host !== undefined && name === owner(Number(pid)) ? alive(Number(pid)) : undefined;
}

async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, owner(), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function ageOf(file: string): Promise<number | undefined> {
  return await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
}
