import { OptionError, Random } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import { ReplayBuffer } from "@uphill/training";
import { expect, test } from "vitest";
import { boltzmannPolicy, boltzmannProbabilities, fittedQIteration, linearRegression, networkRegression, softMaximum } from "../index.js";

/** Rewards of 3 actions in states in ±1, after which all is over: action 1 is best from 0 on, action 0 before; 2 never is. */
function choices(): ReplayBuffer<ReturnType<typeof discrete>> {
  const buffer = new ReplayBuffer({ count: 1, observationSpace: box({ low: -1, high: 1, shape: [1] }), actionSpace: discrete(3) }, { capacity: 300 });
  const random = new Random(2);
  for (let k = 0; k < 300; k++) {
    const s = random.uniform(-1, 1);
    const action = k % 3;
    const rewards = [[-s, s, -2][action]];
    buffer.add({ observations: [s], actions: Int32Array.of(action), rewards, nextObservations: [s], terminated: [1], truncated: [0] });
  }
  return buffer;
}
const maximize = softMaximum(0.5);

test("boltzmannPolicy plays the best choice, and samples as boltzmannProbabilities say", async () => {
  const fit = networkRegression({ hiddenWidths: [16], epochs: 60, learningRate: 0.01 });
  const fitted = await fittedQIteration({ transitions: choices(), fit, maximize, maxIterations: 2 });
  const policy = boltzmannPolicy(fitted, { temperature: 0.5, environmentId: "Choices-v0" });
  expect([policy.environmentId, policy.algorithm]).toEqual(["Choices-v0", "fitted-q"]);
  const random = new Random(3);
  for (const s of [-0.8, -0.3, 0.3, 0.8]) {
    expect(policy.act([s])).toBe(Number(s > 0));
    expect(policy.act([s])).toBe(fitted.act([s]));
    const counts = [0, 0, 0];
    for (let k = 0; k < 2000; k++) counts[policy.act([s], { random })]++;
    const expected = boltzmannProbabilities(fitted, [s], 0.5);
    // Five standard errors of a frequency.
    counts.forEach((count, action) => expect(Math.abs(count / 2000 - expected[action])).toBeLessThan(0.06));
  }
});

test("boltzmannPolicy of a linear function is one too; of what is no expression, of vectors or without a temperature it is refused", async () => {
  const transitions = choices();
  const fitted = await fittedQIteration({ transitions, fit: linearRegression(), maximize, maxIterations: 1 });
  const policy = boltzmannPolicy(fitted, { temperature: 1 });
  expect(policy.act([0.2])).toBe(fitted.act([0.2]));
  const featured = await fittedQIteration({ transitions, fit: linearRegression({ features: (row) => row }), maximize, maxIterations: 1 });
  expect(() => boltzmannPolicy(featured, { temperature: 1 })).toThrow("fitted.q: expected a function that is an expression, as of a network");
  expect(() => boltzmannPolicy(fitted, { temperature: 0 })).toThrow(OptionError);
  expect(() => boltzmannPolicy(fitted, undefined as never)).toThrow("settings: expected an object, got undefined");
});
