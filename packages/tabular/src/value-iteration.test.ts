import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distance, expectClose, generated, references } from "../test/mdps.js";
import {
  boltzmannPolicy, chainMdp, optimalBellman, policyIteration, policyValue, softBellman, softOptimalBellman,
  softValueIteration, valueIteration,
} from "./index.js";

test("the values of a chain are powers of γ", () => {
  const { value, policy, errorBound } = valueIteration(chainMdp({ states: 4, gamma: 0.5 }), { tolerance: 1e-13 });
  expectClose(value, [0.25, 0.5, 1, 2]);
  expect([...policy]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  expect(errorBound).toBeLessThanOrEqual(1e-13);
});

test("it says how near it came where its iterations ran out", () => {
  const chain = chainMdp({ states: 2, gamma: 0.5 });
  expect(valueIteration(chain, { maxIterations: 3 })).toMatchObject({ iterations: 3, errorBound: 0.25 });
  expect([...valueIteration(chain, { maxIterations: 3 }).value]).toEqual([0.75, 1.75]);
});

describe("laws", () => {
  test("the error is below its bound, whenever it stops", () => {
    fc.assert(
      fc.property(generated, fc.integer({ min: 1, max: 20 }), ({ mdp }, maxIterations) => {
        const { value, errorBound } = valueIteration(mdp, { maxIterations });
        expect(distance(value, policyIteration(mdp).value)).toBeLessThanOrEqual(errorBound + 1e-10);
      }),
    );
  });

  test("what it finds is a fixed point, and the policy's own value", () => {
    fc.assert(
      fc.property(generated, ({ mdp }) => {
        const { value, policy } = valueIteration(mdp, { tolerance: 1e-11 });
        expect(distance(optimalBellman(mdp, value), value)).toBeLessThanOrEqual(1e-10);
        expect(distance(policyValue(mdp, policy), value)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  test("the soft value is a fixed point too, and its Boltzmann policy attains it", () => {
    fc.assert(
      fc.property(generated, fc.constantFrom(0.1, 0.5, 2), ({ mdp }, temperature) => {
        const { value, policy } = softValueIteration(mdp, temperature, { tolerance: 1e-11 });
        expect(distance(softOptimalBellman(mdp, value, temperature), value)).toBeLessThanOrEqual(1e-10);
        expectClose(policy, boltzmannPolicy(mdp, value, temperature));
        expect(distance(softBellman(mdp, policy, value, temperature), value)).toBeLessThanOrEqual(1e-10);
      }),
    );
  });

  test("the soft value tends to the value as the temperature falls", () => {
    fc.assert(
      fc.property(generated, ({ mdp }) => {
        const { value } = softValueIteration(mdp, 1e-8);
        // It is above by at most τ log A / (1 − γ).
        expect(distance(value, valueIteration(mdp).value)).toBeLessThanOrEqual((1.4e-8 / (1 - mdp.gamma)) + 1e-9);
      }),
    );
  });
});

test.each(references())("reference process %#", ({ mdp, optimalValue, temperature, softOptimalValue }) => {
  expectClose(valueIteration(mdp, { tolerance: 1e-12 }).value, optimalValue);
  expectClose(softValueIteration(mdp, temperature, { tolerance: 1e-12 }).value, softOptimalValue);
});

test("errors name the option", () => {
  const chain = chainMdp({ states: 2, gamma: 0.5 });
  expect(() => valueIteration(chain, { tolerance: 0 })).toThrow("tolerance: expected a finite number > 0, got 0");
  expect(() => valueIteration(chain, { maxIterations: 0 })).toThrow("maxIterations: expected an integer ≥ 1, got 0");
  expect(() => softValueIteration(chain, 0)).toThrow("temperature: expected a finite number > 0, got 0");
  expect(() => valueIteration({} as never)).toThrow("mdp: expected what finiteMdp returns, got an object");
});
