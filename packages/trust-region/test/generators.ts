import { Random } from "@uphill/core-math";
import { randomMdp, softmaxPolicy } from "@uphill/tabular";
import type { FiniteMdp } from "@uphill/tabular";
import fc from "fast-check";
import { expect } from "vitest";

/** Distributions over 1 to 6 outcomes, some of probability 0. */
export const distributions = (count: number): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.array(fc.nat(20), { minLength: count, maxLength: count }), fc.nat(count - 1))
    .map(([drawn, sure]) => {
      const weights = drawn.map((weight, i) => (i === sure ? weight + 1 : weight));
      const total = sum(weights);
      return weights.map((weight) => weight / total);
    });

/** Two distributions over the same 1 to 6 outcomes. */
export const pairs: fc.Arbitrary<[number[], number[]]> = fc
  .integer({ min: 1, max: 6 })
  .chain((count) => fc.tuple(distributions(count), distributions(count)));

/** A process with an old policy and a candidate. */
export interface Generated {
  readonly mdp: FiniteMdp;
  readonly policy: Float64Array;
  readonly candidate: Float64Array;
}

/** Random processes of up to 5 states and 4 actions with γ up to 0.95; the candidate is near to the policy, or far. */
export const generated: fc.Arbitrary<Generated> = fc
  .record({
    seed: fc.nat(),
    states: fc.integer({ min: 1, max: 5 }),
    actions: fc.integer({ min: 1, max: 4 }),
    gamma: fc.integer({ min: 0, max: 95 }).map((k) => k / 100),
    step: fc.constantFrom(0.01, 0.3, 5),
  })
  .map(({ seed, states, actions, gamma, step }) => {
    const random = new Random(seed);
    const mdp = randomMdp({ states, actions, gamma, random });
    const logits = normals(states * actions, 1, random);
    const moved = logits.map((x) => x + step * random.standardNormal());
    return { mdp, policy: softmaxPolicy(mdp, logits), candidate: softmaxPolicy(mdp, moved) };
  });

/** Normal draws of a standard deviation. */
export function normals(count: number, scale: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => scale * random.standardNormal());
}

/** Σ x. */
export function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, x) => total + x, 0);
}

/** aᵀb. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((total, x, i) => total + x * b[i], 0);
}

/** 1e-10, or another tolerance, relative to the largest number beyond 1. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-10): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(tolerance * scale);
  }
}
