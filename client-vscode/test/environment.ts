/** Making the server's environment when things are wrong: real interpreters, real pip, nothing of ours replaced. */

import { strict as assert } from "node:assert";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createEnvironment, EnvironmentError, environmentReady, readBundle, type Bundle, type Creation } from "../src/environment";
import { owner } from "../src/locks";

describe("the server's environment", () => {
  let folder: string;
  let bundle: Bundle;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "backend-team-environment-"));
    await mkdir(path.join(folder, "bundled"));
    await writeFile(path.join(folder, "bundled", "ai_backend_team-9.9.9-py3-none-any.whl"), "not a wheel");
    await writeFile(path.join(folder, "bundled", "constraints.txt"), "");
    bundle = await readBundle(path.join(folder, "bundled"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const steps: string[] = [];

  async function create(more: Partial<Creation> = {}): Promise<EnvironmentError> {
    steps.length = 0;
    const creation: Creation = { home: path.join(folder, "home"), bundle, signal: new AbortController().signal, onStep: (step) => steps.push(step), onOutput: () => undefined, ...more };
    try {
      await createEnvironment(creation);
    } catch (error) {
      assert.ok(error instanceof EnvironmentError, String(error));
      assert.equal(await environmentReady(creation.home, bundle), undefined);
      assert.deepEqual(await readdir(creation.home), [], "nothing half made is left");
      return error;
    }
    throw new assert.AssertionError({ message: "it was made" });
  }

  async function program(name: string, lines: string): Promise<string> {
    const file = path.join(folder, name);
    await writeFile(file, `#!/bin/sh\n${lines}\n`);
    await chmod(file, 0o755);
    return file;
  }

  it("says so when there is no Python", async () => {
    const { kind, message } = await create({ environ: { PATH: path.join(folder, "nowhere") } });
    assert.equal(kind, "python");
    assert.match(message, /needs Python 3\.11 or newer and none was found/);
  });

  it("names the versions that are too old", async () => {
    await program("python3", "echo 3.9.2; echo /usr/bin/python3");
    const { kind, message } = await create({ environ: { PATH: folder } });
    assert.equal(kind, "python");
    assert.match(message, /python3 is 3\.9\.2/);
  });

  it("names the setting when its interpreter is none", async () => {
    const { kind, message } = await create({ interpreter: await program("broken", "exit 3") });
    assert.equal(kind, "python");
    assert.match(message, /backendTeam\.server\.interpreter/);
  });

  it("tells a missing venv module from other trouble", async () => {
    const interpreter = await program("python3", `case "$3" in *version_info*) echo 3.12.1; echo "$0";; *) echo "ensurepip is not available"; exit 1;; esac`);
    const { kind, message } = await create({ interpreter });
    assert.equal(kind, "venv");
    assert.match(message, /python3-venv/);
  });

  it("reports pip's own reason", async () => {
    const { kind, message } = await create();
    assert.equal(kind, "packages");
    assert.match(message, /could not be installed: .*(wheel|ai.backend.team)/i);
    assert.ok(steps.some((step) => step.startsWith("making an environment")), steps.join("; "));
  });

  it("tells a missing network from other trouble", async () => {
    const wheel = await emptyWheel(path.join(folder, "bundled"));
    bundle = { ...bundle, wheel };
    const environ = { ...process.env, PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_RETRIES: "1", PIP_CONFIG_FILE: "/dev/null", PIP_FIND_LINKS: "", PIP_NO_CACHE_DIR: "1" };
    const { kind, message } = await create({ environ });
    assert.equal(kind, "network");
    assert.match(message, /network and the proxy/);
  });

  it("can be cancelled", async () => {
    const abort = new AbortController();
    const { kind } = await create({ signal: abort.signal, onStep: (step) => step.startsWith("making") && abort.abort() });
    assert.equal(kind, "cancelled");
  });

  it("takes over from a window that died", async () => {
    await mkdir(path.join(folder, "home"));
    await writeFile(path.join(folder, "home", `${bundle.digest}.lock`), owner(999_999_999));
    const { kind } = await create({ environ: { PATH: path.join(folder, "nowhere") } });
    assert.equal(kind, "python");
  });

  it("refuses a build without a server", async () => {
    await assert.rejects(readBundle(path.join(folder, "nowhere")), /brings no server along/);
  });
});

/** A wheel that asks for a package of the index; stored, not packed. */
async function emptyWheel(folder: string): Promise<string> {
  const files: [string, string][] = [
    ["ai_backend_team-9.9.9.dist-info/METADATA", "Metadata-Version: 2.1\nName: ai-backend-team\nVersion: 9.9.9\nProvides-Extra: lsp\nProvides-Extra: ai\nProvides-Extra: api\nRequires-Dist: pyyaml\n"],
    ["ai_backend_team-9.9.9.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"],
    ["ai_backend_team-9.9.9.dist-info/RECORD", ""],
  ];
  const file = path.join(folder, "ai_backend_team-9.9.9-py3-none-any.whl");
  await writeFile(file, zip(files));
  return file;
}

function zip(files: [string, string][]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const data = Buffer.from(text);
    const title = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(title.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), facts, title, data);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), facts, tail, title);
    offset += 30 + title.length + data.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06"), end]);
}

function crc(data: Buffer): number {
  let value = ~0;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}
