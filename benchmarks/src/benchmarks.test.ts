import { expect, test } from "vitest";
import { elementary } from "./elementary.js";
import { environmentSteps } from "./environments.js";
import { forward } from "./forward.js";
import type { Settings } from "./harness/benchmark.js";
import { matmul } from "./matmul.js";
import { onPolicyTraining } from "./on-policy-training.js";
import { offPolicyUpdate } from "./off-policy-update.js";
import { trpoStep } from "./trpo-step.js";
import { updateStep } from "./update-step.js";

const settings: Settings = { rounds: 1, turnMs: 0.1, relaxedSimd: false, peers: false };

test.each([
  [matmul, ["3", "5", "2"], 6],
  [elementary, [], 27],
  [updateStep, ["8"], 8],
  [trpoStep, ["8"], 2],
  [offPolicyUpdate, ["8"], 6],
  [forward, [], 4],
  [onPolicyTraining, ["a2c"], 4],
  [environmentSteps, [], 16],
])("$name measures all that it names", async (benchmark, parameters, rows) => {
  const measured = await benchmark.run(parameters, settings);
  expect(measured).toHaveLength(rows);
  for (const { median, missing } of measured) {
    if (missing === undefined) expect(median).toBeGreaterThan(0);
    else expect(missing).toBe("left out by --no-peers");
  }
});

test("on-policy names the algorithms that it knows", async () => {
  await expect(onPolicyTraining.run(["a3c"], settings)).rejects.toThrow("ALGORITHM: expected one of a2c, ppo, trpo, got a3c");
});
