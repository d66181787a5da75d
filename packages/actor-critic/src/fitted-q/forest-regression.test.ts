import { NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import { finiteMdp, valueIteration } from "@uphill/tabular";
import { ReplayBuffer } from "@uphill/training";
import { RandomForestRegression } from "ml-random-forest";
import { describe, expect, test } from "vitest";
import { allActions, fittedQIteration, forestRegression } from "../index.js";
import type { Forest } from "../index.js";

/** Six places in a row, seen by their number: steps to the left and to the right; the last one pays 1, the first one ¼. */
const PLACES = 6;
const step = (place: number, action: number) => Math.min(Math.max(place + (action === 1 ? 1 : -1), 0), PLACES - 1);
const reward = (place: number) => (place === PLACES - 1 ? 1 : place === 0 ? 0.25 : 0);

function walks() {
  const observationSpace = box({ low: 0, high: PLACES - 1, shape: [1] });
  const buffer = new ReplayBuffer({ count: 1, observationSpace, actionSpace: discrete(2) }, { capacity: 2 * PLACES });
  for (let k = 0; k < 2 * PLACES; k++) {
    const [place, action] = [k >> 1, k & 1];
    buffer.add({ observations: [place], actions: Int32Array.of(action), rewards: [reward(place)], nextObservations: [step(place, action)], terminated: [0], truncated: [0] });
  }
  return buffer;
}

test("fitted Q-iteration with a library's forest agrees with the solution of the table", async () => {
  const gamma = 0.7;
  const transition = Array.from({ length: PLACES }, (_, place) =>
    [0, 1].map((action) => Array.from({ length: PLACES }, (__, next) => (next === step(place, action) ? 1 : 0))),
  );
  const rewards = Array.from({ length: PLACES }, (_, place) => [reward(place), reward(place)]);
  const initial = Array.from({ length: PLACES }, () => 1 / PLACES);
  const { value } = valueIteration(finiteMdp({ states: PLACES, actions: 2, gamma, initial, transition: transition.flat(2), reward: rewards.flat() }));
  // Trees that see all three numbers of a row, and are grown to their last one, have it right: nothing is smoothed.
  const treeOptions = { minNumSamples: 1, gainThreshold: -1 };
  const fit = forestRegression(() => new RandomForestRegression({ nEstimators: 3, maxFeatures: 3, replacement: false, useSampleBagging: false, noOOB: true, seed: 1, treeOptions }));
  const found = await fittedQIteration({ transitions: walks(), fit, maximize: allActions, gamma, tolerance: 1e-5 });
  expect(found.converged).toBe(true);
  for (let place = 0; place < PLACES; place++) {
    expect(found.value([place])).toBeCloseTo(value[place], 4);
    const best = value[step(place, 1)] > value[step(place, 0)] ? 1 : 0;
    expect(found.act([place])).toBe(best);
  }
});

describe("errors", () => {
  const options = { transitions: walks(), maximize: allActions };
  const predicts = (values: (rows: number[][]) => ArrayLike<number>): Forest => ({ train: () => undefined, predict: values });

  test("a forest that predicts NaN, or too little, is named with the iteration", async () => {
    const nan = forestRegression(() => predicts((rows) => rows.map((_, n) => (n === 2 ? NaN : 0))));
    await expect(fittedQIteration({ ...options, fit: nan })).rejects.toThrow(new NumericalError("fitted Q: expected a finite value, got NaN at base point 2 in iteration 1"));
    const short = forestRegression(() => predicts(() => [1]));
    await expect(fittedQIteration({ ...options, fit: short })).rejects.toThrow(new ShapeError("forest.predict: expected length 12, got [1]"));
  });

  test("what makes no forest is refused", async () => {
    expect(() => forestRegression({} as never)).toThrow(new OptionError("create: expected a function that makes a forest, got an object"));
    await expect(fittedQIteration({ ...options, fit: forestRegression(() => ({}) as never) })).rejects.toThrow("create(): expected an object with a method train");
  });
});
