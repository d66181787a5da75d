import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentFile } from "../../test/environments/index.js";
import { emptyFolder } from "../../test/folder.js";
import { parseLines, uphill } from "../../test/uphill.js";

describe("uphill check-env", () => {
  it("says that a sound environment is sound", async () => {
    const file = environmentFile("corridor");
    expect(await uphill("check-env", file)).toMatchObject({
      exitCode: 0,
      stdout: `${file}: Corridor-v0 is sound\nnext: uphill train ppo --env ${file}\n`,
    });
  });

  it("names rule, message and remedy of what is wrong, and ends with 1", async () => {
    const { exitCode, stdout } = await uphill("check-env", environmentFile("unseeded"));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/seed-repeats: .+\n +remedy: .+\n/u);
    const lines = parseLines((await uphill("check-env", environmentFile("unseeded"), "--json")).stdout);
    expect(lines[0]).toMatchObject({ type: "finding", rule: "seed-repeats", remedy: expect.any(String) });
    expect(lines.at(-1)).toMatchObject({ type: "result", sound: false, findings: lines.length - 1 });
  });

  it("asks which of several environments is meant", async () => {
    const file = environmentFile("several");
    expect(await uphill("check-env", file)).toMatchObject({
      exitCode: 2,
      stderr: `uphill: ${file}: expected one environment, got the exports long, short; name one by --export\n`,
    });
    expect(await uphill("check-env", file, "--export", "short")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Short-v0 is sound"),
    });
    const other = await uphill("check-env", file, "--export", "version");
    expect(other.stderr).toContain("expected the export version that is");
  });

  it("refuses a file that is missing, that does not load, or that has no environment", async () => {
    const folder = await emptyFolder();
    const file = join(folder, "mine.mjs");
    expect((await uphill("check-env", file)).stderr).toBe(`uphill: ${file}: cannot be read: there is no such file\n`);
    await writeFile(file, "export const answer = 42;");
    const empty = await uphill("check-env", file);
    expect(empty.exitCode).toBe(2);
    expect(empty.stderr).toContain("expected an export that is an environment definition");
    const broken = join(folder, "broken.mjs");
    await writeFile(broken, "throw new Error('not today')");
    const thrown = await uphill("check-env", broken);
    expect(thrown.exitCode).toBe(2);
    expect(thrown.stderr).toMatch(/broken\.mjs: expected .* Error: not today\n$/u);
  });
});
