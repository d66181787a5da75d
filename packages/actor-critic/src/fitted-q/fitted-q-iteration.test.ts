import { NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import type { Discrete } from "@uphill/envs";
import { finiteMdp, softValueIteration, valueIteration } from "@uphill/tabular";
import { ReplayBuffer } from "@uphill/training";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allActions, fittedQIteration, gradientAscent, linearRegression, networkRegression, softMaximum } from "../index.js";
import type { FittedFunction, FittedQOptions, Regression } from "../index.js";

interface Process {
  readonly gamma: number;
  readonly transition: readonly (readonly (readonly number[])[])[];
  readonly reward: readonly (readonly number[])[];
  readonly initial: readonly number[];
  readonly optimal_value: readonly number[];
  readonly temperature: number;
  readonly soft_optimal_value: readonly number[];
}

const processes = JSON.parse(readFileSync(new URL("../../test/reference/tabular_mdp.json", import.meta.url), "utf8")) as Process[];

/** Transitions of a process in which s′ is as frequent as it is probable, to 1/`each`. */
function transitionsOf({ transition, reward }: Process, each: number) {
  const states = transition.length;
  const observationSpace = box({ low: 0, high: 1, shape: [states] });
  const buffer = new ReplayBuffer({ count: 1, observationSpace, actionSpace: discrete(reward[0].length) }, { capacity: 1e6 });
  const marked = (state: number) => Array.from({ length: states }, (_, k) => (k === state ? 1 : 0));
  const frequency = transition.map((rows, s) =>
    rows.map((row, a) => {
      const counts = row.map((probability) => Math.floor(probability * each));
      counts[0] += each - counts.reduce((sum, count) => sum + count, 0);
      counts.forEach((count, next) => {
        for (let k = 0; k < count; k++) {
          buffer.add({ observations: marked(s), actions: Int32Array.of(a), rewards: [reward[s][a]], nextObservations: marked(next), terminated: [0], truncated: [0] });
        }
      });
      return counts.map((count) => count / each);
    }),
  );
  return { buffer, frequency };
}

/** A feature for each state and action: the fit is a table. */
function table(states: number): Regression {
  const features = (row: Float32Array): Float64Array => {
    const actions = row.length - states;
    const marks = new Float64Array(states * actions);
    const at = row.subarray(0, states).indexOf(1) * actions + row.subarray(states).indexOf(1);
    marks[at] = 1;
    return marks;
  };
  return linearRegression({ features, ridge: 1e-9 });
}

const marks = (states: number, state: number) => Array.from({ length: states }, (_, k) => (k === state ? 1 : 0));

describe("fitted Q-iteration on a table", () => {
  test.each(processes.map((process, index) => [index, process] as const))("agrees with value iteration, soft and hard: process %d", async (_, process) => {
    const states = process.transition.length;
    const { buffer, frequency } = transitionsOf(process, 50);
    const shape = { states, actions: process.reward[0].length, gamma: process.gamma, initial: process.initial };
    const mdp = finiteMdp({ ...shape, transition: frequency.flat(2), reward: process.reward.flat() });
    const options = { transitions: buffer, fit: table(states), gamma: process.gamma, tolerance: 1e-5, maxIterations: 300 };

    const hard = await fittedQIteration({ ...options, maximize: allActions });
    const soft = await fittedQIteration({ ...options, maximize: softMaximum(process.temperature) });
    const exact = { hard: valueIteration(mdp).value, soft: softValueIteration(mdp, process.temperature).value };
    expect([hard.converged, soft.converged]).toEqual([true, true]);
    // γ/(1 − γ) ‖ΔP‖₁/2 times the spread of values.
    const bound = (values: readonly number[]) =>
      (process.gamma / (1 - process.gamma)) * ((states - 1) / 50) * (Math.max(...values) - Math.min(...values)) + 1e-3;
    for (let s = 0; s < states; s++) {
      // Rewards and γ are stored in float32, and δ ends it a little before the fixed point.
      expect(hard.value(marks(states, s))).toBeCloseTo(exact.hard[s], 3);
      expect(soft.value(marks(states, s))).toBeCloseTo(exact.soft[s], 3);
      // The reference has the probabilities themselves, and not frequencies of 50.
      expect(Math.abs(soft.value(marks(states, s)) - process.soft_optimal_value[s])).toBeLessThan(bound(process.soft_optimal_value));
      expect(Math.abs(hard.value(marks(states, s)) - process.optimal_value[s])).toBeLessThan(bound(process.optimal_value));
    }
  });

  test("reports δ of each iteration, and stops on it or on its limit", async () => {
    const [process] = processes;
    const { buffer } = transitionsOf(process, 50);
    const changes: number[] = [];
    const options: FittedQOptions<Discrete> = {
      transitions: buffer,
      fit: table(process.transition.length),
      maximize: allActions,
      gamma: 0.5,
      tolerance: 0.01,
      onIteration: ({ iterations, change }) => {
        expect(iterations).toBe(changes.push(change));
      },
    };
    const found = await fittedQIteration(options);
    expect(found).toMatchObject({ converged: true, iterations: changes.length, change: changes.at(-1) });
    expect(changes.at(-1)).toBeLessThan(0.01);
    expect(changes.at(-2)).toBeGreaterThanOrEqual(0.01);
    // Each change is at most γ times the one before: the operator contracts.
    for (let k = 1; k < changes.length; k++) expect(changes[k]).toBeLessThanOrEqual(0.5 * changes[k - 1] + 1e-6);
    expect(await fittedQIteration({ ...options, onIteration: () => {}, maxIterations: 2 })).toMatchObject({ converged: false, iterations: 2 });
  });
});

/** Bandits: one number is seen, one is chosen, and the reward is −(a − s)². */
function guesses(count: number) {
  const space = box({ low: -2, high: 2, shape: [1] });
  const buffer = new ReplayBuffer({ count: 1, observationSpace: space, actionSpace: space }, { capacity: count });
  const random = new Random(4);
  for (let k = 0; k < count; k++) {
    const [seen, chosen] = [random.uniform(-1, 1), random.uniform(-2, 2)];
    buffer.add({ observations: [seen], actions: Float32Array.of(chosen), rewards: [-((chosen - seen) ** 2)], nextObservations: [0], terminated: [1], truncated: [0] });
  }
  return buffer;
}

describe("fitted Q-iteration over continuous actions", () => {
  test("with a network that is climbed", async () => {
    const fit = networkRegression({ hiddenWidths: [32], epochs: 100, learningRate: 0.01 });
    const { act, iterations } = await fittedQIteration({ transitions: guesses(400), fit, maximize: gradientAscent(), maxIterations: 3 });
    expect(iterations).toBe(3);
    for (const seen of [-0.6, -0.2, 0.3, 0.6]) expect(Math.abs(act([seen])[0] - seen)).toBeLessThan(0.3);
  });

  test("with a linear function of features, which has no derivatives", async () => {
    const fit = linearRegression({ features: ([s, c]) => [1, s, c, s * s, c * c, s * c] });
    const { q } = await fittedQIteration({ transitions: guesses(200), fit, maximize: { maximize: () => ({ values: new Float64Array(200), codes: new Float32Array(200) }) }, maxIterations: 1 });
    expect(q.predict(Float32Array.of(0.5, 0.25))[0]).toBeCloseTo(0, 4);
    const refused = fittedQIteration({ transitions: guesses(20), fit, maximize: gradientAscent() });
    await expect(refused).rejects.toThrow(new OptionError("maximize: expected a fitted function with derivatives, got one without"));
  });
});

describe("errors", () => {
  const empty = new ReplayBuffer({ count: 1, observationSpace: box({ low: 0, high: 1, shape: [1] }), actionSpace: discrete(2) }, { capacity: 9 });
  const constant = (value: number): Regression => ({
    fit: (): FittedFunction => ({ predict: (rows) => new Float64Array(rows.length / 3).fill(value) }),
  });

  test("no transitions, and options that are none", async () => {
    const options = { transitions: empty, fit: constant(0), maximize: allActions };
    await expect(fittedQIteration(options)).rejects.toThrow("transitions: expected at least one transition, got an empty buffer");
    await expect(fittedQIteration({ ...options, gamma: 2 })).rejects.toThrow(OptionError);
    await expect(fittedQIteration({ ...options, maxIterations: 0 })).rejects.toThrow("maxIterations");
  });

  test("a Q that diverges names the iteration; an observation that is none; a signal", async () => {
    const buffer = new ReplayBuffer({ count: 1, observationSpace: empty.observationSize === 1 ? box({ low: 0, high: 1, shape: [1] }) : box({ low: 0, high: 1 }), actionSpace: discrete(2) }, { capacity: 9 });
    buffer.add({ observations: [0], actions: Int32Array.of(1), rewards: [1], nextObservations: [0], terminated: [0], truncated: [0] });
    const options = { transitions: buffer, maximize: allActions };
    const diverging = fittedQIteration({ ...options, fit: constant(Infinity) });
    await expect(diverging).rejects.toThrow(new NumericalError("fitted Q: expected a finite value, got Infinity at base point 0 in iteration 1"));
    const { act } = await fittedQIteration({ ...options, fit: constant(3), maxIterations: 1 });
    expect(act([0])).toBe(0);
    expect(() => act([0, 1])).toThrow(ShapeError);
    await expect(fittedQIteration({ ...options, fit: constant(3), signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});
