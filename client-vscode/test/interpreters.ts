/** Paths, names and quoting of the three systems; versions; the words of the settings. */

import { strict as assert } from "node:assert";
import { candidates, compare, fits, pythonIn, written } from "../src/interpreters";
import { launch } from "../src/processes";
import { isOlder } from "../src/upkeep";

const SYSTEMS = ["linux", "darwin", "win32"] as const;

describe("interpreters", () => {
  it("lie in an environment where the system has them", () => {
    assert.equal(pythonIn("/home/ada/env", "linux"), "/home/ada/env/bin/python");
    assert.equal(pythonIn("/Users/ada/Library/env", "darwin"), "/Users/ada/Library/env/bin/python");
    assert.equal(pythonIn("C:\\Users\\Ada L\\env", "win32"), "C:\\Users\\Ada L\\env\\Scripts\\python.exe");
  });

  it("are looked for under the names of the system", () => {
    const [linux, mac, windows] = SYSTEMS.map((system) => candidates(system).map(({ command, args }) => [command, ...args].join(" ")));
    assert.deepEqual([linux![0], linux!.at(-1)], ["python3", "python"]);
    assert.ok(linux!.includes("python3.11") && !linux!.includes("python3.10"));
    assert.ok(mac!.indexOf("python3") > mac!.indexOf("/opt/homebrew/bin/python3"), "the system's own python3 may open a dialog");
    assert.ok(mac!.includes("/Library/Frameworks/Python.framework/Versions/3.13/bin/python3"));
    assert.deepEqual([windows![0], windows!.at(-1)], ["py -3", "python3"]);
    assert.ok(windows!.includes("py -3.13"));
  });

  const WRITTEN: [string, NodeJS.Platform, string][] = [
    [" /usr/bin/python3.13 ", "linux", "/usr/bin/python3.13"],
    ["~/.pyenv/versions/3.13.0/bin/python", "linux", "/home/ada/.pyenv/versions/3.13.0/bin/python"],
    ["~ada/python", "linux", "~ada/python"],
    ["~\\Python313\\python.exe", "win32", "/home/ada\\Python313\\python.exe"],
    ['"C:\\Program Files\\Python313\\python.exe"', "win32", "C:\\Program Files\\Python313\\python.exe"],
  ];
  for (const [text, system, expected] of WRITTEN) {
    it(`${text} is ${expected} on ${system}`, () => assert.equal(written(text, system, "/home/ada"), expected));
  }

  it("are started without a shell, but for batch files of Windows", () => {
    for (const system of SYSTEMS) assert.deepEqual(launch("python", ["-c", "print(1)"], system), { file: "python", parts: ["-c", "print(1)"], verbatim: false });
    assert.equal(launch("/home/ada/python.bat", [], "linux").file, "/home/ada/python.bat");
    const batch = launch("C:\\Users\\Ada L\\shims\\python.BAT", ["-I", "-c", "import sys; print(1)"], "win32");
    assert.deepEqual(batch, { file: "cmd.exe", parts: ["/d", "/s", "/c", `""C:\\Users\\Ada L\\shims\\python.BAT" -I -c "import sys; print(1)""`], verbatim: true });
    assert.throws(() => launch("python.bat", ["%PATH%"], "win32"), /can't be given/);
    assert.throws(() => launch("python.bat", [`" & calc`], "win32"), /can't be given/);
  });

  it("have versions that are compared by their numbers", () => {
    assert.ok(compare("3.9.18", "3.11") < 0);
    assert.ok(compare("3.13.0", "3.11") > 0);
    assert.equal(compare("3.11", "3.11.7"), 0);
    assert.ok(fits("0.1.7", "0.1.0") && !fits("0.2.0", "0.1.0") && !fits("1.1.0", "0.1.0"));
  });

  const OLDER: [string, (string | undefined)[], string, string | undefined][] = [
    ["3.11.7", [], "", undefined],
    ["3.11.7", ["3.11.9"], "3.11", undefined],
    ["3.13.0", ["3.11.7", undefined], "", undefined],
    ["3.11.7", ["3.10.1", "3.13.0"], "", "3.13.0"],
    ["3.11.7", [undefined], "3.12", "3.12"],
  ];
  for (const [server, selected, target, expected] of OLDER) {
    it(`the server on ${server} is ${expected ? "" : "not "}older than ${[...selected, target].join(", ") || "nothing"}`, () => {
      assert.equal(isOlder(server, selected.map((version) => ({ python: "python", version })), target)?.version, expected);
    });
  }
});
