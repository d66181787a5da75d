import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { flagName } from "@uphill/training";
import { beforeEach, describe, expect, it } from "vitest";
import { algorithms } from "../algorithms.js";
import { emptyFolder } from "../../test/folder.js";
import { expectSameRuns, metricsOf, tensorBytes } from "../../test/run-contents.js";
import { smallEvaluations, smallRun, smallRunIterations } from "../../test/small-run.js";
import { uphill, uphillJson } from "../../test/uphill.js";

const continuousOnly: ReadonlySet<string> = new Set(["trpl", "ddpg", "td3", "sac"]);

/** What makes a run small, of the options that any algorithm has. */
const smallOptions = {
  workers: "1",
  rolloutSteps: "64",
  updatesPerReport: "16",
  stepsPerReport: "256",
  warmUpSteps: "1200",
  bufferCapacity: "2048",
  hiddenWidths: "8",
};

describe("uphill resume", () => {
  let run: string;

  beforeEach(async () => {
    run = join(await emptyFolder(), "run");
  });

  async function train(out: string): Promise<void> {
    const command = ["train", "ppo", "--env", "CartPole-v1", "--seed", "2", "--out", out];
    await uphillJson(...command, ...smallRun, ...smallEvaluations);
  }

  it("says that nothing is left of a budget that is used up, and changes nothing", async () => {
    await train(run);
    const before = [await tensorBytes(run), await metricsOf(run)];
    expect(await uphill("resume", run)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("nothing is left to do: the budget is used up; --steps N trains for N more"),
    });
    expect([await tensorBytes(run), await metricsOf(run)]).toEqual(before);
  });

  it("trains for more steps where told", async () => {
    await train(run);
    const lines = await uphillJson("resume", run, "--steps", "1024");
    expect(lines.filter(({ type }) => type === "report").map(({ steps }) => steps)).toEqual([6512, 7024]);
    expect(lines.at(-1)).toMatchObject({ command: "resume", reason: "budget", steps: 7024 });
    expect((await metricsOf(run)).length).toBe(smallRunIterations + 2);
  });

  it.each(algorithms)("takes up what $name left", async ({ name, options }) => {
    const env = continuousOnly.has(name) ? "Pendulum-v1" : "CartPole-v1";
    const small = Object.entries(smallOptions).flatMap(([option, value]) => (option in options ? [flagName(option), value] : []));
    await uphillJson("train", name, "--env", env, "--out", run, "--steps", "1024", ...small);
    const lines = await uphillJson("resume", run, "--steps", "512");
    expect(lines[0]["steps"]).toBeGreaterThan(1024);
    expect(lines.at(-1)).toMatchObject({ command: "resume", algorithm: name, reason: "budget", steps: 1536 });
  });

  it("starts anew, to the same bits, where the run was killed before its first checkpoint", async () => {
    await train(run);
    const killed = join(await emptyFolder(), "killed");
    await train(killed);
    await rm(join(killed, "checkpoint.safetensors"));
    await rm(join(killed, "best.safetensors"));
    await uphillJson("resume", killed);
    await expectSameRuns(killed, run);
  });

  it("drops a line of metrics that was cut off, and those after the checkpoint", async () => {
    await train(run);
    const expected = await metricsOf(run);
    const extra = { ...expected.at(-1), steps: 9999 };
    await appendFile(join(run, "metrics.jsonl"), `${JSON.stringify(extra)}\n{"steps":10`);
    await uphillJson("resume", run);
    expect(await metricsOf(run)).toEqual(expected);
  });

  it("refuses what is no run, and a checkpoint or configuration that is damaged, naming it", async () => {
    await train(run);
    expect(await uphill("resume", `${run}-other`)).toMatchObject({
      exitCode: 2,
      stderr: `uphill: ${run}-other: expected a folder, got none\n`,
    });
    const checkpoint = await readFile(join(run, "checkpoint.safetensors"));
    await writeFile(join(run, "checkpoint.safetensors"), checkpoint.subarray(0, checkpoint.length - 100));
    const truncated = await uphill("resume", run);
    expect(truncated).toMatchObject({ exitCode: 2, stdout: "" });
    expect(truncated.stderr).toMatch(new RegExp(`^uphill: ${run}: latest .*\n$`, "u"));
    await writeFile(join(run, "config.json"), `{"format": 2}`);
    const foreign = await uphill("resume", run);
    expect(foreign.stderr).toMatch(/config\.json: format: expected an integer in \[1, 1\], got 2\n$/u);
  });
});
