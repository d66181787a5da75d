import { expect } from "vitest";

/** Equal to 1e-5 of the largest number, or of 1: the results are sums and products of numbers of about that size. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  const values = Array.from(expected);
  const size = Math.max(1, ...values.filter(Number.isFinite).map(Math.abs));
  values.forEach((value, i) => {
    if (Number.isFinite(value)) expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-5 * size);
    else expect(actual[i]).toBe(value);
  });
}
