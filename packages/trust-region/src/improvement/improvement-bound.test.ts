import { finiteMdp, policyReturn } from "@uphill/tabular";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, generated } from "../../test/generators.js";
import { improvementBound, improvementPenalty, klDivergenceNats } from "../index.js";

test("the constant is 2εγ/(1 − γ)²", () => {
  expect(improvementPenalty(3, 0.5)).toBe(12);
  expect(improvementPenalty(3, 0)).toBe(0);
});

test("one state, from even odds to three in four", () => {
  const bandit = finiteMdp({ states: 1, actions: 2, transition: [1, 1], reward: [1, 0], initial: [1], gamma: 0.5 });
  const bound = improvementBound(bandit, [0.5, 0.5], [0.75, 0.25]);
  expect(bound).toMatchObject({ surrogate: 1.5, largestAdvantage: 0.5, largestTotalVariation: 0.25 });
  expectClose([bound.largestKlNats], [klDivergenceNats([0.5, 0.5], [0.75, 0.25])]);
  expectClose([bound.byTotalVariation, bound.byKl], [1.5 - 4 * 0.0625, 1.5 - 2 * bound.largestKlNats]);
});

test("a candidate that excludes what the policy does has no bound by divergence, unless γ = 0", () => {
  const arrays = { states: 1, actions: 2, transition: [1, 1], reward: [1, 0], initial: [1] };
  expect(improvementBound(finiteMdp({ ...arrays, gamma: 0.5 }), [0.5, 0.5], [1, 0]).byKl).toBe(-Infinity);
  expect(improvementBound(finiteMdp({ ...arrays, gamma: 0 }), [0.5, 0.5], [1, 0]).byKl).toBe(1);
});

describe("laws", () => {
  test("the return is above the bound by total variation, and that above the bound by divergence", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policy, candidate }) => {
        const { byTotalVariation, byKl } = improvementBound(mdp, policy, candidate);
        expect(policyReturn(mdp, candidate)).toBeGreaterThanOrEqual(byTotalVariation - 1e-10);
        expect(byTotalVariation).toBeGreaterThanOrEqual(byKl - 1e-10);
      }),
    );
  });

  test("both touch the return at the old policy", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policy }) => {
        const { byTotalVariation, byKl } = improvementBound(mdp, policy, policy);
        expectClose([byTotalVariation, byKl], [policyReturn(mdp, policy), policyReturn(mdp, policy)]);
      }),
    );
  });
});

test("errors name the argument", () => {
  expect(() => improvementPenalty(-1, 0.5)).toThrow("largestAdvantage: expected a finite number ≥ 0, got -1");
  expect(() => improvementPenalty(1, 1)).toThrow("gamma: expected a finite number in [0, 1), got 1");
});
