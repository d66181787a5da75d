import { NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { environmentContract } from "../../test/environment-contract.js";
import { makeEnvironment, makeVectorEnvironment } from "../make.js";
import { linearQuadratic, type LinearQuadraticOptions } from "./linear-quadratic.js";
import { riccatiSolution } from "./riccati.js";

/** A mass on a line, pushed: position and velocity. */
const mass: LinearQuadraticOptions = {
  states: 2,
  controls: 1,
  transition: [1, 0.1, 0, 1],
  control: [0, 0.1],
  stateCost: [1, 0, 0, 0.1],
  controlCost: [0.5],
};

const scalar = { states: 1, controls: 1, transition: [1], control: [1], stateCost: [1], controlCost: [1] };

test("the mass moves by its velocity and is pushed; both cost", () => {
  const environment = makeEnvironment(linearQuadratic(mass));
  const [x, v] = environment.reset({ seed: 0 });
  const { observation, reward } = environment.step(Float32Array.of(2));
  expect(observation[0]).toBeCloseTo(x + 0.1 * v, 6);
  expect(observation[1]).toBeCloseTo(v + 0.2, 6);
  expect(reward).toBeCloseTo(-(x * x + 0.1 * v * v + 0.5 * 4), 5);
});

environmentContract(linearQuadratic({ ...mass, noise: 0.3 }));

const entries = (length: number, most: number) =>
  fc.array(fc.double({ min: -most, max: most, noNaN: true }), { minLength: length, maxLength: length });

const systems = fc.integer({ min: 1, max: 3 }).chain((n) =>
  fc.integer({ min: 1, max: 2 }).chain((m) =>
    fc.record({ a: entries(n * n, 0.9 / n), b: entries(n * m, 1), q: entries(n, 2), r: entries(m, 2) }).map(
      ({ a, b, q, r }): LinearQuadraticOptions => ({
        states: n,
        controls: m,
        transition: a,
        control: b,
        stateCost: diagonal(q.map((x) => x * x)),
        controlCost: diagonal(r.map((x) => 0.1 + x * x)),
      }),
    ),
  ),
);

function diagonal(values: readonly number[]): number[] {
  return values.flatMap((value, i) => values.map((_, j) => (i === j ? value : 0)));
}

/** The discounted return of u = −K x from a start, in float64. */
function discountedReturn(system: LinearQuadraticOptions, gain: ArrayLike<number>, start: readonly number[], gamma: number) {
  const { states: n, controls: m, transition, control, stateCost, controlCost } = system;
  let x = [...start];
  let sum = 0;
  for (let t = 0, discount = 1; t < 400; t++, discount *= gamma) {
    const u = Array.from({ length: m }, (_, i) => -x.reduce((s, value, j) => s + gain[i * n + j] * value, 0));
    sum -= discount * x.reduce((s, value, i) => s + stateCost[i * n + i] * value * value, 0);
    sum -= discount * u.reduce((s, value, i) => s + controlCost[i * m + i] * value * value, 0);
    x = x.map((_, i) => {
      const drift = x.reduce((s, value, j) => s + transition[i * n + j] * value, 0);
      return drift + u.reduce((s, value, j) => s + control[i * m + j] * value, 0);
    });
  }
  return sum;
}

test("the return of the best gain is −xᵀ P x, and no other gain's is better", () => {
  fc.assert(
    fc.property(systems, entries(3, 1), entries(6, 0.1), (system, from, change) => {
      const gamma = 0.9;
      const { gain, cost } = riccatiSolution(system, gamma);
      const start = from.slice(0, system.states);
      const value = -start.reduce(
        (sum, x, i) => sum + start.reduce((s, y, j) => s + x * cost[i * system.states + j] * y, 0),
        0,
      );
      const best = discountedReturn(system, gain, start, gamma);
      expect(Math.abs(best - value)).toBeLessThan(1e-9 * (1 + Math.abs(value)));
      const other = gain.map((k, i) => k + change[i]);
      expect(discountedReturn(system, other, start, gamma)).toBeLessThanOrEqual(best + 1e-9);
    }),
  );
});

test("the environment pays what the solution says, noise included", () => {
  const options = { ...mass, noise: 0.1 };
  const gamma = 0.9;
  const { gain, cost, noiseCost } = riccatiSolution(options, gamma);
  const count = 2000;
  const vector = makeVectorEnvironment(linearQuadratic(options), count);
  vector.reset({ seed: 0 });
  let [expected, earned, discount] = [0, 0, 1];
  for (let i = 0; i < count; i++) {
    const [x, v] = vector.observations.subarray(2 * i, 2 * i + 2);
    expected -= (cost[0] * x * x + 2 * cost[1] * x * v + cost[3] * v * v + noiseCost) / count;
  }
  for (let t = 0; t < 150; t++, discount *= gamma) {
    vector.step(Float32Array.from({ length: count }, (_, i) => -gain[0] * vector.observations[2 * i] - gain[1] * vector.observations[2 * i + 1]));
    for (const reward of vector.rewards) earned += (discount * reward) / count;
  }
  // The spread of the noise's part over 2,000 episodes.
  expect(Math.abs(earned - expected)).toBeLessThan(0.02 * Math.abs(expected));
});

test("x′ = x + u at equal costs: P is the golden ratio, K its inverse", () => {
  const { gain, cost, noiseCost } = riccatiSolution(scalar, 1);
  const golden = (1 + Math.sqrt(5)) / 2;
  expect(Math.abs(cost[0] - golden)).toBeLessThan(1e-12);
  expect(Math.abs(gain[0] - 1 / golden)).toBeLessThan(1e-12);
  expect(noiseCost).toBe(0);
  expect(riccatiSolution({ ...scalar, noise: 2 }, 0.5).noiseCost).toBeCloseTo(
    (0.5 * 4 * riccatiSolution(scalar, 0.5).cost[0]) / 0.5,
    12,
  );
});

test("what makes no regulator", () => {
  const made = (change: object) => () => linearQuadratic({ ...mass, ...change });
  expect(made({ states: 0 })).toThrow("states: expected an integer in [1, 64], got 0");
  expect(made({ transition: [1] })).toThrow(ShapeError);
  expect(made({ control: [Number.NaN, 1] })).toThrow(NumericalError);
  expect(made({ stateCost: [1, 2, 3, 4] })).toThrow(
    "stateCost: expected a symmetric matrix, got another number at [1, 0] than at [0, 1]",
  );
  expect(made({ controlCost: [0] })).toThrow("controlCost: expected a positive definite matrix, got one that is not");
  expect(made({ noise: -1 })).toThrow("noise: expected a finite number ≥ 0, got -1");
  expect(() => riccatiSolution(scalar, 2)).toThrow("gamma: expected a finite number in [0, 1], got 2");
  expect(() => riccatiSolution({ ...scalar, noise: 1 }, 1)).toThrow(OptionError);
  expect(() => riccatiSolution({ ...scalar, transition: [2], control: [0] }, 0.9)).toThrow("that control can hold");
});
