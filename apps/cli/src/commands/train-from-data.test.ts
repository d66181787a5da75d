import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder } from "../../test/folder.js";
import { metricsOf, tensorBytes } from "../../test/run-contents.js";
import { uphill, uphillJson } from "../../test/uphill.js";

const small = ["--preset", "none", "--hidden-widths", "8", "--batch-size", "16", "--steps-per-report", "50", "--steps", "200", "--deterministic"];

/** A file of a hundred transitions as Pendulum-v1 has them, with actions of a given length. */
async function fileOfTransitions(action: readonly number[] = [1]): Promise<string> {
  const path = join(await emptyFolder(), "transitions.jsonl");
  const lines = Array.from({ length: 100 }, (_, k) =>
    JSON.stringify({ observation: [1, 0, k / 100], action, reward: -k, nextObservation: [1, 0, (k + 1) / 100], terminated: false }),
  );
  await writeFile(path, lines.join("\n"));
  return path;
}

describe("uphill train --data", () => {
  it("learns from a file alone, is judged on its environment, and leaves a run that needs the file no more", async () => {
    const data = await fileOfTransitions();
    const run = join(await emptyFolder(), "run");
    const judged = ["--evaluate-every", "100", "--evaluation-episodes", "1"];
    const lines = await uphillJson("train", "sac", "--env", "Pendulum-v1", "--data", data, "--out", run, ...small, ...judged);
    expect(lines.at(-1)).toMatchObject({ type: "result", environment: "Pendulum-v1", steps: 200, reason: "budget" });
    expect(await metricsOf(run)).toMatchObject([{ updates: 50, episodes: 0 }, { evaluationReturn: expect.any(Number) }, {}, { updates: 200 }]);
    await rm(data);
    expect((await uphillJson("resume", run, "--steps", "50")).at(-1)).toMatchObject({ type: "result", steps: 250 });
    expect(await uphill("export", run)).toMatchObject({ exitCode: 0 });
    expect(await uphill("evaluate", join(run, "policy.onnx"), "--episodes", "1")).toMatchObject({ exitCode: 0 });
  });

  it("ends two runs of one seed with the same bytes", async () => {
    const data = await fileOfTransitions();
    const weights = async () => {
      const run = join(await emptyFolder(), "run");
      await uphillJson("train", "td3", "--env", "Pendulum-v1", "--data", data, "--out", run, ...small);
      return tensorBytes(run);
    };
    expect(await weights()).toEqual(await weights());
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ["that is not there", async () => "none.jsonl", /none\.jsonl: cannot be read: there is no such file\n$/u],
    ["of other actions", async () => fileOfTransitions([1, 2]), /transitions\.jsonl: line 1: .*expected/u],
  ])("refuses a file %s, and writes nothing", async (_, file, message) => {
    const run = join(await emptyFolder(), "run");
    const ended = await uphill("train", "ddpg", "--env", "Pendulum-v1", "--data", await file(), "--out", run, ...small);
    expect(ended).toMatchObject({ exitCode: expect.any(Number), stderr: expect.stringMatching(message) });
    expect(ended.exitCode).toBeGreaterThan(0);
    expect((await uphill("resume", run)).stderr).toContain("expected a folder, got none");
  });

  it("is no option of what learns only as it plays", async () => {
    const { exitCode, stderr } = await uphill("train", "ppo", "--env", "Pendulum-v1", "--data", "x.jsonl");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--data");
  });
});
