import { readFileSync } from "node:fs";
import { expect } from "vitest";

interface Listed {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface Stored {
  readonly [name: string]: Listed | readonly { readonly x: number[]; readonly y: number }[];
}

const stored = JSON.parse(readFileSync(new URL("reference/special.json", import.meta.url), "utf8")) as Stored;

/** Fails where a function is further than 1e-12, relative, from one of SciPy's values under SciPy's name for it. */
export function expectScipys(name: string, compute: (x: number) => number): void {
  const values = stored[name];
  if (!("x" in values)) throw new Error(`${name} is no function of one number.`);
  expect(values.x.length).toBeGreaterThan(40);
  values.x.forEach((x, i) => expectRelative(compute(x), values.y[i], 1e-12));
}

/** SciPy's logarithms of sums of exponentials. */
export function scipySums(): readonly { readonly x: number[]; readonly y: number }[] {
  const { logsumexp: values } = stored;
  if ("x" in values) throw new Error("logsumexp is a list of arrays.");
  return values;
}

/** Fails where a number is further from its expectation than the tolerance times that expectation, or than `absolute`. */
export function expectRelative(actual: number, expected: number, tolerance = 1e-13, absolute = 0): void {
  if (Math.abs(actual - expected) <= Math.max(tolerance * Math.abs(expected), absolute)) return;
  expect(actual).toBe(expected);
}
