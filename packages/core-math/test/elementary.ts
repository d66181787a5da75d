import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import { fromDecimal, ulpError } from "./high-precision.js";
import type { Real } from "./high-precision.js";

type Table = Readonly<Record<string, readonly (number | string)[][]>>;

const reference: Table = { ...stored("elementary.json"), ...stored("special-mpmath.json") };

function stored(file: string): Table {
  return JSON.parse(readFileSync(new URL(`reference/${file}`, import.meta.url), "utf8")) as Table;
}

/** Arguments with their values to 40 digits, as mpmath gave them. */
export function referenceValues(name: string): { readonly values: number[]; readonly truth: Real }[] {
  return reference[name].map((row) => ({ values: row.slice(0, -1).map(Number), truth: fromDecimal(String(row.at(-1))) }));
}

/** Fails where a function is further from the truth than the bound, in units in the last place, on generated arguments. */
export function expectWithin(
  bound: number,
  compute: (x: number) => number,
  truth: (x: number) => Real,
  range: { readonly min: number; readonly max: number },
): void {
  fc.assert(
    fc.property(evenly(range), (x) => {
      expect(ulpError(compute(x), truth(x))).toBeLessThanOrEqual(bound);
    }),
    { numRuns: 400 },
  );
}

/** Fails where a function of arguments of any magnitude, powers of two as likely as one another, is off. */
export function expectWithinAtAllMagnitudes(
  bound: number,
  compute: (x: number) => number,
  truth: (x: number) => Real,
  exponents: { readonly min: number; readonly max: number },
  signs: readonly number[] = [-1, 1],
): void {
  const argument = fc
    .tuple(fc.constantFrom(...signs), evenly({ min: 1, max: 2 - 2 ** -52 }), fc.integer(exponents))
    .map(([sign, fraction, exponent]) => sign * fraction * 2 ** Math.floor(exponent / 2) * 2 ** Math.ceil(exponent / 2));
  fc.assert(
    fc.property(argument, (x) => {
      expect(ulpError(compute(x), truth(x))).toBeLessThanOrEqual(bound);
    }),
    { numRuns: 400 },
  );
}

/** Doubles spread over a range as numbers are, rather than as their bit patterns. */
export function evenly({ min, max }: { readonly min: number; readonly max: number }): fc.Arbitrary<number> {
  return fc.maxSafeNat().map((k) => min + (max - min) * (k / Number.MAX_SAFE_INTEGER));
}

/**
 * A digest of a function's bits on 20,000 arguments of a range. It is the same in every engine, or a training would not
 * be; it changes only with the function itself, which is then a change that users see.
 */
export function digest(compute: (x: number) => number, min: number, max: number): string {
  const value = new Float64Array(1);
  const bytes = new Uint8Array(value.buffer);
  let hash = 0x811c9dc5;
  for (let i = 0; i < 20_000; i++) {
    value[0] = compute(min + ((max - min) * i) / 20_000);
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
