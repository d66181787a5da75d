import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentFile } from "../../test/environments/index.js";
import { emptyFolder } from "../../test/folder.js";
import { metricsOf, tensorBytes } from "../../test/run-contents.js";
import { smallEvaluations, smallRun, smallRunIterations } from "../../test/small-run.js";
import { parseLines, uphill, uphillJson, uphillWith } from "../../test/uphill.js";

describe("uphill train", () => {
  it("leaves a run folder with configuration, metrics and checkpoint, and says what is next", async () => {
    const run = join(await emptyFolder(), "deep", "run");
    const own = ["--seed", "1", "--gamma", "0.97"];
    const ended = await uphill("train", "ppo", "--env", "CartPole-v1", "--out", run, ...smallRun, ...own);
    expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`next: uphill export ${run}`) });
    expect(ended.stderr).toMatch(/6,000 of 6,000 steps \(100%\), return [\d.]+/u);
    expect((await readdir(run)).sort()).toEqual(["checkpoint.safetensors", "config.json", "metrics.jsonl"]);
    expect(await metricsOf(run)).toHaveLength(smallRunIterations);
    // The environment's preset stands in for the defaults, and what is written stands over both.
    expect(JSON.parse(await readFile(join(run, "config.json"), "utf8"))).toMatchObject({
      algorithm: "ppo",
      environment: "CartPole-v1",
      seed: 1,
      steps: 6000,
      preset: "CartPole-v1",
      options: { gamma: 0.97, environments: 4, hiddenWidths: [8], minibatchSize: expect.any(Number) },
      selection: null,
    });
  });

  it("takes the algorithm's own defaults with --preset none", async () => {
    const run = join(await emptyFolder(), "run");
    const small = ["--steps", "64", "--rollout-steps", "64", "--no-normalize-advantages", "--kl-target", "none"];
    await uphillJson("train", "ppo", "--env", "CartPole-v1", "--preset", "none", "--out", run, ...small);
    expect(JSON.parse(await readFile(join(run, "config.json"), "utf8"))).toMatchObject({
      preset: null,
      options: { environments: 1, gamma: 0.99, learningRate: 3e-4, normalizeAdvantages: false, klTarget: null },
    });
  });

  it("prints one JSON object a report and a last one with the result, and nothing else", async () => {
    const run = join(await emptyFolder(), "run");
    const command = ["train", "ppo", "--env", "CartPole-v1", "--out", run, "--json"];
    const ended = await uphill(...command, ...smallRun, ...smallEvaluations);
    expect(ended.stderr).toBe("");
    const lines = parseLines(ended.stdout);
    const reports = Array.from({ length: smallRunIterations }, () => "report");
    expect(lines.map(({ type }) => type)).toEqual([...reports, "result"]);
    expect(lines[0]).toMatchObject({ steps: 512, iteration: 1, policyLoss: expect.any(Number) });
    const result = lines.at(-1) as { best: { steps: number; meanReturn: number } };
    expect(result).toMatchObject({ command: "train", run, algorithm: "ppo", environment: "CartPole-v1", steps: 6000 });
    expect(lines.find(({ steps }) => steps === result.best.steps)).toMatchObject({
      evaluationReturn: expect.any(Number),
      confirmationReturn: result.best.meanReturn,
    });
    expect(await readdir(run)).toContain("best.safetensors");
  });

  it("says with --debug what the untrained policy does, and takes nothing from the run", async () => {
    const folder = await emptyFolder();
    const command = ["train", "ppo", "--env", "CartPole-v1", ...smallRun];
    const { stderr } = await uphill(...command, "--debug", "--out", join(folder, "looked-at"));
    expect(stderr).toMatch(/before training:\n {2}return +[\d.]+ ± [\d.]+ over 16 episodes, exploring\n/u);
    expect(stderr).toMatch(/\n {2}entropy +0\.69\d nats\n {2}gradient +32 steps \d+%, 128 steps/u);
    const [debug] = await uphillJson(...command, "--debug", "--out", join(folder, "json"));
    expect(debug).toMatchObject({ type: "debug", entropy: expect.closeTo(Math.LN2, 1), returns: expect.any(Array) });
    await uphillJson(...command, "--out", join(folder, "plain"));
    expect(await tensorBytes(join(folder, "looked-at"))).toEqual(await tensorBytes(join(folder, "plain")));
  });

  it("says once what goes wrong, and what people usually change, a run that goes on included", async () => {
    const run = join(await emptyFolder(), "run");
    const wild = ["--learning-rate", "0.5", "--epochs", "10", "--steps", "2048"];
    const { stderr } = await uphill("train", "ppo", "--env", "CartPole-v1", "--out", run, ...smallRun, ...wild);
    expect(stderr).toMatch(/warning: KL exploding: .*\n {2}people usually change: a smaller learning rate/u);
    const lines = await uphillJson("resume", run, "--steps", "1536");
    expect(lines.slice(0, 3)).toMatchObject(Array.from({ length: 3 }, () => ({ klNats: expect.any(Number) })));
    expect(lines.map((line) => Number(line["klNats"] ?? 1)).every((kl) => kl > 0.1)).toBe(true);
    expect(lines.filter(({ type, rule }) => type === "warning" && rule === "kl-exploding")).toEqual([]);
  });

  it("ends two runs of one seed with the same bytes, and another seed with others", async () => {
    const folder = await emptyFolder();
    const weights = async (name: string, seed: string, ...more: readonly string[]) => {
      const run = join(folder, name);
      await uphillJson("train", "ppo", "--env", "CartPole-v1", "--seed", seed, "--out", run, ...smallRun, ...more);
      return tensorBytes(run);
    };
    const first = await weights("first", "5");
    expect(await weights("second", "5")).toEqual(first);
    // Evaluations and checkpoints take nothing from the run.
    expect(await weights("evaluated", "5", ...smallEvaluations, "--checkpoint-every", "1000")).toEqual(first);
    expect(await weights("other", "6")).not.toEqual(first);
  });

  it("stops early at a goal that the evaluations confirm", async () => {
    const run = join(await emptyFolder(), "run");
    const goal = ["--stop-at", "5", ...smallEvaluations];
    const lines = await uphillJson("train", "ppo", "--env", "CartPole-v1", "--out", run, ...smallRun, ...goal);
    expect(lines.at(-1)).toMatchObject({ type: "result", reason: "goal", steps: 1536 });
  });

  it("keeps the folder that has a run, unless told to overwrite it", async () => {
    const run = join(await emptyFolder(), "run");
    const command = ["train", "ppo", "--env", "CartPole-v1", "--out", run, ...smallRun];
    await uphillJson(...command);
    await writeFile(join(run, "policy.onnx"), "of the run before");
    const before = await tensorBytes(run);
    expect(await uphill(...command, "--seed", "9")).toMatchObject({
      exitCode: 2,
      stderr: `uphill: ${run}: expected a folder without a run, got one that has one: resume, overwrite or move it\n`,
    });
    expect(await tensorBytes(run)).toEqual(before);
    await uphillJson(...command, "--seed", "9", "--overwrite");
    expect(await tensorBytes(run)).not.toEqual(before);
    expect(await readdir(run)).not.toContain("policy.onnx");
  });

  it("trains on an environment from a file", async () => {
    const run = join(await emptyFolder(), "run");
    const lines = await uphillJson("train", "ppo", "--env", environmentFile("corridor"), "--out", run, ...smallRun);
    expect(lines.at(-1)).toMatchObject({ type: "result", environment: "Corridor-v0", reason: "budget" });
  });

  it("stops a loss that is not finite, names step and quantity, and keeps the last good weights", async () => {
    const run = join(await emptyFolder(), "run");
    const ended = await uphill("train", "ppo", "--env", environmentFile("explosive"), "--out", run, ...smallRun);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/uphill: ppo: .*valueLoss Infinity.* after step 0; .*weights .* are kept\n$/u);
    expect(Object.values(await tensorBytes(run)).length).toBeGreaterThan(0);
  });

  it("names the environment that throws, keeps the run, and goes on with it to the same bits", async () => {
    const [run, whole] = [join(await emptyFolder(), "run"), join(await emptyFolder(), "whole")];
    const command = ["train", "ppo", "--env", environmentFile("burning"), ...smallRun];
    const ended = await uphill(...command, "--out", run);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(`stopped at 2,560 steps, all of them kept; to go on: uphill resume ${run}\n`);
    expect(ended.stderr).toMatch(/uphill: step of Burning-v0, environment 3: threw Error: the motor is on fire\n$/u);
    expect(await uphill("export", run)).toMatchObject({ exitCode: 0 });
    await uphillJson("resume", run);
    await uphillJson(...command, "--out", whole);
    expect(await tensorBytes(run)).toEqual(await tensorBytes(whole));
  });

  it("keeps the work so far when it is interrupted", async () => {
    const run = join(await emptyFolder(), "run");
    const command = ["train", "ppo", "--env", "CartPole-v1", "--out", run, "--json", ...smallRun];
    const ended = await uphillWith({ signal: AbortSignal.abort() }, ...command);
    expect(ended.exitCode).toBe(130);
    expect(parseLines(ended.stdout)).toEqual([expect.objectContaining({ reason: "interrupted", steps: 0 })]);
    await uphillJson("resume", run);
    expect(await metricsOf(run)).toHaveLength(smallRunIterations);
  });

  it("shows default, range and meaning of each option, and the presets, in its help", async () => {
    const { exitCode, stdout, stderr } = await uphill("train", "ppo", "--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const help = stdout.replaceAll(/\s+/gu, " ");
    expect(help).toContain("--gamma <NUMBER> discount of future rewards (a number in [0, 1]; default 0.99)");
    expect(help).toContain("--seed <INTEGER>");
    expect(help).toMatch(/Presets: CartPole-v1: --environments \d+/u);
  });
});
