import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder } from "../test/folder.js";
import { uphill, uphillWith } from "../test/uphill.js";
import { algorithms } from "./algorithms.js";

const train = ["train", "ppo", "--env", "CartPole-v1"];

describe("bad input", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["no command", [], "command: expected one of quickstart, train, resume"],
    ["an unknown command", ["trian"], `"trian": no such command; did you mean train?`],
    ["no algorithm", ["train"], `algorithm: expected one of ${algorithms.map(({ name }) => name).join(", ")}, got none`],
    ["an unknown algorithm", ["train", "pp0"], `"pp0": no such algorithm; did you mean ppo?`],
    ["no environment", ["train", "ppo"], "--env: expected an environment, got none"],
    ["an unknown environment", ["train", "ppo", "--env", "cartpole"], "did you mean CartPole-v1?"],
    ["an unknown option", [...train, "--gama", "0.9"], `"--gama": no such option; did you mean --gamma?`],
    ["a learning rate of -1", [...train, "--learning-rate", "-1"], "--learning-rate: expected a number in [0, 1]"],
    ["a gamma of 1.5", [...train, "--gamma", "1.5"], `--gamma: expected a number in [0, 1], got "1.5"`],
    ["no steps", [...train, "--steps", "0"], `--steps: expected an integer ≥ 1, got "0"`],
    ["an unknown preset", [...train, "--preset", "CartPole"], `"CartPole": no such preset; did you mean CartPole-v1?`],
    ["an option without its value", [...train, "--gamma"], "train ppo: option '--gamma <NUMBER>' argument missing"],
    ["a goal without evaluations", [...train, "--stop-at", "475"], "--stop-at: expected --evaluate-every with it"],
    ["a minibatch beyond the rollout", [...train, "--minibatch-size", "1000000"], "minibatchSize: expected at most"],
    ["no run", ["export"], "export: missing required argument 'RUN'"],
    ["too many arguments", ["list", "all"], 'list: expected no more arguments, got "all"'],
    ["one run too many", ["export", "a", "b"], 'export: expected no more arguments, got "b"'],
    ["a flag for a value", [...train, "--gamma", "--out", "here"], 'expected no more arguments, got "here"; --gamma took "--out" for its value'],
    ["no episodes", ["evaluate", "policy.onnx", "--episodes", "0"], "--episodes: expected an integer in [1, 1000000]"],
  ];
  for (const [what, commandLine, sentence] of cases) {
    it(`ends with 2 and one sentence for ${what}`, async () => {
      const { exitCode, stdout, stderr } = await uphill(...commandLine);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(/^uphill: .*\n$/u);
      expect(stderr).toContain(sentence);
    });
  }

  it("ends with 2 for a folder that cannot be written, and leaves nothing behind", async () => {
    const folder = await emptyFolder();
    const file = join(folder, "file");
    await writeFile(file, "not a folder");
    for (const out of [file, join(file, "run")]) {
      const { exitCode, stderr } = await uphill(...train, "--out", out);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^uphill: .*file.*(?:got a file|is not a folder)\n$/u);
    }
  });
});

describe("output", () => {
  it("shows help on stdout, and where an error comes from if asked by flag or variable", async () => {
    const help = await uphill("--help");
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    expect(help.stdout).toContain("quickstart");
    const flagged = await uphill("resume", "nowhere", "--debug");
    const byVariable = await uphillWith({ variables: { UPHILL_DEBUG: "1" } }, "resume", "nowhere");
    for (const { stderr } of [flagged, byVariable]) expect(stderr).toMatch(/\n\s+at .*run-folder/u);
    expect((await uphillWith({ variables: { UPHILL_DEBUG: "0" } }, "resume", "nowhere")).stderr).not.toMatch(/\n\s+at/u);
  });
});
