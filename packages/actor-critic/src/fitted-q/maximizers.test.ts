import { OptionError, Random } from "@uphill/core-math";
import { box, discrete, multiBinary, multiDiscrete } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quadraticQ } from "../../test/quadratic.js";
import {
  ActionCode, allActions, boundedLbfgs, gradientAscent, linearRegression, localSearch, networkRegression, sampledSoftMaximum, softMaximum,
} from "../index.js";
import type { FittedFunction } from "../index.js";

const unit = fc.integer({ min: -16, max: 16 }).map((n) => n / 16);
/** Of few digits, so that sums of them are exact and no change is too small to see. */
const wide = fc.integer({ min: -32, max: 32 }).map((n) => n / 16);
const observed = (...observations: number[]) => ({ observations: Float32Array.from(observations), count: observations.length, observationSize: 1 });

/** Q from a table over the codes of choices: a sum over pairs, so that choices depend on each other. */
function pairs(weights: readonly number[], size: number): FittedFunction {
  return {
    predict: (rows) =>
      Float64Array.from({ length: rows.length / (size + 1) }, (_, n) => {
        const code = rows.subarray(n * (size + 1) + 1, (n + 1) * (size + 1));
        let sum = 0;
        code.forEach((x, i) => code.forEach((y, j) => (sum += x * y * weights[(i * size + j) % weights.length])));
        return sum;
      }),
  };
}

describe("codes", () => {
  test("go there and back", () => {
    const cases = [
      [new ActionCode(discrete(3)), Int32Array.of(2, 0), [0, 0, 1, 1, 0, 0], 2],
      [new ActionCode(multiDiscrete([2, 3])), Int32Array.of(1, 2, 0, 0), [0, 1, 0, 0, 1, 1, 0, 1, 0, 0], Int32Array.of(1, 2)],
      [new ActionCode(multiBinary(3)), Int32Array.of(1, 0, 1), [1, 0, 1], Int32Array.of(1, 0, 1)],
      [new ActionCode(box({ low: [0, -4], high: [2, 4] })), Float32Array.of(2, -4, 1, 2), [1, -1, 0, 0.5], Float32Array.of(2, -4)],
    ] as const;
    for (const [code, actions, codes, first] of cases) {
      expect([...(code as ActionCode).encode(actions as never)]).toEqual(codes);
      expect((code as ActionCode).decode(codes)).toEqual(first);
    }
    expect(() => new ActionCode(box({ low: 0, high: Infinity }))).toThrow(OptionError);
  });
});

describe("over choices", () => {
  test("all actions, the smooth maximum and local search see the same Q", () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 3 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, fc.array(wide, { minLength: 7, maxLength: 7 }), fc.double({ min: 0.01, max: 2, noNaN: true }), (counts, weights, temperature) => {
        const code = new ActionCode(multiDiscrete(counts));
        const q = pairs(weights, code.size);
        const states = observed(0.5);
        const best = allActions.maximize(q, states, code);
        const smooth = softMaximum(temperature).maximize(q, states, code);
        const count = counts.reduce((product, n) => product * n, 1);
        expect(smooth.values[0]).toBeGreaterThanOrEqual(best.values[0] - 1e-9);
        expect(smooth.values[0]).toBeLessThanOrEqual(best.values[0] + temperature * Math.log(count) + 1e-9);
        expect(smooth.codes).toEqual(best.codes);
        const found = localSearch({ starts: 20 }).maximize(q, states, code);
        expect(found.values[0]).toBeCloseTo(best.values[0], 6);
      }),
      { numRuns: 30 },
    );
  });

  test("local search finds the maximum of what is linear in many bits", () => {
    fc.assert(
      fc.property(fc.array(wide, { minLength: 20, maxLength: 20 }), (weights) => {
        const linear = { predict: (rows: Float32Array) => Float64Array.from({ length: rows.length / 21 }, (_, n) => weights.reduce((sum, w, i) => sum + w * rows[n * 21 + 1 + i], 0)) };
        const code = new ActionCode(multiBinary(20));
        const { values, codes } = localSearch({ starts: 0 }).maximize(linear, observed(0), code);
        expect(values[0]).toBeCloseTo(weights.reduce((sum, w) => sum + Math.max(w, 0), 0), 9);
        weights.forEach((weight, i) => weight !== 0 && expect(codes[i]).toBe(weight > 0 ? 1 : 0));
      }),
      { numRuns: 20 },
    );
    const refused = () => allActions.maximize(pairs([1], 20), observed(0), new ActionCode(multiBinary(20)));
    expect(refused).toThrow(new OptionError("maximize: expected at most 4096 actions to try, got 1048576"));
  });
});

describe("over numbers", () => {
  const code = new ActionCode(box({ low: [-1, -1], high: [1, 1] }));

  test.each([
    ["gradient ascent", gradientAscent({ steps: 60 }), 2],
    ["bounded L-BFGS", boundedLbfgs(), 4],
  ] as const)("%s finds a maximum, on the bounds where it is beyond", (_, maximizer, digits) => {
    fc.assert(
      fc.property(wide, wide, unit, (x, y, seen) => {
        const q = quadraticQ(1, 3, ([s]) => [x + s, y]);
        const { codes } = maximizer.maximize(q, observed(seen, -seen), code);
        [x + Math.fround(seen), y, x - Math.fround(seen), y].forEach((peak, i) => expect(codes[i]).toBeCloseTo(Math.min(Math.max(peak, -1), 1), digits));
      }),
      { numRuns: 50 },
    );
  });

  test("both find the same on a network, and no action of a fine grid is better", async () => {
    const random = new Random(5);
    const rows = Float32Array.from({ length: 600 }, () => random.uniform(-1, 1));
    const targets = Float64Array.from({ length: 200 }, (_, n) => Math.sin(3 * rows[3 * n] + 2 * rows[3 * n + 1]) * rows[3 * n + 2]);
    const q = await networkRegression({ hiddenWidths: [16], learningRate: 0.01 }).fit(rows, targets, 3);
    const states = observed(-0.8, -0.3, 0.1, 0.6);
    const [climbed, newton] = [gradientAscent({ starts: 6, steps: 60 }), boundedLbfgs({ starts: 6 })].map((maximizer) => maximizer.maximize(q, states, code).values);
    const grid = Array.from({ length: 41 }, (_, i) => i / 20 - 1);
    states.observations.forEach((seen, n) => {
      const best = Math.max(...q.predict(Float32Array.from(grid.flatMap((x) => grid.flatMap((y) => [seen, x, y])))));
      expect(climbed[n]).toBeCloseTo(newton[n], 3);
      expect(newton[n]).toBeGreaterThan(best - 1e-4);
    });
  });

  test("several starts find the higher of two tops", () => {
    const bumps = (c: number) => Math.exp(-20 * (c - 0.7) ** 2) + 0.6 * Math.exp(-20 * (c + 0.3) ** 2);
    const slope = (c: number) => (bumps(c + 1e-4) - bumps(c - 1e-4)) / 2e-4;
    const q: FittedFunction = {
      predict: (rows) => Float64Array.from({ length: rows.length / 2 }, (_, n) => bumps(rows[2 * n + 1])),
      differentiate: (rows) => ({ values: q.predict(rows), gradients: Float64Array.from(rows, (c, i) => (i % 2 === 1 ? slope(c) : 0)) }),
    };
    const one = new ActionCode(box({ low: -1, high: 1 }));
    expect(gradientAscent({ starts: 0 }).maximize(q, observed(0), one).codes[0]).toBeCloseTo(-0.3, 1);
    for (const maximizer of [gradientAscent({ starts: 8 }), boundedLbfgs({ starts: 8 })]) {
      expect(maximizer.maximize(q, observed(0), one).codes[0]).toBeCloseTo(0.7, 1);
    }
  });

  test("the sampled smooth maximum tends to the integral: β/2 log(2πβ/k) above the top of a quadratic", () => {
    const narrow = new ActionCode(box({ low: -3, high: 3 }));
    const [temperature, k] = [0.1, 20];
    const q = quadraticQ(1, 9 * k, () => [0.2]);
    const { values } = sampledSoftMaximum({ temperature, samples: 20_000 }).maximize(q, observed(0), narrow);
    expect(values[0]).toBeCloseTo((temperature / 2) * Math.log((2 * Math.PI * temperature) / k), 2);
  });

  test("spaces that do not fit are refused", () => {
    const q = quadraticQ(1, 1, () => [0]);
    expect(() => gradientAscent().maximize(q, observed(0), new ActionCode(discrete(2)))).toThrow("expected continuous actions to climb over, got a discrete space");
    expect(() => sampledSoftMaximum({ temperature: 1 }).maximize(q, observed(0), new ActionCode(discrete(2)))).toThrow(OptionError);
    expect(() => localSearch().maximize(q, observed(0), code)).toThrow("expected choices to search over, got a box");
    expect(() => allActions.maximize(q, observed(0), code)).toThrow("at most 4096 actions to try, got Infinity");
    expect(() => softMaximum(0)).toThrow(OptionError);
    expect(() => gradientAscent({ steps: 0 })).toThrow(OptionError);
    expect(() => linearRegression({ ridge: 0 })).toThrow(OptionError);
  });
});
