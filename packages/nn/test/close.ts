import { expect } from "vitest";

/** Expects every element within `tolerance` times the larger of 1 and the largest expected magnitude. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    expect(difference, `element ${i}: ${actual[i]} for ${expected[i]}`).toBeLessThanOrEqual(tolerance * scale);
  }
}
