import { Random } from "@uphill/core-math";
import { finiteMdp, greedyPolicy, policyReturn, policyValue, randomMdp, softmaxPolicy } from "@uphill/tabular";
import type { FiniteMdp } from "@uphill/tabular";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, generated, normals } from "../../test/generators.js";
import { improvementBound, minorantPolicyIteration, minorantStep } from "../index.js";

/** A process in which the policy does not see every state, and a policy that acts alike where it sees the same. */
const aliased = fc
  .record({
    seed: fc.nat(),
    states: fc.integer({ min: 2, max: 5 }),
    actions: fc.integer({ min: 2, max: 3 }),
    gamma: fc.integer({ min: 0, max: 95 }).map((k) => k / 100),
    scale: fc.constantFrom(0.1, 1, 4),
  })
  .map(({ seed, states, actions, gamma, scale }) => {
    const random = new Random(seed);
    const mdp = randomMdp({ states, actions, gamma, random });
    const observations = Array.from({ length: states }, () => random.integer(2));
    const seen = softmaxPolicy(mdp, normals(states * actions, scale, random));
    const policy = seen.map((_, i) => seen[observations[Math.floor(i / actions)] * actions + (i % actions)]);
    return { mdp, observations, policy };
  });

/**
 * A trap: the policy sees one observation in both states. Action 1 earns `gain` in state 0 and leads to state 1, where
 * it costs `loss`; action 0 earns nothing and leads to state 0. Rarely taken, action 1 pays; always taken, it ruins.
 */
const traps = fc
  .record({
    gamma: fc.integer({ min: 50, max: 95 }).map((k) => k / 100),
    gain: fc.integer({ min: 5, max: 15 }).map((k) => k / 10),
    loss: fc.integer({ min: 15, max: 25 }).map((k) => k / 10),
    rate: fc.integer({ min: 1, max: 8 }).map((k) => k / 100),
  })
  .map(({ gamma, gain, loss, rate }) => ({
    mdp: finiteMdp({
      states: 2,
      actions: 2,
      transition: [1, 0, 0, 1, 1, 0, 0, 1],
      reward: [0, gain, 0, -loss * gain],
      initial: [1, 0],
      gamma,
    }),
    policy: [1 - rate, rate, 1 - rate, rate],
    observations: [0, 0],
  }));

test("one state: the step is where the slope of the reward is that of the penalty", () => {
  const bandit = finiteMdp({ states: 1, actions: 2, transition: [1, 1], reward: [1, 0], initial: [1], gamma: 0.5 });
  // w = ±1 and C = 2: the largest 2q − 1 + log q + log(1 − q) is where 2 + 1/q = 1/(1 − q).
  const [better, worse] = minorantStep(bandit, [0.5, 0.5]);
  expectClose([better, worse], [Math.SQRT1_2, 1 - Math.SQRT1_2]);
});

test("without a penalty it is greedy", () => {
  const blind = finiteMdp({ states: 2, actions: 2, transition: [1, 0, 0, 1, 1, 0, 0, 1], reward: [1, 0, 0, 3], initial: [1, 0], gamma: 0 });
  expect([...minorantStep(blind, [0.5, 0.5, 0.5, 0.5])]).toEqual([1, 0, 0.5, 0.5]);
  expect([...minorantStep(blind, [0.5, 0.5, 0.5, 0.5], { observations: [1, 1] })]).toEqual([1, 0, 1, 0]);
});

describe("laws", () => {
  test("no step lowers the return, whatever the policy sees", () => {
    fc.assert(
      fc.property(aliased, ({ mdp, policy, observations }) => {
        const { policy: last, returns } = minorantPolicyIteration(mdp, { policy, observations, iterations: 3 });
        expect(returns).toHaveLength(4);
        for (let k = 0; k < 3; k++) expect(returns[k + 1]).toBeGreaterThanOrEqual(returns[k] - 1e-12);
        expectClose([policyReturn(mdp, last)], [returns[3]]);
        const step = (from: ArrayLike<number>): Float64Array => minorantStep(mdp, from, { observations });
        expect([...last]).toEqual([...step(step(step(policy)))]);
      }),
    );
  });

  test("nor does one in a trap, where the step without its penalty always does", () => {
    fc.assert(
      fc.property(traps, ({ mdp, policy, observations }) => {
        const before = policyReturn(mdp, policy);
        expect(policyReturn(mdp, minorantStep(mdp, policy, { observations }))).toBeGreaterThan(before);
        const overlarge = minorantStep(mdp, policy, { observations, penaltyScale: 0 });
        expect([...overlarge]).toEqual([0, 1, 0, 1]);
        expect(policyReturn(mdp, overlarge)).toBeLessThan(before);
      }),
    );
  });

  test("it raises the return wherever a state that is seen for itself has a better action", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policy }) => {
        const gain = policyReturn(mdp, minorantStep(mdp, policy)) - policyReturn(mdp, policy);
        const room = policyReturn(mdp, greedyPolicy(mdp, policyValue(mdp, policy))) - policyReturn(mdp, policy);
        if (room > 1e-3) expect(gain).toBeGreaterThan(0);
        expect(gain).toBeGreaterThanOrEqual(-1e-12);
      }),
    );
  });

  test("no other policy has a higher bound", () => {
    fc.assert(
      fc.property(aliased, fc.nat(), fc.constantFrom(0.001, 0.03, 1), ({ mdp, policy, observations }, seed, step) => {
        const best = minorantStep(mdp, policy, { observations });
        const most = improvementBound(mdp, policy, best).byKl;
        const noise = normals(policy.length, step, new Random(seed));
        for (const from of [policy, best]) {
          const moved = from.map((p, i) => p * (1 + Math.abs(noise[observations[Math.floor(i / mdp.actions)] * mdp.actions + (i % mdp.actions)])));
          const other = rowsNormalized(moved, mdp);
          expect(improvementBound(mdp, policy, other).byKl).toBeLessThanOrEqual(most + 1e-12);
        }
      }),
    );
  });
});

function rowsNormalized(weights: Float64Array, { actions }: FiniteMdp): Float64Array {
  return weights.map((w, i) => {
    const start = i - (i % actions);
    return w / weights.subarray(start, start + actions).reduce((total, x) => total + x, 0);
  });
}

test("errors name the argument", () => {
  const blind = finiteMdp({ states: 2, actions: 2, transition: [1, 0, 0, 1, 1, 0, 0, 1], reward: [1, 0, 0, 3], initial: [1, 0], gamma: 0.5 });
  const policy = [0.5, 0.5, 0.25, 0.75];
  expect(() => minorantStep(blind, policy, { observations: [0, 0] })).toThrow("policy at [1, 0]: expected 0.5 as in state 0, got 0.25");
  expect(() => minorantStep(blind, policy, { observations: [0, 2] })).toThrow("observations[1]: expected an integer in [0, 2), got 2");
  expect(() => minorantStep(blind, policy, { observations: [0] })).toThrow("observations: expected length 2, got [0]");
  expect(() => minorantStep(blind, policy, { penaltyScale: -1 })).toThrow("penaltyScale: expected a finite number ≥ 0, got -1");
  expect(() => minorantStep(blind, [1, 0, 1, 1])).toThrow("policy at [1]: expected probabilities that sum to 1");
  expect(() => minorantPolicyIteration(blind, { policy, iterations: -1 })).toThrow("iterations: expected an integer ≥ 0, got -1");
});
