import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, generated, normals, references, sum } from "../test/mdps.js";
import { finiteMdp, policyReturn, softmaxPolicy, softmaxPolicyGradient } from "./index.js";

test("a bandit of two arms: (1/(1 − γ)) π(a) (r(a) − r̄)", () => {
  const mdp = finiteMdp({ states: 1, actions: 2, transition: [1, 1], reward: [1, 0], initial: [1], gamma: 0.5 });
  expectClose(softmaxPolicyGradient(mdp, [0, 0]), [0.5, -0.5]);
});

describe("laws", () => {
  test("it is the slope of the return along any direction", () => {
    fc.assert(
      fc.property(generated, fc.nat(), ({ mdp }, seed) => {
        const random = new Random(seed);
        const logits = normals(mdp.reward.length, 1, random);
        const direction = normals(mdp.reward.length, 1, random);
        const returnAt = (step: number): number =>
          policyReturn(mdp, softmaxPolicy(mdp, logits.map((x, i) => x + step * direction[i])));
        const slope = sum(softmaxPolicyGradient(mdp, logits).map((g, i) => g * direction[i]));
        // A central difference of step 1e-4 is wrong by 1e-8 of the third derivative, and rounds at 1e-12 of η.
        expect(Math.abs((returnAt(1e-4) - returnAt(-1e-4)) / 2e-4 - slope)).toBeLessThanOrEqual(1e-6 / (1 - mdp.gamma) ** 2);
      }),
    );
  });

  test("it sums to 0 over the actions of a state", () => {
    fc.assert(
      fc.property(generated, fc.nat(), ({ mdp }, seed) => {
        const gradient = softmaxPolicyGradient(mdp, normals(mdp.reward.length, 1, new Random(seed)));
        for (let s = 0; s < mdp.states; s++) {
          expectClose([sum(gradient.subarray(s * mdp.actions, (s + 1) * mdp.actions))], [0]);
        }
      }),
    );
  });
});

test.each(references())("reference policy %#", ({ mdp, logits, policyGradient }) => {
  expectClose(softmaxPolicyGradient(mdp, logits), policyGradient);
});

test("errors name the logits", () => {
  const [{ mdp }] = references();
  expect(() => softmaxPolicyGradient(mdp, [0])).toThrow("logits: expected length 4, got [0]");
});
