import { Random } from "@uphill/core-math";
import { chainMdp, finiteMdp, policyReturn, softmaxPolicy, softmaxPolicyGradient } from "@uphill/tabular";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dot, expectClose, generated, normals } from "../../test/generators.js";
import { expectedAdvantages, improvementBound, performanceDifference, surrogateReturn, totalVariation } from "../index.js";

// One state, rewards 1 and 0: from even odds to the better action, at γ = ½.
const bandit = finiteMdp({ states: 1, actions: 2, transition: [1, 1], reward: [1, 0], initial: [1], gamma: 0.5 });

test("with one state the surrogate is the return", () => {
  expect([...expectedAdvantages(bandit, [0.5, 0.5], [1, 0])]).toEqual([0.5]);
  expect(performanceDifference(bandit, [0.5, 0.5], [1, 0])).toBe(1);
  expect(surrogateReturn(bandit, [0.5, 0.5], [1, 0])).toBe(2);
});

describe("laws", () => {
  test("the performance difference is the difference of returns", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policy, candidate }) => {
        const difference = policyReturn(mdp, candidate) - policyReturn(mdp, policy);
        expectClose([performanceDifference(mdp, policy, candidate)], [difference]);
      }),
    );
  });

  test("the surrogate equals the return at the old policy", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policy }) => {
        expectClose([surrogateReturn(mdp, policy, policy)], [policyReturn(mdp, policy)]);
      }),
    );
  });

  test("and so does its slope, along the softmax policy's logits", () => {
    fc.assert(
      fc.property(generated, fc.nat(), ({ mdp }, seed) => {
        const random = new Random(seed);
        const logits = normals(mdp.reward.length, 1, random);
        const direction = normals(mdp.reward.length, 1, random);
        const policy = softmaxPolicy(mdp, logits);
        const surrogateAt = (step: number): number =>
          surrogateReturn(mdp, policy, softmaxPolicy(mdp, logits.map((x, i) => x + step * direction[i])));
        const slope = dot(softmaxPolicyGradient(mdp, logits), direction);
        // A central difference of step 1e-4 is wrong by 1e-8 of the third derivative, and rounds at 1e-12 of L.
        expectClose([(surrogateAt(1e-4) - surrogateAt(-1e-4)) / 2e-4], [slope], 1e-6 / (1 - mdp.gamma));
      }),
    );
  });

  test("it is linear in the candidate", () => {
    fc.assert(
      fc.property(generated, fc.integer({ min: 0, max: 100 }), ({ mdp, policy, candidate }, percent) => {
        const share = percent / 100;
        const mixed = policy.map((p, i) => (1 - share) * p + share * candidate[i]);
        const ends = [surrogateReturn(mdp, policy, policy), surrogateReturn(mdp, policy, candidate)];
        expectClose([surrogateReturn(mdp, policy, mixed)], [(1 - share) * ends[0] + share * ends[1]]);
      }),
    );
  });

  test("|Ā(s)| ≤ 2 TV(s) max |A|, and so 2 α max |A| in every state", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policy, candidate }) => {
        const { largestAdvantage, largestTotalVariation } = improvementBound(mdp, policy, candidate);
        expectedAdvantages(mdp, policy, candidate).forEach((advantage, s) => {
          const row = [s * mdp.actions, (s + 1) * mdp.actions];
          const here = totalVariation(policy.subarray(...row), candidate.subarray(...row));
          expect(here).toBeLessThanOrEqual(largestTotalVariation);
          expect(Math.abs(advantage)).toBeLessThanOrEqual(2 * here * largestAdvantage + 1e-12);
        });
      }),
    );
  });
});

test("errors name the argument", () => {
  const chain = chainMdp({ states: 2, gamma: 0.5 });
  const policy = [0.5, 0.5, 0.5, 0.5];
  for (const compare of [expectedAdvantages, performanceDifference, surrogateReturn, improvementBound]) {
    expect(() => compare(chain, [0.5, 0.5, 1, 1], policy)).toThrow("policy at [1]: expected probabilities that sum to 1");
    expect(() => compare(chain, policy, [0.5, 0.5, 1, 1])).toThrow("candidate at [1]: expected probabilities that sum to 1");
    expect(() => compare(chain, policy, [0.5, 0.5])).toThrow("candidate: expected length 4, got [0.5, 0.5]");
    expect(() => compare({} as never, policy, policy)).toThrow("mdp: expected what finiteMdp returns, got an object");
  }
});
