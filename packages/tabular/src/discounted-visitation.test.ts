import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, generated, references, sum } from "../test/mdps.js";
import { discountedVisitation, finiteMdp, policyTransition, visitationBalance } from "./index.js";

test("two states that are left nine times out of ten for the first", () => {
  const mdp = finiteMdp({
    states: 2,
    actions: 1,
    transition: [0.9, 0.1, 0.9, 0.1],
    reward: [0, 0],
    initial: [0.7, 0.3],
    gamma: 0.9,
  });
  expectClose(discountedVisitation(mdp, [1, 1]).map((d) => 0.1 * d), [0.88, 0.12]);
});

describe("laws", () => {
  test("it sums to 1/(1 − γ), and visits no state less than it starts there", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const visitation = discountedVisitation(mdp, policy);
        expectClose([sum(visitation)], [1 / (1 - mdp.gamma)]);
        visitation.forEach((d, s) => expect(d).toBeGreaterThanOrEqual(mdp.initial[s] * (1 - 1e-12)));
      }),
    );
  });

  test("it balances: what enters a state starts there or comes from another", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const visitation = discountedVisitation(mdp, policy);
        expectClose(visitationBalance(mdp, policy, visitation), visitation);
      }),
    );
  });

  test("the balance contracts by γ in the sum norm", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy], values: [d, e] }) => {
        const apart = sum(d.map((x, s) => Math.abs(x - e[s])));
        const images = [visitationBalance(mdp, policy, d), visitationBalance(mdp, policy, e)];
        expect(sum(images[0].map((x, s) => Math.abs(x - images[1][s])))).toBeLessThanOrEqual(mdp.gamma * apart + 1e-12);
      }),
    );
  });

  test("it is the discounted sum of where the chain is", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const chain = policyTransition(mdp, policy);
        const total = new Float64Array(mdp.states);
        let now = mdp.initial;
        for (let t = 0, weight = 1; t < 1000; t++, weight *= mdp.gamma) {
          const next = new Float64Array(mdp.states);
          now.forEach((p, s) => (total[s] += weight * p));
          chain.forEach((p, i) => (next[i % mdp.states] += now[Math.floor(i / mdp.states)] * p));
          now = next;
        }
        expectClose(discountedVisitation(mdp, policy), total);
      }),
    );
  });
});

test.each(references())("reference policy %#", ({ mdp, policy, visitation }) => {
  expectClose(discountedVisitation(mdp, policy), visitation);
});

test("errors", () => {
  const [{ mdp }] = references();
  expect(() => discountedVisitation(mdp, [1, 1, 1, 0])).toThrow("policy at [0]: expected probabilities that sum to 1, got a sum of 2");
  expect(() => visitationBalance(mdp, [1, 0, 1, 0], [1])).toThrow("visitation: expected length 2, got [1]");
  expect(() => visitationBalance(mdp, [1, 0, 1, 0], [1, Number.NaN])).toThrow("visitation at [1]: expected a finite number, got NaN");
});
