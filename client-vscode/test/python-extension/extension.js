// Stands for ms-python.python in tests: the documented shape of its API, and `select` for the tests.
"use strict";

const { execFileSync } = require("node:child_process");
const vscode = require("vscode");

const VERSION = "import sys; print(*sys.version_info[:3])";

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  let selected = process.env.BACKEND_TEAM_SELECTED_PYTHON ?? "";
  let told;
  const seen = { asked: 0 };
  return {
    ready: Promise.resolve(),
    seen,
    environments: {
      getActiveEnvironmentPath: () => {
        seen.asked += 1;
        return { id: selected, path: selected };
      },
      resolveEnvironment: async ({ path }) => {
        if (!path) return undefined;
        const [major, minor, micro] = told ?? execFileSync(path, ["-I", "-c", VERSION], { encoding: "utf8" }).trim().split(" ").map(Number);
        return { id: path, path, executable: { uri: vscode.Uri.file(path), bitness: "64-bit", sysPrefix: "" }, version: { major, minor, micro } };
      },
      onDidChangeActiveEnvironmentPath: changed.event,
    },
    /** Select an interpreter as a person would; `version` when it is not to be asked for it. */
    select: (path, version) => {
      selected = path;
      told = version;
      changed.fire({ id: path, path, resource: vscode.workspace.workspaceFolders?.[0] });
    },
  };
};
