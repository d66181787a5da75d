import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, expectWithin, expectWithinAtAllMagnitudes, referenceValues } from "../test/elementary.js";
import { trueCos, trueSin, ulpError } from "../test/high-precision.js";
import { cos, sin, sinCos } from "./sin-cos.js";

test("a sixth and a third of a half turn", () => {
  expect(sin(Math.PI / 6)).toBe(0.49999999999999994);
  expect(cos(Math.PI / 3)).toBe(0.5000000000000001);
});

describe.each([
  { name: "sin", compute: sin, truth: trueSin },
  { name: "cos", compute: cos, truth: trueCos },
])("$name", ({ name, compute, truth }) => {
  test.each([
    ["within a step", { min: -0.05, max: 0.05 }],
    ["a turn each way", { min: -6.3, max: 6.3 }],
    ["up to the last angle taken apart by parts", { min: 0, max: 100_000 }],
    ["around the switch to long integers", { min: 99_999, max: 100_001 }],
  ])("within 0.51 units in the last place: %s", (_, range) => {
    expectWithin(0.51, compute, truth, range);
  });

  test("within 0.51 units in the last place at all magnitudes", () => {
    expectWithinAtAllMagnitudes(0.51, compute, truth, { min: -1074, max: 1023 });
  });

  test("within 0.51 units in the last place at the doubles nearest to multiples of π/32 and their halves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 21 }), fc.integer({ min: -2, max: 2 }), (k, places) => {
        const x = ((k * Math.PI) / 64) * (1 + places * 2 ** -52);
        expect(ulpError(compute(x), truth(x))).toBeLessThanOrEqual(0.51);
      }),
      { numRuns: 400 },
    );
  });

  test.each(referenceValues(name))("mpmath's value at $values", ({ values, truth: value }) => {
    expect(ulpError(compute(values[0]), value)).toBeLessThanOrEqual(0.51);
  });

  test.each([Infinity, -Infinity, Number.NaN])("of %d is NaN", (x) => {
    expect(compute(x)).toBeNaN();
    expect(compute(1)).not.toBeNaN();
  });
});

describe("laws", () => {
  test("sin is odd, cos even, to the bit", () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (x) => {
        expect(sin(-x)).toBe(-sin(x));
        expect(cos(-x)).toBe(cos(x));
      }),
    );
  });

  test("sin² + cos² = 1", () => {
    fc.assert(
      fc.property(evenly({ min: -1000, max: 1000 }), (x) => {
        expect(Math.abs(sin(x) ** 2 + cos(x) ** 2 - 1)).toBeLessThanOrEqual(4 * 2 ** -53);
      }),
    );
  });

  test("sinCos has the bits of sin and of cos", () => {
    const both = new Float64Array(2);
    const expectSame = (x: number): void => {
      sinCos(x, both);
      expect([...both]).toEqual([sin(x), cos(x)]);
    };
    fc.assert(fc.property(fc.double(), expectSame), { examples: [[0], [-0], [-1e-300], [Infinity]] });
    fc.assert(fc.property(evenly({ min: -7, max: 7 }), expectSame), { numRuns: 1000 });
    fc.assert(fc.property(fc.integer({ min: -400, max: 400 }).map((k) => (k * Math.PI) / 64), expectSame));
    // Small ones and those beside zeros of either, where the sums that are shared would lose places.
    for (const x of [5.1790457604058085e-8, 3.141592642168976, 6.283185297790089, 10.995574296262046]) expectSame(x);
  });

  test("the same bits in every engine", () => {
    expect(digest(sin, -10, 10)).toBe("429535c7");
    expect(digest(cos, -10, 10)).toBe("54cfd151");
  });
});

test.each([
  [0, 0],
  [-0, -0],
  [5e-324, 5e-324],
  [-1e-300, -1e-300],
])("sin(%d) is %d", (x, value) => {
  expect(sin(x)).toBe(value);
  expect(cos(x)).toBe(1);
});
