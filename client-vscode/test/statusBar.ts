/** Text and colour of the status-bar item. */

import { strict as assert } from "node:assert";
import type { Status, Usage } from "../src/protocol";
import type { SessionState } from "../src/session";
import { alarm, qualityRows, text } from "../src/statusBar";

const STATUS: Status = {
  state: "ready",
  findings: 3,
  files: 2,
  rules: 25,
  version: "0.1.0",
  score: 97.5,
  versions: { server: "0.1.0", python: "3.12.1", rules: 25, ruleSet: "0123456789ab" },
  standsDown: { rules: 0, tools: [] },
};

function usage(aiUsed: number, aiIncluded: number | null, runs = 0, cost = 0): Usage {
  return { plan: "free", period: "2026-11", templateExecutions: { used: runs, included: 4 }, aiRequests: { used: aiUsed, included: aiIncluded }, cacheHits: 1, costToday: cost, dailyCap: 1 };
}

const TEXTS: [SessionState, Status | undefined, Usage | undefined, string][] = [
  ["starting", undefined, undefined, "$(loading~spin) Backend Team"],
  ["failed", STATUS, undefined, "$(error) Backend Team"],
  ["running", STATUS, undefined, "$(lightbulb) 3 findings · score 97.5"],
  ["running", { ...STATUS, findings: 1, state: "busy" }, undefined, "$(sync~spin) 1 finding · score 97.5"],
  ["running", { ...STATUS, findings: 0 }, usage(1, 1000, 1, 0.0125), "$(check) 0 findings · score 97.5 · AI 1/1,000 · runs 1/4 · $0.0125"],
  ["running", STATUS, usage(7, null, 0, 1.5), "$(lightbulb) 3 findings · score 97.5 · AI 7 · runs 0/4 · $1.50"],
];

const ALARMS: [Usage, "warning" | "error" | undefined][] = [
  [usage(749, 1000), undefined],
  [usage(750, 1000), "warning"],
  [usage(900, 1000), "error"],
  [usage(9000, null), undefined],
  [usage(0, 1000, 3), "warning"],
  [usage(0, 1000, 4), "error"],
  [usage(0, 1000, 0, 0.8), "warning"],
];

describe("the status bar", () => {
  for (const [state, status, used, expected] of TEXTS) it(`says "${expected}"`, () => assert.equal(text(state, status, used), expected));
  for (const [used, expected] of ALARMS) it(`is ${expected ?? "calm"} at ${JSON.stringify([used.aiRequests, used.templateExecutions, used.costToday])}`, () => assert.equal(alarm("running", used), expected));
  it("tells of the quality and of rules that stand down", () => {
    const versions: [string, string] = ["Versions", "server 0.1.0, Python 3.12.1, rule set 0123456789ab"];
    assert.deepEqual(qualityRows(STATUS), [["Quality", "97.5 of 100"], versions]);
    const standsDown: Status["standsDown"] = { rules: 2, tools: ["ruff"] };
    assert.deepEqual(qualityRows({ ...STATUS, standsDown }), [["Quality", "97.5 of 100"], ["Stand down", "2 rules, for ruff"], versions]);
  });
});
