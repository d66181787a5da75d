import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, expectWithin, expectWithinAtAllMagnitudes, referenceValues } from "../test/elementary.js";
import { trueLog, ulpError } from "../test/high-precision.js";
import { exp } from "./exp.js";
import { log } from "./log.js";

test("log 2", () => {
  expect(log(2)).toBe(Math.LN2);
  expect(log(1)).toBe(0);
});

describe("laws", () => {
  test.each([
    ["around 1", { min: 0.98, max: 1.02 }],
    ["a doubling each way", { min: 0.5, max: 2 }],
    ["where the table halves", { min: 1.4, max: 1.43 }],
    ["everyday", { min: 0.001, max: 1000 }],
  ])("within 0.51 units in the last place: %s", (_, range) => {
    expectWithin(0.51, log, trueLog, range);
  });

  test("within 0.51 units in the last place at all magnitudes, subnormal ones included", () => {
    expectWithinAtAllMagnitudes(0.51, log, trueLog, { min: -1074, max: 1023 }, [1]);
  });

  test("within 0.51 units in the last place ever nearer to 1", () => {
    expectWithinAtAllMagnitudes(0.51, (x) => log(1 + x), (x) => trueLog(1 + x), { min: -52, max: -3 });
  });

  test("inverts exp", () => {
    fc.assert(
      fc.property(evenly({ min: -700, max: 700 }), (x) => {
        expect(Math.abs(log(exp(x)) - x)).toBeLessThanOrEqual(2 ** -52 * Math.max(1, Math.abs(x)));
      }),
    );
  });

  test("the same bits in every engine", () => {
    expect(digest(log, 0, 20)).toBe("1d994afd");
  });
});

test.each(referenceValues("log"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(log(values[0]), truth)).toBeLessThanOrEqual(0.51);
});

test.each([
  [0, -Infinity],
  [-0, -Infinity],
  [Infinity, Infinity],
  [-1, Number.NaN],
  [-5e-324, Number.NaN],
  [-Infinity, Number.NaN],
  [Number.NaN, Number.NaN],
  [5e-324, -744.4400719213812],
  [Number.MAX_VALUE, 709.782712893384],
])("log(%d) is %d", (x, value) => {
  expect(log(x)).toBe(value);
});
