import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, generated, references, sum } from "../test/mdps.js";
import {
  bellman, chainMdp, discountedVisitation, policyAdvantages, policyReturn, policyReward, policyTransition, policyValue,
} from "./index.js";

test("always right along a chain of three", () => {
  const chain = chainMdp({ states: 3, gamma: 0.5 });
  const right = [0, 1, 0, 1, 0, 1];
  expect([...policyTransition(chain, right)]).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 1]);
  expect([...policyReward(chain, right)]).toEqual([0, 0, 1]);
  expectClose(policyValue(chain, right), [0.5, 1, 2]);
  expectClose(policyAdvantages(chain, right), [-0.25, 0, -0.75, 0, -1.5, 0]);
  expect(policyReturn(chain, right)).toBeCloseTo(0.5, 12);
});

describe("laws", () => {
  test("the value is the fixed point of the policy's operator", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const value = policyValue(mdp, policy);
        expectClose(bellman(mdp, policy, value), value);
      }),
    );
  });

  test("the value is the sum of discounted rewards along the chain", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const chain = policyTransition(mdp, policy);
        const value = new Float64Array(mdp.states);
        let reward = policyReward(mdp, policy);
        // γᵗ is below 1e-13 of 1/(1 − γ) after 1,000 steps at γ ≤ 0.95.
        for (let t = 0, weight = 1; t < 1000; t++, weight *= mdp.gamma) {
          value.forEach((v, s) => (value[s] = v + weight * reward[s]));
          const next = new Float64Array(mdp.states);
          chain.forEach((p, i) => (next[Math.floor(i / mdp.states)] += p * reward[i % mdp.states]));
          reward = next;
        }
        expectClose(policyValue(mdp, policy), value);
      }),
    );
  });

  test("the policy's own advantage is 0 in every state", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const own = new Float64Array(mdp.states);
        policyAdvantages(mdp, policy).forEach((a, i) => (own[Math.floor(i / mdp.actions)] += policy[i] * a));
        expectClose(own, new Float64Array(mdp.states));
      }),
    );
  });

  test("the return is the visitation's reward", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const reward = policyReward(mdp, policy);
        const along = sum(discountedVisitation(mdp, policy).map((d, s) => d * reward[s]));
        expectClose([policyReturn(mdp, policy)], [along]);
      }),
    );
  });
});

test.each(references())("reference policy %#", ({ mdp, policy, value, q, objective }) => {
  expectClose(policyValue(mdp, policy), value);
  expectClose([policyReturn(mdp, policy)], [objective]);
  expectClose(policyAdvantages(mdp, policy), q.map((x, i) => x - value[Math.floor(i / mdp.actions)]));
});

test("errors name the policy", () => {
  const chain = chainMdp({ states: 2, gamma: 0.5 });
  for (const evaluate of [policyTransition, policyReward, policyValue, policyAdvantages, policyReturn]) {
    expect(() => evaluate(chain, [1, 0, 0.5, 0.4])).toThrow("policy at [1]: expected probabilities that sum to 1, got a sum of 0.9");
    expect(() => evaluate(chain, [1, 0])).toThrow("policy: expected length 4, got [1, 0]");
  }
});
