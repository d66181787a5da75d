import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder } from "../../test/folder.js";
import { parseLines, uphill, uphillJson, uphillWith } from "../../test/uphill.js";

describe("uphill quickstart", () => {
  it("trains, exports, checks and plays, and ends with a table of it", async () => {
    const out = join(await emptyFolder(), "run");
    const size = ["--steps", "2048", "--evaluate-every", "1024", "--episodes", "10"];
    const { stdout, stderr } = await uphill("quickstart", ...size, "--out", out);
    expect(stderr).toContain("PPO learns CartPole-v1 from nothing, seed 1");
    expect(stdout).toMatch(/training +2,048 steps in [\d.]+ s, [\d,]+ steps\/s\n +last evaluation [\d.]+ ± [\d.]+/u);
    expect(stdout).toMatch(/export check +largest relative difference \S+ on \d+ observations/u);
    expect(stdout).toMatch(/evaluation +[\d.]+ ± [\d.]+ over 10 fresh episodes, by the file alone/u);
    expect(stdout).toContain(`uphill evaluate ${join(out, "policy.onnx")}`);
    expect((await readdir(out)).sort()).toEqual([
      "best.safetensors",
      "checkpoint.safetensors",
      "config.json",
      "metrics.jsonl",
      "policy.onnx",
    ]);
  });

  it("exports the best policy by evaluations before the final episodes, which change nothing about it", async () => {
    const folder = await emptyFolder();
    const exported: Buffer[] = [];
    for (const episodes of ["3", "7"]) {
      const out = join(folder, episodes);
      const size = ["--seed", "2", "--steps", "2560", "--evaluate-every", "512"];
      const { stdout, exitCode } = await uphill("quickstart", ...size, "--episodes", episodes, "--out", out, "--json");
      const result = parseLines(stdout).at(-1) as Record<string, Record<string, unknown>>;
      expect(exitCode).toBe(result["evaluation"]["solved"] === true ? 0 : 1);
      expect(result["evaluation"]["episodes"]).toBe(Number(episodes));
      // The run goes on past its best policy, or else this shows nothing: take another seed then.
      expect(result["best"]["steps"]).toBeLessThan(2560);
      exported.push(await readFile(join(out, "policy.onnx")));
      await uphillJson("export", out, "--checkpoint", "best");
      exported.push(await readFile(join(out, "policy.onnx")));
    }
    expect(new Set(exported.map((bytes) => bytes.toString("hex"))).size).toBe(1);
  });

  it("keeps a run that is in a folder which was named, and its own folder for the last one", async () => {
    const out = join(await emptyFolder(), "run");
    const command = ["quickstart", "--steps", "512", "--evaluate-every", "512", "--episodes", "2", "--out", out];
    await uphill(...command);
    expect(await uphill(...command)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("expected a folder without a run"),
    });
    expect((await uphill(...command, "--overwrite")).stdout).toContain("export check");
  });

  it("says how to go on when it is interrupted", async () => {
    const out = join(await emptyFolder(), "run");
    const variables = { npm_package_name: "uphill", npm_lifecycle_event: "start" };
    expect(await uphillWith({ signal: AbortSignal.abort(), variables }, "quickstart", "--out", out)).toMatchObject({
      exitCode: 130,
      stdout: "",
      stderr: expect.stringContaining(`to go on: npm run -s uphill -- resume ${out}`),
    });
  });
});
