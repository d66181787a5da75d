import { readFileSync } from "node:fs";
import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect } from "vitest";
import { finiteMdp, randomMdp, softmaxPolicy } from "../src/index.js";
import type { FiniteMdp } from "../src/index.js";

/** A generated process with two policies and two values of its states. */
export interface Generated {
  readonly mdp: FiniteMdp;
  readonly policies: readonly [Float64Array, Float64Array];
  readonly values: readonly [Float64Array, Float64Array];
}

/** Random processes of up to 6 states and 4 actions with γ up to 0.95; some policies are nearly deterministic. */
export const generated: fc.Arbitrary<Generated> = fc
  .record({
    seed: fc.nat(),
    states: fc.integer({ min: 1, max: 6 }),
    actions: fc.integer({ min: 1, max: 4 }),
    gamma: fc.integer({ min: 0, max: 95 }).map((k) => k / 100),
    scale: fc.constantFrom(0.1, 1, 10),
  })
  .map(({ seed, states, actions, gamma, scale }) => {
    const random = new Random(seed);
    const mdp = randomMdp({ states, actions, gamma, random });
    const policy = (): Float64Array => softmaxPolicy(mdp, normals(states * actions, scale, random));
    const value = (): Float64Array => normals(states, scale, random);
    return { mdp, policies: [policy(), policy()], values: [value(), value()] };
  });

/** Normal draws of a standard deviation. */
export function normals(count: number, scale: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => scale * random.standardNormal());
}

/** max |a − b|. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** 1e-10, relative to the largest number beyond 1. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const scale = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  expect(distance(actual, expected)).toBeLessThanOrEqual(1e-10 * scale);
}

/** Σ x. */
export function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, x) => total + x, 0);
}

/** A process of the reference file, with its arrays flat. */
export interface Reference {
  readonly mdp: FiniteMdp;
  readonly logits: readonly number[];
  readonly policy: readonly number[];
  readonly value: readonly number[];
  readonly q: readonly number[];
  readonly objective: number;
  readonly visitation: readonly number[];
  readonly policyGradient: readonly number[];
  readonly optimalValue: readonly number[];
  readonly temperature: number;
  readonly softOptimalValue: readonly number[];
}

/** The reference processes, by SciPy in float64. */
export function references(): readonly Reference[] {
  const text = readFileSync(new URL("reference/tabular_mdp.json", import.meta.url), "utf8");
  return (JSON.parse(text) as Stored[]).map((one) => ({
    mdp: finiteMdp({
      states: one.transition.length,
      actions: one.reward[0].length,
      transition: one.transition.flat(2),
      reward: one.reward.flat(),
      initial: one.initial,
      gamma: one.gamma,
    }),
    logits: one.softmax_parameters.flat(),
    policy: one.policy.flat(),
    value: one.value,
    q: one.q.flat(),
    objective: one.objective,
    visitation: one.discounted_visitation,
    policyGradient: one.policy_gradient.flat(),
    optimalValue: one.optimal_value,
    temperature: one.temperature,
    softOptimalValue: one.soft_optimal_value,
  }));
}

interface Stored {
  readonly gamma: number;
  readonly transition: number[][][];
  readonly reward: number[][];
  readonly initial: number[];
  readonly softmax_parameters: number[][];
  readonly policy: number[][];
  readonly value: number[];
  readonly q: number[][];
  readonly objective: number;
  readonly discounted_visitation: number[];
  readonly policy_gradient: number[][];
  readonly optimal_value: number[];
  readonly temperature: number;
  readonly soft_optimal_value: number[];
}
