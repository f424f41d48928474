/** The film: one pass through the product in real VS Code, each step asserted on real state and photographed. */

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { FILM, FILM_OLDEST, ROOT, VSIX } from "./paths.mjs";
import { Stage } from "./stage.mjs";
import { STEPS } from "./steps.mjs";
import { toolbox } from "./toolbox.mjs";
import { VsCode, whenInterrupted } from "./vscode.mjs";
import { Window, launchBrowser } from "./window.mjs";

/**
 * Play the film; resolves to whether every step saw what it should.
 *
 * @param {{ home?: string, only?: string[], oldest?: boolean }} [options] a home that is kept; names of the steps to play; in the oldest VS Code
 */
export async function playFilm({ home, only, oldest = false } = {}) {
  const started = performance.now();
  const tools = await toolbox({ oldest });
  const pictures = oldest ? FILM_OLDEST : FILM;
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const stage = new Stage({ home });
  let code, failed;
  /** @type {any} */
  let browser;
  try {
    const keys = await stage.startProvider();
    code = await VsCode.start({ tools, home: stage.home, vsix: VSIX, env: { ...stage.environment, ...keys } });
    browser = await launchBrowser(tools);
    whenInterrupted(() => void browser.close());
    const window = await Window.open(browser, code.address(stage.workspace));
    /** @type {import("./steps/scene.mjs").Scene} */
    const scene = { stage, code, window, tools, seen: {} };
    const steps = STEPS.filter(({ name }) => !only || only.includes(name));
    for (const [index, step] of steps.entries()) {
      failed = await play(scene, step, { number: index + 1, pictures });
      if (failed) break;
    }
  } catch (error) {
    failed = error;
    console.error(error);
  } finally {
    await browser?.close();
    await code?.stop();
  }
  const left = await stage.strike();
  for (const line of left) console.error(`  LEFT  ${line}`);
  const good = !failed && left.length === 0;
  if (good) stage.remove();
  else console.error(`  Everything this run wrote is kept in ${stage.home}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${good ? "The film is complete" : "The film broke off"} after ${seconds} s; its pictures are in ${relative(ROOT, pictures)}.`);
  return good;
}

/** Play one step; its error, if any, is printed and returned. @param {import("./steps/scene.mjs").Scene} scene @param {import("./steps/scene.mjs").Step} step @param {{ number: number, pictures: string }} place */
async function play(scene, step, { number, pictures }) {
  const started = performance.now();
  let shots = 0;
  const shoot = async (/** @type {string} */ detail = "") => {
    shots += 1;
    const name = [String(number).padStart(2, "0"), step.name, detail].filter(Boolean).join("-");
    await scene.window.photograph(join(pictures, `${name}.png`));
  };
  try {
    const saw = await step.play(scene, shoot);
    if (shots === 0) await shoot();
    console.log(`  ok    ${step.name.padEnd(16)} ${seconds(started)}  ${saw}`);
    return undefined;
  } catch (error) {
    await shoot("FAILED").catch(() => undefined);
    console.error(`  FAIL  ${step.name.padEnd(16)} ${seconds(started)}  ${error instanceof Error ? error.stack : error}`);
    console.error(readFileSync(scene.code.log, "utf8").split("\n").slice(-10).join("\n"));
    return error;
  }
}

/** @param {number} started */
function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(7);
}
