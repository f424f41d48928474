/** What a step is given, and what several steps ask of it. */

import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../vscode.mjs";

/**
 * @typedef {object} Scene
 * @property {import("../stage.mjs").Stage} stage
 * @property {import("../vscode.mjs").VsCode} code
 * @property {import("../window.mjs").Window} window
 * @property {import("../toolbox.mjs").Toolbox} tools
 * @property {Record<string, any>} seen           what steps tell later ones
 *
 * @typedef {(detail?: string) => Promise<void>} Shoot   takes a picture
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {(scene: Scene, shoot: Shoot) => Promise<string>} play
 */

/** @param {Scene} scene @param {string} file */
export function onDisk(scene, file) {
  return readFileSync(join(scene.stage.workspace, file), "utf8");
}

/** The number of a line, from 1. @param {string} text @param {string} part */
export function lineOf(text, part) {
  const at = text.split("\n").findIndex((line) => line.includes(part));
  assert.ok(at >= 0, `no line has "${part}"`);
  return at + 1;
}

/** Findings that the status bar counts. @param {string} status */
export function findings(status) {
  const number = /([\d,]+) findings?/.exec(status)?.[1];
  assert.ok(number, `no findings in "${status}"`);
  return Number(number.replaceAll(",", ""));
}

/** Wait until the status bar counts fewer findings, and how many. @param {import("../window.mjs").Window} window @param {number} than @param {number} by */
export async function fewer(window, than, by) {
  let left = than;
  await until(`there are at least ${by} findings fewer than ${than}`, async () => {
    left = findings(await window.statusSays(/finding/));
    return left <= than - by;
  });
  return left;
}

/** What the hosted API itself says of this month. @param {import("../stage.mjs").Stage} stage */
export async function usageOfApi(stage) {
  const { url } = JSON.parse(readFileSync(join(stage.state, "api", "endpoint.json"), "utf8"));
  const key = readFileSync(join(stage.state, "api", "key"), "utf8").trim();
  const answer = await fetch(new URL("/v1/usage", url), { headers: { "X-API-Key": key } });
  assert.equal(answer.status, 200);
  return await answer.json();
}

/** The interpreter of the environment that the extension made for its server. @param {import("../stage.mjs").Stage} stage */
export function ownPython(stage) {
  const environments = join(stage.home, "user-data", "User", "globalStorage", "ai-backend-team.backend-team", "server");
  const made = readdirSync(environments).find((name) => existsSync(join(environments, name, "ready.json")));
  assert.ok(made, `no finished environment in ${environments}`);
  return join(environments, made, "bin", "python");
}
