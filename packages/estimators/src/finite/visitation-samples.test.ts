import { OptionError, Random, ShapeError } from "@uphill/core-math";
import { discountedVisitation, policyTransition, randomMdp } from "@uphill/tabular";
import { describe, expect, test } from "vitest";
import { standardErrors } from "../../test/statistics.js";
import { visitationChain, visitationSamples } from "./visitation-samples.js";

// Every row of P is (.9, .1), so after one step the start is forgotten: μ = .1 α + .9 (.9, .1) = (.88, .12).
const example = { initial: [0.7, 0.3], transition: [0.9, 0.1, 0.9, 0.1], gamma: 0.9, count: 20_000 };
const inState = (samples: Int32Array, state: number): number[] => Array.from(samples, (s) => (s === state ? 1 : 0));

test("α = (.7, .3), every row of P (.9, .1), γ = .9: μ = (.88, .12)", () => {
  const samples = visitationSamples({ ...example, random: new Random(1) });
  expect(samples.length).toBe(20_000);
  expect(standardErrors(inState(samples, 0), 0.88)).toBeLessThan(4);
  // States of this chain depend on the one before only through a jump to α, so its errors are those of free draws.
  expect(standardErrors(inState(visitationChain({ ...example, burnIn: 50, random: new Random(2) }), 0), 0.88)).toBeLessThan(4);
});

describe("laws", () => {
  const mdp = randomMdp({ states: 4, actions: 2, gamma: 0.8, random: new Random(5) });
  const policy = Array.from({ length: 8 }, () => 0.5);
  const chain = { transition: policyTransition(mdp, policy), initial: mdp.initial, gamma: 0.8, count: 20_000 };
  const visitation = discountedVisitation(mdp, policy).map((d) => d * 0.2);

  test("independent samples have the frequencies of the exact visitation", () => {
    const samples = visitationSamples({ ...chain, random: new Random(6) });
    visitation.forEach((share, s) => expect(standardErrors(inState(samples, s), share)).toBeLessThan(4));
  });

  test("a chain begins at α, and is at μ after its burn-in", () => {
    const lasts = (burnIn: number): number[] =>
      Array.from({ length: 4000 }, (_, k) => visitationChain({ ...example, count: 1, burnIn, random: new Random(7).split(`${burnIn} ${k}`) })[0]);
    const ones = (states: number[]): number[] => states.map((s) => (s === 0 ? 1 : 0));
    expect(standardErrors(ones(lasts(0)), 0.7)).toBeLessThan(4);
    expect(standardErrors(ones(lasts(0)), 0.88)).toBeGreaterThan(8);
    expect(standardErrors(ones(lasts(30)), 0.88)).toBeLessThan(4);
  });

  test("its states depend on each other where the chain keeps them", () => {
    const sticky = { initial: [0.5, 0.5], transition: [1, 0, 0, 1], gamma: 0.9, count: 20_000, random: new Random(9) };
    const same = (samples: Int32Array): number => samples.reduce((sum, s, k) => sum + (k > 0 && s === samples[k - 1] ? 1 : 0), 0) / 20_000;
    expect(same(visitationChain(sticky))).toBeGreaterThan(0.9);
    expect(same(visitationSamples(sticky))).toBeLessThan(0.55);
  });

  test("γ = 0 is the start, a sure thing is never missed, and one seed gives one answer", () => {
    expect(standardErrors(inState(visitationSamples({ ...example, gamma: 0, random: new Random(3) }), 0), 0.7)).toBeLessThan(4);
    const sure = { initial: [0, 1, 0], transition: [0, 1, 0, 0, 1, 0, 0, 1, 0], gamma: 0.9, count: 100, random: new Random(4) };
    expect(new Set(visitationChain(sure))).toEqual(new Set([1]));
    const again = (): Int32Array => visitationChain({ ...example, count: 50, random: new Random(5) });
    expect(again()).toEqual(again());
  });
});

test.each<[string, object, new (message: string) => Error, string]>([
  ["rows that do not sum to 1", { transition: [0.9, 0.1, 0.9, 0.2] }, OptionError, "transition at [1]: expected probabilities that sum to 1"],
  ["a negative probability", { initial: [-1, 2] }, OptionError, "initial at [0]: expected a probability, got -1"],
  ["a matrix of another size", { transition: [1] }, ShapeError, "transition: expected length 4, got [1]"],
  ["γ = 1", { gamma: 1 }, OptionError, "gamma: expected a finite number in [0, 1), got 1"],
  ["nothing wanted", { count: 0 }, OptionError, "count: expected an integer ≥ 1, got 0"],
  ["no stream", { random: 7 }, OptionError, "random: expected a Random, got 7"],
])("refuses %s", (_, change, ErrorClass, message) => {
  const call = (): unknown => visitationChain({ ...example, random: new Random(1), ...change });
  expect(call).toThrow(ErrorClass);
  expect(call).toThrow(message);
});

test("refuses a negative burn-in", () => {
  expect(() => visitationChain({ ...example, random: new Random(1), burnIn: -1 })).toThrow("burnIn: expected an integer ≥ 0, got -1");
});
