import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest, evenly, referenceValues } from "../test/elementary.js";
import { truePow, ulpError } from "../test/high-precision.js";
import { log } from "./log.js";
import { pow } from "./pow.js";

test("squares, roots and inverses", () => {
  expect(pow(3, 2)).toBe(9);
  expect(pow(2, 0.5)).toBe(Math.SQRT2);
  expect(pow(10, -2)).toBe(0.01);
});

describe("laws", () => {
  const magnitude = (bits: number): fc.Arbitrary<number> => evenly({ min: -bits, max: bits }).map((x) => 2 ** x);
  // A base and the exponent that brings the result to e to the given power.
  const towards = (base: fc.Arbitrary<number>, min: number, max: number): fc.Arbitrary<[number, number]> =>
    fc.tuple(base, evenly({ min, max })).map(([x, power]) => [x, power / log(x)]);
  const nearOne = fc
    .tuple(evenly({ min: 1, max: 2 }), fc.integer({ min: -51, max: -3 }), fc.constantFrom(-1, 1))
    .map(([fraction, exponent, sign]) => 1 + sign * fraction * 2 ** exponent);

  test.each([
    ["everyday", fc.tuple(magnitude(5), evenly({ min: -10, max: 10 })), 0.54],
    ["bases of all magnitudes", towards(magnitude(1022), -708, 709.78), 0.54],
    ["bases near 1 to huge exponents", towards(nearOne, -708, 709.78), 0.54],
    ["subnormal results", towards(magnitude(10), -744.4, -708.5), 0.78],
  ])("within the stated units in the last place: %s", (_, pairs, bound) => {
    fc.assert(
      fc.property(pairs, ([x, y]) => {
        expect(ulpError(pow(x, y), truePow(x, y))).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 400 },
    );
  });

  test("exact where the power is a double", () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 12 }), (x, y) => {
        expect(pow(x, y)).toBe(Number(BigInt(x) ** BigInt(y)));
      }),
    );
    for (let k = -1074; k < 1024; k++) expect(ulpError(pow(2, k), { mantissa: 1n, exponent: k })).toBe(0);
  });

  test("special cases are JavaScript's", () => {
    const special = [0, -0, 1, -1, 2, -2, 3, 0.5, -0.5, 2 ** 53, -(2 ** 53) - 2, Number.MAX_VALUE, 5e-324, Infinity, -Infinity, Number.NaN];
    for (const x of special) {
      for (const y of special) {
        // Engines may be off by a unit in the last place; where the result is special or exact they are not.
        const theirs = x ** y;
        const near = Math.abs(pow(x, y) - theirs) <= Math.abs(theirs) * 2 ** -52;
        expect([x, y, near && theirs !== 0 ? theirs : pow(x, y)]).toEqual([x, y, theirs]);
      }
    }
  });

  test("the same bits in every engine", () => {
    expect(digest((x) => pow(x, 1.7), 0, 20)).toBe("a271d967");
  });
});

test.each(referenceValues("pow"))("mpmath's value at $values", ({ values, truth }) => {
  expect(ulpError(pow(values[0], values[1]), truth)).toBeLessThanOrEqual(0.78);
});
