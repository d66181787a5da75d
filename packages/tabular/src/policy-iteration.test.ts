import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, generated, references } from "../test/mdps.js";
import { chainMdp, gridWorld, optimalBellman, policyIteration, policyValue } from "./index.js";

test("a chain, from the policy that goes left", () => {
  const chain = chainMdp({ states: 4, gamma: 0.5 });
  const { policy, value, iterations } = policyIteration(chain, { policy: [1, 0, 1, 0, 1, 0, 1, 0] });
  expect([...policy]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  expectClose(value, [0.25, 0.5, 1, 2]);
  expect(iterations).toBe(4);
});

test("ties do not keep it from ending", () => {
  const open = gridWorld({ map: ["S...", "....", "....", "...G"], gamma: 0.999999 });
  expect(policyIteration(open).iterations).toBeLessThan(20);
});

describe("laws", () => {
  test("it never falls: no iteration lowers the value of any state", () => {
    fc.assert(
      fc.property(generated, fc.integer({ min: 0, max: 5 }), ({ mdp, policies: [policy] }, maxIterations) => {
        const before = policyIteration(mdp, { policy, maxIterations }).value;
        const after = policyIteration(mdp, { policy, maxIterations: maxIterations + 1 }).value;
        after.forEach((v, s) => expect(v).toBeGreaterThanOrEqual(before[s] - 1e-10));
      }),
    );
  });

  test("it ends with a policy whose value satisfies the optimality equation", () => {
    fc.assert(
      fc.property(generated, ({ mdp, policies: [policy] }) => {
        const found = policyIteration(mdp, { policy });
        expectClose(optimalBellman(mdp, found.value), found.value);
        expectClose(policyValue(mdp, found.policy), found.value);
        expectClose(found.value, policyIteration(mdp).value);
      }),
    );
  });
});

test.each(references())("reference process %#", ({ mdp, optimalValue }) => {
  expectClose(policyIteration(mdp).value, optimalValue);
});

test("errors name the option", () => {
  const chain = chainMdp({ states: 2, gamma: 0.5 });
  expect(() => policyIteration(chain, { policy: [1, 1, 0, 1] })).toThrow("policy at [0]: expected probabilities that sum to 1");
  expect(() => policyIteration(chain, { maxIterations: -1 })).toThrow("maxIterations: expected an integer ≥ 0, got -1");
});
