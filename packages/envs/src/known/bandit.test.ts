import { describe, expect, test } from "vitest";
import { environmentContract } from "../../test/environment-contract.js";
import { makeEnvironment, makeVectorEnvironment } from "../make.js";
import { bernoulliBandit, type BernoulliBanditOptions, gaussianBandit, type GaussianBanditOptions } from "./bandit.js";

const gaussian = gaussianBandit({ means: [-1, 0.5, 2], deviation: 0.5 });
const bernoulli = bernoulliBandit({ probabilities: [0, 0.3, 1] });

test("an episode is one pull", () => {
  const environment = makeEnvironment(gaussianBandit({ means: [3, 4], deviation: 0 }));
  expect([...environment.reset({ seed: 0 })]).toEqual([1]);
  expect(environment.step(1)).toMatchObject({ reward: 4, terminated: true, truncated: false });
});

describe.each([gaussian, bernoulli])("$id", (definition) => {
  environmentContract(definition);
});

/** Rewards of many pulls of one arm. */
function pulls(definition: typeof gaussian, arm: number): Float64Array {
  const vector = makeVectorEnvironment(definition, 4000);
  vector.reset({ seed: 0 });
  vector.step(new Int32Array(4000).fill(arm));
  return vector.rewards;
}

test("pulls have the means and deviations that were asked for", () => {
  [-1, 0.5, 2].forEach((mean, arm) => {
    const rewards = pulls(gaussian, arm);
    const average = rewards.reduce((sum, reward) => sum + reward) / rewards.length;
    const variance = rewards.reduce((sum, reward) => sum + (reward - average) ** 2, 0) / rewards.length;
    // Five standard deviations of the estimates.
    expect(Math.abs(average - mean)).toBeLessThan((5 * 0.5) / Math.sqrt(4000));
    expect(Math.abs(variance - 0.25)).toBeLessThan((5 * 0.25 * Math.SQRT2) / Math.sqrt(4000));
  });
  expect(new Set(pulls(bernoulli, 0))).toEqual(new Set([0]));
  expect(new Set(pulls(bernoulli, 2))).toEqual(new Set([1]));
  const share = pulls(bernoulli, 1).reduce((sum, reward) => sum + reward) / 4000;
  expect(Math.abs(share - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 4000));
});

test("what makes no bandit", () => {
  expect(() => gaussianBandit({ means: [] })).toThrow("means: expected at least one arm, got []");
  expect(() => gaussianBandit({ means: [1, Number.NaN] })).toThrow("means[1]: expected a finite number, got NaN");
  expect(() => gaussianBandit({ means: [1], deviation: -1 })).toThrow("deviation: expected a finite number ≥ 0, got -1");
  expect(() => gaussianBandit({} as GaussianBanditOptions)).toThrow("means: expected an array");
  expect(() => bernoulliBandit({ probabilities: [2] })).toThrow("probabilities[0]: expected a finite number in [0, 1]");
  expect(() => bernoulliBandit(null as unknown as BernoulliBanditOptions)).toThrow("options: expected an object, got null");
});
