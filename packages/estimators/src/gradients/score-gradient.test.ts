import { exp, NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { standardErrors } from "../../test/statistics.js";
import { discountedReturns } from "../returns/discounted-returns.js";
import { discountPerStep, episodeReturnPerStep } from "../returns/episodes.js";
import { gaeAdvantages } from "../returns/gae-advantages.js";
import { estimatorMoments } from "./estimator-moments.js";
import { scoreGradient } from "./score-gradient.js";

test("two trajectories of two steps", () => {
  const scores = [1, 0, 0, 1, 2, 0, 0, 2];
  const out = new Float64Array(2);
  expect(scoreGradient({ scores, weights: [1, 2, 3, 4], trajectories: 2, out })).toBe(out);
  expectClose(out, [3.5, 5]);
});

// Every step: action 1 with probability p = σ(θ), else 0; the reward is the action, plus 3 at the first step alone.
// J = 3 + Σ_t γᵗ p, so dJ/dθ = p (1 − p) Σ_t γᵗ.
const [steps, theta, gamma] = [6, 0.4, 0.9];
const p = 1 / (1 + exp(-theta));
const exact = [0, 1, 2, 3, 4, 5].reduce((sum, t) => sum + gamma ** t * p * (1 - p), 0);

function trajectory(trial: number, discount = gamma) {
  const random = new Random(21).split(`trial ${trial}`);
  const actions = Array.from({ length: steps }, () => (random.random() < p ? 1 : 0));
  const rewards = actions.map((action, t) => action + (t === 0 ? 3 : 0));
  const never = actions.map(() => 0);
  return {
    scores: actions.map((action) => action - p),
    rollout: { rewards, terminated: never.with(steps - 1, 1), truncated: never, gamma: discount },
  };
}

/** γᵗ times another weight. */
const discounted = (weights: Float64Array, discounts: Float64Array): Float64Array => weights.map((w, t) => w * discounts[t]);

const trials = 4000;
const estimators = {
  "the whole return": (trial: number) => {
    const { scores, rollout } = trajectory(trial);
    return scoreGradient({ scores, weights: episodeReturnPerStep(rollout) });
  },
  "reward-to-go, times γᵗ": (trial: number) => {
    const { scores, rollout } = trajectory(trial);
    return scoreGradient({ scores, weights: discounted(discountedReturns(rollout), discountPerStep(rollout)) });
  },
  "GAE at λ = 1 with a value, times γᵗ": (trial: number) => {
    const { scores, rollout } = trajectory(trial);
    const values = rollout.rewards.map((_, t) => (p * (1 - gamma ** (steps - t))) / (1 - gamma) + (t === 0 ? 3 : 0));
    const nextValues = [...values.slice(1), 0];
    const weights = gaeAdvantages({ ...rollout, values, nextValues, lambda: 1 });
    return scoreGradient({ scores, weights: discounted(weights, discountPerStep(rollout)) });
  },
};

describe("laws", () => {
  const found = Object.values(estimators).map((estimate) => estimatorMoments({ estimate, exact: [exact], trials }));

  test.each(Object.keys(estimators))("%s is unbiased", (name) => {
    const { bias, variance } = found[Object.keys(estimators).indexOf(name)];
    expect(Math.abs(bias[0])).toBeLessThan(4 * Math.sqrt(variance[0] / trials));
  });

  test("temporal structure lowers the variance, and a value lowers it again", () => {
    const [whole, toGo, advantage] = found.map(({ variance }) => variance[0]);
    expect(toGo).toBeLessThan(whole / 1.5);
    expect(advantage).toBeLessThan(toGo / 2);
  });

  test("practice leaves γᵗ out, and finds another number", () => {
    const estimate = (trial: number) => {
      const { scores, rollout } = trajectory(trial);
      return scoreGradient({ scores, weights: discountedReturns(rollout) });
    };
    const { mean, variance } = estimatorMoments({ estimate, exact: [exact], trials });
    const undiscounted = steps * p * (1 - p);
    expect(Math.abs(mean[0] - undiscounted)).toBeLessThan(4 * Math.sqrt(variance[0] / trials));
  });

  test("rewards before an action do not correlate with its score", () => {
    const products = Array.from({ length: trials }, (_, trial) => {
      const { scores, rollout } = trajectory(trial);
      return scores[3] * (rollout.rewards[0] + rollout.rewards[1] + rollout.rewards[2]);
    });
    expect(standardErrors(products, 0)).toBeLessThan(4);
  });

  test("E[A] = 0 under its own policy, for a value that is right", () => {
    const first = Array.from({ length: trials }, (_, trial) => {
      const { rollout } = trajectory(trial);
      return discountedReturns(rollout)[0] - (3 + (p * (1 - gamma ** steps)) / (1 - gamma));
    });
    expect(standardErrors(first, 0)).toBeLessThan(4);
  });

  test("steps are summed, each with its own weight: not a product of two sums", () => {
    const scores = [1, 2, 4];
    expectClose(scoreGradient({ scores, weights: [1, 10, 100] }), [421]);
  });
});

test("refuses what does not fit", () => {
  expect(() => scoreGradient({ scores: [1, 2, 3], weights: [1, 2] })).toThrow(ShapeError);
  expect(() => scoreGradient({ scores: [1, 2, 3], weights: [1, 2] })).toThrow("scores: expected 2 rows of 1, got 3 numbers");
  expect(() => scoreGradient({ scores: [1], weights: [Number.NaN] })).toThrow(NumericalError);
  expect(() => scoreGradient({ scores: [1], weights: [Number.NaN] })).toThrow("weights at [0]: expected a finite number, got NaN");
  expect(() => scoreGradient({ scores: [1], weights: [1], trajectories: 0 })).toThrow(OptionError);
  expect(() => scoreGradient({ scores: [1], weights: [] })).toThrow("weights: expected at least 1 sample, got 0");
});
