import { log } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distance, expectClose, generated, references } from "../test/mdps.js";
import {
  actionValues, bellman, boltzmannPolicy, finiteMdp, greedyPolicy, optimalBellman, softBellman, softOptimalBellman,
} from "./index.js";

// Action 0 stays and earns 1, action 1 goes to state 1 and earns 0; state 1 ends.
const mdp = finiteMdp({
  states: 2,
  actions: 2,
  transition: [1, 0, 0, 1, 0, 1, 0, 1],
  reward: [1, 0, 0, 0],
  initial: [1, 0],
  gamma: 0.5,
});

test("one step from a value", () => {
  expect([...actionValues(mdp, [4, 2])]).toEqual([3, 1, 1, 1]);
  expect([...bellman(mdp, [0.5, 0.5, 0.5, 0.5], [4, 2])]).toEqual([2, 1]);
  expect([...optimalBellman(mdp, [4, 2])]).toEqual([3, 1]);
  expectClose(softBellman(mdp, [0.5, 0.5, 1, 0], [4, 2], 2), [2 + 2 * log(2), 1]);
  expectClose(softOptimalBellman(mdp, [2, 2], 1), [1 + log(1 + Math.E), 1 + log(2)]);
});

describe("laws", () => {
  const temperature = fc.integer({ min: 1, max: 300 }).map((k) => k / 100);

  test("every operator contracts by γ in the maximum norm", () => {
    fc.assert(
      fc.property(generated, temperature, ({ mdp: world, policies: [policy], values: [v, w] }, tau) => {
        const operators = [
          (value: Float64Array) => bellman(world, policy, value),
          (value: Float64Array) => optimalBellman(world, value),
          (value: Float64Array) => softBellman(world, policy, value, tau),
          (value: Float64Array) => softOptimalBellman(world, value, tau),
        ];
        for (const operator of operators) {
          expect(distance(operator(v), operator(w))).toBeLessThanOrEqual(world.gamma * distance(v, w) + 1e-12);
        }
      }),
    );
  });

  test("operators are monotone, and a constant comes out times γ", () => {
    fc.assert(
      fc.property(generated, temperature, ({ mdp: world, values: [v, w] }, tau) => {
        const higher = v.map((x, s) => Math.max(x, w[s]));
        for (const operator of [optimalBellman, (m: typeof world, x: Float64Array) => softOptimalBellman(m, x, tau)]) {
          const below = operator(world, v);
          operator(world, higher).forEach((x, s) => expect(x).toBeGreaterThanOrEqual(below[s] - 1e-12));
          expectClose(operator(world, v.map((x) => x + 3)), below.map((x) => x + 3 * world.gamma));
        }
      }),
    );
  });

  test("the optimal operator is the greedy policy's, and no policy's is above it", () => {
    fc.assert(
      fc.property(generated, ({ mdp: world, policies: [policy], values: [v] }) => {
        const best = optimalBellman(world, v);
        expectClose(bellman(world, greedyPolicy(world, v), v), best);
        bellman(world, policy, v).forEach((x, s) => expect(x).toBeLessThanOrEqual(best[s] + 1e-12));
      }),
    );
  });

  test("E_π[Q − τ log π] is the soft optimum less τ KL(π ‖ Boltzmann)", () => {
    // Warm enough that no probability of the Boltzmann policy underflows.
    const warm = fc.integer({ min: 10, max: 40 }).map((k) => k / 10);
    fc.assert(
      fc.property(generated, warm, ({ mdp: world, policies: [policy], values: [v] }, tau) => {
        const boltzmann = boltzmannPolicy(world, v, tau);
        const best = softOptimalBellman(world, v, tau);
        const kl = new Float64Array(world.states);
        policy.forEach((p, i) => {
          if (p > 0) kl[Math.floor(i / world.actions)] += p * log(p / boltzmann[i]);
        });
        expectClose(softBellman(world, policy, v, tau), best.map((x, s) => x - tau * kl[s]));
        expectClose(softBellman(world, boltzmann, v, tau), best);
      }),
    );
  });

  test("the soft optimum lies between the optimum and τ log A above it", () => {
    fc.assert(
      fc.property(generated, temperature, ({ mdp: world, values: [v] }, tau) => {
        const best = optimalBellman(world, v);
        softOptimalBellman(world, v, tau).forEach((x, s) => {
          expect(x).toBeGreaterThanOrEqual(best[s] - 1e-12);
          expect(x).toBeLessThanOrEqual(best[s] + tau * log(world.actions) + 1e-12);
        });
      }),
    );
  });
});

test.each(references())("reference process %#", ({ mdp: world, policy, value, q, optimalValue, temperature, softOptimalValue }) => {
  expectClose(actionValues(world, value), q);
  expectClose(bellman(world, policy, value), value);
  expectClose(optimalBellman(world, optimalValue), optimalValue);
  expectClose(softOptimalBellman(world, softOptimalValue, temperature), softOptimalValue);
});

test("temperatures out of range", () => {
  expect(() => softOptimalBellman(mdp, [0, 0], 0)).toThrow("temperature: expected a finite number > 0, got 0");
  expect(() => softBellman(mdp, [1, 0, 1, 0], [0, 0], -1)).toThrow("temperature: expected a finite number ≥ 0, got -1");
  expect(() => optimalBellman(undefined as never, [0])).toThrow("mdp: expected what finiteMdp returns, got undefined");
});
