import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { environmentFile } from "../../test/environments/index.js";
import { emptyFolder, sharedFolder } from "../../test/folder.js";
import { smallRun } from "../../test/small-run.js";
import { uphill, uphillJson } from "../../test/uphill.js";

describe("uphill evaluate", () => {
  const run = join(sharedFolder(), "run");
  const file = join(run, "policy.onnx");

  beforeAll(async () => {
    await uphillJson("train", "ppo", "--env", "CartPole-v1", "--out", run, ...smallRun);
    await uphillJson("export", run);
  });

  it("plays the file alone, on the environment that the file names", async () => {
    const { exitCode, stdout } = await uphill("evaluate", file, "--episodes", "5", "--seed", "7");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/policy\.onnx on CartPole-v1: return [\d.]+ ± [\d.]+ over 5 episodes from seed 7, mean /u);
  });

  it("finds for the file what it finds for the policy that it was made from, episode by episode", async () => {
    const [byFile] = await uphillJson("evaluate", file, "--episodes", "12", "--seed", "3");
    const [byPolicy] = await uphillJson("evaluate", run, "--episodes", "12", "--seed", "3");
    expect(byFile["returns"]).toHaveLength(12);
    expect(byFile["returns"]).toEqual(byPolicy["returns"]);
    const [later] = await uphillJson("evaluate", file, "--episodes", "9", "--seed", "6", "--env", "CartPole-v1");
    expect(later["returns"]).toEqual((byFile["returns"] as number[]).slice(3));
  });

  it("refuses an environment of other spaces", async () => {
    const { exitCode, stderr } = await uphill("evaluate", file, "--env", "Pendulum-v1");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^uphill: .*observations of length 4 and 2 actions, got Pendulum-v1 with .*length 3.*\n$/u);
    expect((await uphill("evaluate", file, "--env", environmentFile("corridor"))).exitCode).toBe(2);
  });

  it("refuses a file that is missing, truncated, or no policy", async () => {
    const folder = await emptyFolder();
    const bad = join(folder, "bad.onnx");
    expect((await uphill("evaluate", bad)).stderr).toBe(`uphill: ${bad}: cannot be read: there is no such file\n`);
    const whole = await readFile(file);
    const truncated = [whole.subarray(0, whole.length - 50), whole.subarray(0, 10), Buffer.alloc(0)];
    for (const bytes of [...truncated, Buffer.from("hello")]) {
      await writeFile(bad, bytes);
      const { exitCode, stdout, stderr } = await uphill("evaluate", bad);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(/^uphill: .*bad\.onnx: expected .*\n$/u);
    }
  });
});
