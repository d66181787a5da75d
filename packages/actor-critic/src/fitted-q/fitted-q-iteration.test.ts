import { NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import type { ActionsOf, Box, Discrete } from "@uphill/envs";
import { finiteMdp, softValueIteration, valueIteration } from "@uphill/tabular";
import { ReplayBuffer } from "@uphill/training";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allActions, fittedQIteration, gradientAscent, linearRegression, networkRegression, sampledSoftMaximum, softMaximum } from "../index.js";
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

const marks = (states: number, state: number) => Array.from({ length: states }, (_, k) => (k === state ? 1 : 0));

/**
 * Transitions of a process in which s′ is as frequent as it is probable, to 1/`each`. Actions are choices; or a number, whose
 * whole part is the choice.
 */
function transitionsOf<A extends Discrete | Box>({ transition }: Process, reward: Process["reward"], actionSpace: A, each: number) {
  const states = transition.length;
  const observationSpace = box({ low: 0, high: 1, shape: [states] });
  const buffer = new ReplayBuffer<A>({ count: 1, observationSpace, actionSpace }, { capacity: states * reward[0].length * each });
  const frequency = transition.map((rows, s) =>
    rows.map((row, a) => {
      const counts = row.map((probability) => Math.floor(probability * each));
      counts[0] += each - counts.reduce((sum, count) => sum + count, 0);
      const actions = (actionSpace.kind === "box" ? Float32Array.of(a + 0.5) : Int32Array.of(a)) as ActionsOf<A>;
      counts.forEach((count, next) => {
        const one = { observations: marks(states, s), actions, rewards: [reward[s][a]], nextObservations: marks(states, next), terminated: [0], truncated: [0] };
        for (let k = 0; k < count; k++) buffer.add(one);
      });
      return counts.map((count) => count / each);
    }),
  );
  return { buffer, frequency };
}

/** A feature for each state and action. */
function tableFeatures(states: number) {
  return (row: Float32Array): Float64Array => {
    const features = new Float64Array(states * (row.length - states));
    features[row.subarray(0, states).indexOf(1) * (row.length - states) + row.subarray(states).indexOf(1)] = 1;
    return features;
  };
}

/** The mean target of each state and action: of codes that mark a choice, or of a number's code, which is within ±1. */
function tableOfMeans(states: number, actions: number): Regression {
  const cellOf = (rows: Float32Array, start: number, width: number): number => {
    let state = 0;
    while (rows[start + state] !== 1) state++;
    let action = 0;
    if (width === states + 1) action = Math.min(Math.floor(((rows[start + states] + 1) / 2) * actions), actions - 1);
    else while (rows[start + states + action] !== 1) action++;
    return state * actions + action;
  };
  return {
    fit(inputs, targets, width) {
      const [sums, counts] = [new Float64Array(states * actions), new Float64Array(states * actions)];
      targets.forEach((target, n) => {
        const cell = cellOf(inputs, n * width, width);
        sums[cell] += target;
        counts[cell]++;
      });
      const means = sums.map((sum, cell) => sum / counts[cell]);
      return { predict: (rows) => new Float64Array(rows.length / width).map((_, n) => means[cellOf(rows, n * width, width)]) };
    },
  };
}

/** γ/(1 − γ) ‖ΔP‖₁/2 times the spread of values: what frequencies in the place of probabilities do to values. */
function frequencyError({ gamma, transition }: Process, values: readonly number[], each: number): number {
  return (gamma / (1 - gamma)) * ((transition.length - 1) / each) * (Math.max(...values) - Math.min(...values));
}

describe.each(processes.map((process, index) => [index, process] as const))("fitted Q-iteration on a table, process %d", (_, process) => {
  const [states, actions] = [process.transition.length, process.reward[0].length];
  const { gamma, temperature } = process;
  const observed = Array.from({ length: states }, (__, s) => marks(states, s));

  test("agrees with value iteration, soft and hard", async () => {
    const { buffer, frequency } = transitionsOf(process, process.reward, discrete(actions), 100);
    const mdp = finiteMdp({ states, actions, gamma, initial: process.initial, transition: frequency.flat(2), reward: process.reward.flat() });
    const options = { transitions: buffer, fit: tableOfMeans(states, actions), gamma, tolerance: 1e-6, maxIterations: 400 };
    const hard = await fittedQIteration({ ...options, maximize: allActions });
    const soft = await fittedQIteration({ ...options, maximize: softMaximum(temperature) });
    expect([hard.converged, soft.converged]).toEqual([true, true]);
    const exact = { hard: valueIteration(mdp).value, soft: softValueIteration(mdp, temperature).value };
    observed.forEach((state, s) => {
      // δ = 1e-6 ends it at most γ/(1 − γ) δ before the fixed point; rewards and γ are stored in float32.
      expect(hard.value(state)).toBeCloseTo(exact.hard[s], 4);
      expect(soft.value(state)).toBeCloseTo(exact.soft[s], 4);
      // The reference has the probabilities themselves, and not frequencies.
      expect(Math.abs(soft.value(state) - process.soft_optimal_value[s])).toBeLessThan(frequencyError(process, process.soft_optimal_value, 100) + 1e-4);
      expect(Math.abs(hard.value(state) - process.optimal_value[s])).toBeLessThan(frequencyError(process, process.optimal_value, 100) + 1e-4);
    });
  });

  test("agrees with soft value iteration by the sampled soft maximum, where a number's whole part is the choice", async () => {
    const [each, samples] = [10, 250];
    const { buffer, frequency } = transitionsOf(process, process.reward, box({ low: 0, high: actions, shape: [1] }), each);
    const mdp = finiteMdp({ states, actions, gamma, initial: process.initial, transition: frequency.flat(2), reward: process.reward.flat() });
    const maximize = sampledSoftMaximum({ temperature, samples, seed: 2 });
    const maxIterations = Math.ceil(5 / (1 - gamma));
    const { value } = await fittedQIteration({ transitions: buffer, fit: tableOfMeans(states, actions), maximize, gamma, maxIterations });
    const exact = softValueIteration(mdp, temperature).value;
    // Each logarithm of a mean of M is too low by β/2M or so, for ever; e^−5 of the values is left of the first iterations.
    const tolerance = (2 * temperature) / samples / (1 - gamma) + Math.exp(-5) * Math.max(...exact.map(Math.abs)) + 0.02;
    observed.forEach((state, s) => expect(Math.abs(value(state) - exact[s])).toBeLessThan(tolerance));
  });
});

describe("fitted Q-iteration", () => {
  test("by linear regression on a feature for each state and action fits their means", () => {
    const inputs = Float32Array.from([...marks(2, 0), ...marks(2, 1), ...marks(2, 0), ...marks(2, 1), ...marks(2, 1), ...marks(2, 0)]);
    const fitted = [linearRegression({ features: tableFeatures(2), ridge: 1e-9 }), tableOfMeans(2, 2)].map(async (fit) => (await fit.fit(inputs, Float64Array.of(1, 4, 3), 4)).predict(inputs.subarray(4)));
    return Promise.all(fitted).then(([linear, table]) => linear.forEach((value, n) => expect(value).toBeCloseTo(table[n], 6)));
  });

  test("reports δ of each iteration, and stops on it or on its limit", async () => {
    const [process] = processes;
    const { buffer } = transitionsOf(process, process.reward, discrete(process.reward[0].length), 50);
    const changes: number[] = [];
    const options: FittedQOptions<Discrete> = {
      transitions: buffer,
      fit: tableOfMeans(process.transition.length, process.reward[0].length),
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
    await expect(fittedQIteration({ ...options, fit: allActions as never })).rejects.toThrow("fit: expected an object with a method fit");
    await expect(fittedQIteration({ ...options, maximize: undefined as never })).rejects.toThrow("maximize: expected an object with a method maximize, got undefined");
  });

  test("a Q that diverges names the iteration; an observation that is none; a signal", async () => {
    const buffer = new ReplayBuffer({ count: 1, observationSpace: empty.observationSize === 1 ? box({ low: 0, high: 1, shape: [1] }) : box({ low: 0, high: 1 }), actionSpace: discrete(2) }, { capacity: 9 });
    buffer.add({ observations: [0], actions: Int32Array.of(1), rewards: [1], nextObservations: [0], terminated: [0], truncated: [0] });
    const options = { transitions: buffer, maximize: allActions };
    const diverging = fittedQIteration({ ...options, fit: constant(Infinity) });
    await expect(diverging).rejects.toThrow(new NumericalError("fitted Q: expected a finite value, got Infinity at base point 0 in iteration 1"));
    const steep = networkRegression({ hiddenWidths: [2], learningRate: 1e30 });
    await expect(fittedQIteration({ transitions: guesses(9), maximize: gradientAscent(), fit: steep })).rejects.toThrow(/^fitted Q: expected a finite loss, got (?:NaN|Infinity) in iteration 1$/u);
    const { act } = await fittedQIteration({ ...options, fit: constant(3), maxIterations: 1 });
    expect(act([0])).toBe(0);
    expect(() => act([0, 1])).toThrow(ShapeError);
    await expect(fittedQIteration({ ...options, fit: constant(3), signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});
