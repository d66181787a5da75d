import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenly } from "../test/elementary.js";
import { expectRelative, scipySums } from "../test/special.js";
import { OptionError } from "./errors.js";
import { exp } from "./exp.js";
import { logSumExp } from "./log-sum-exp.js";
import { log } from "./log.js";
import { softplus } from "./softplus.js";

test("two alike, and numbers whose exponentials overflow", () => {
  expect(logSumExp([0, 0])).toBe(Math.LN2);
  expect(logSumExp([1000, 1000])).toBe(1000 + Math.LN2);
  expect(logSumExp([-1000, -1000])).toBe(-1000 + Math.LN2);
  expect(logSumExp([0, -50])).toBe(exp(-50));
});

const numbers = fc.array(evenly({ min: -30, max: 30 }), { minLength: 1, maxLength: 8 });

describe("laws", () => {
  test("is the logarithm of the sum of exponentials", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const sum = values.reduce((total, value) => total + exp(value), 0);
        expectRelative(logSumExp(values), log(sum), 1e-14, 1e-14);
      }),
    );
  });

  test("a shift of all shifts the result; their order does not matter but for rounding", () => {
    fc.assert(
      fc.property(numbers, evenly({ min: -1e4, max: 1e4 }), (values, shift) => {
        expectRelative(logSumExp(values.map((value) => value + shift)), logSumExp(values) + shift, 1e-15, 1e-11);
        expectRelative(logSumExp(values.toReversed()), logSumExp(values), 1e-15, 1e-14);
      }),
    );
  });

  test("lies between the largest and that plus log n; of x and 0 it is softplus", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const largest = Math.max(...values);
        const sum = logSumExp(Float64Array.from(values));
        expect(sum).toBeGreaterThanOrEqual(largest);
        expect(sum).toBeLessThanOrEqual(largest + log(values.length) + 1e-14);
        expect(logSumExp([values[0], 0])).toBe(softplus(values[0]));
      }),
    );
  });
});

test.each(scipySums())("SciPy's value of %o", ({ x, y }) => {
  expectRelative(logSumExp(x), y, 1e-12);
});

test.each([
  [[], -Infinity],
  [[-Infinity, -Infinity], -Infinity],
  [[-Infinity, 3], 3],
  [[Infinity, 3], Infinity],
  [[Infinity, -Infinity], Infinity],
  [[Infinity, Number.NaN], Number.NaN],
  [[Number.NaN, 1], Number.NaN],
  [[1, Number.NaN], Number.NaN],
])("of %o it is %d", (values, sum) => {
  expect(logSumExp(values)).toBe(sum);
});

test("what is no array of numbers is refused", () => {
  expect(() => logSumExp("12" as unknown as number[])).toThrow(OptionError);
  expect(() => logSumExp("12" as unknown as number[])).toThrow('values: expected an array or typed array of numbers, got "12"');
});
