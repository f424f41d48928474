/** Processes of this machine, found by group or by their environment; nothing is ever ended by name. */

import { readFileSync, readdirSync } from "node:fs";

/**
 * @typedef {object} Process
 * @property {number} pid
 * @property {number} group
 * @property {string} command
 */

/** All processes whose memory we may read. @returns {Process[]} */
function all() {
  const found = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z") continue;
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trim();
      found.push({ pid: Number(name), group: Number(fields[2]), command });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Processes of a group whose command line has this text. @param {number} group @param {string} text */
export function inGroup(group, text) {
  return all().filter((process) => process.group === group && process.command.includes(text));
}

/** Processes that were given this environment variable with this value. @param {string} name @param {string} value */
export function withVariable(name, value) {
  return all().filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${name}=${value}`);
    } catch {
      return false;
    }
  });
}
