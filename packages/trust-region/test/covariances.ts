import { evaluate, grad, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { choleskyFactor, choleskyLogDeterminant, choleskySolve, Random, symmetricSquareRoot } from "@uphill/core-math";
import fc from "fast-check";
import { expect } from "vitest";

/** Two covariances of one size, as they come from a seed. */
export interface CovariancePair {
  readonly n: number;
  readonly covariance: Float64Array;
  readonly oldCovariance: Float64Array;
}

/** A Aᵀ/n + ¼ I for normal A, n from 1 to 4, the old one twice that where their traces are nearly equal: they always differ. */
export const pairs: fc.Arbitrary<CovariancePair> = fc
  .record({ seed: fc.nat(1e6), n: fc.integer({ min: 1, max: 4 }) })
  .map(({ seed, n }) => {
    const random = new Random(seed);
    const [covariance, oldCovariance] = [randomCovariance(random, n), randomCovariance(random, n)];
    const ratio = traceOf(oldCovariance) / traceOf(covariance);
    const apart = ratio > 1.3 || ratio < 0.7 ? oldCovariance : oldCovariance.map((x) => 2 * x);
    return { n, covariance, oldCovariance: apart };
  });

/** Standard deviations from ½ to 2, and old ones that are up to twice as large or as small, but not nearly equal. */
export const deviations = fc.record({ seed: fc.nat(1e6), n: fc.integer({ min: 1, max: 5 }) }).map(({ seed, n }) => {
  const random = new Random(seed);
  const standardDeviation = Float64Array.from({ length: n }, () => random.uniform(0.5, 2));
  const oldStandardDeviation = standardDeviation.map((deviation, i) => deviation * random.uniform(1.3, 2) ** (i % 2 === 0 ? 1 : -1));
  return { n, standardDeviation, oldStandardDeviation };
});

/** Bounds as shares of the distance: well below it, so that they bind, and well above. */
export const binding = fc.integer({ min: 5, max: 80 }).map((percent) => percent / 100);
export const loose = fc.integer({ min: 130, max: 400 }).map((percent) => percent / 100);

function randomCovariance(random: Random, n: number): Float64Array {
  const draws = new Float64Array(n * n);
  random.fillStandardNormal(draws);
  return draws.map((_, index) => {
    const [i, j] = [Math.floor(index / n), index % n];
    let sum = i === j ? 0.25 : 0;
    for (let k = 0; k < n; k++) sum += (draws[i * n + k] * draws[j * n + k]) / n;
    return sum;
  });
}

function traceOf(matrix: Float64Array): number {
  const n = Math.round(Math.sqrt(matrix.length));
  return matrix.reduce((sum, x, k) => (k % (n + 1) === 0 ? sum + x : sum), 0);
}

/** ½ (tr(Σ_old⁻¹ Σ) − n + log det Σ_old − log det Σ), by Cholesky factors. */
export function klDistance(covariance: ArrayLike<number>, oldCovariance: ArrayLike<number>): number {
  const n = Math.round(Math.sqrt(covariance.length));
  const factor = choleskyFactor(oldCovariance);
  const ratio = choleskySolve(factor, covariance);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += ratio[i * n + i];
  return (trace - n + choleskyLogDeterminant(factor) - choleskyLogDeterminant(choleskyFactor(covariance))) / 2;
}

/** tr((Σ − Σ_old)ᵀ (Σ − Σ_old)). */
export function frobeniusDistance(covariance: ArrayLike<number>, oldCovariance: ArrayLike<number>): number {
  return Array.from(covariance, (x, i) => (x - oldCovariance[i]) ** 2).reduce((sum, square) => sum + square, 0);
}

/** tr(I + Σ_old⁻¹ Σ − 2 Σ_old^−½ Σ^½). */
export function wassersteinDistance(covariance: ArrayLike<number>, oldCovariance: ArrayLike<number>): number {
  const n = Math.round(Math.sqrt(covariance.length));
  const square = choleskySolve(choleskyFactor(oldCovariance), covariance);
  const root = choleskySolve(choleskyFactor(symmetricSquareRoot(oldCovariance)), symmetricSquareRoot(covariance));
  let trace = n;
  for (let i = 0; i < n; i++) trace += square[i * n + i] - 2 * root[i * n + i];
  return trace;
}

/** diag(σ²), [n, n]. */
export function diagonalCovariance(deviation: ArrayLike<number>): Float64Array {
  const n = deviation.length;
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? deviation[k % n] * deviation[k % n] : 0));
}

/** The value of an expression of inputs in float64. */
export function valuesOf(tensor: Tensor, feeds: Readonly<Record<string, ArrayLike<number> | number>>): number[] {
  const value = evaluate(tensor, feeds);
  return typeof value === "number" ? [value] : [...value];
}

/** Reverse mode against differences of fourth order, of a scalar that weighs each element of the result differently. */
export function expectGradients(
  result: Tensor,
  inputs: readonly Tensor[],
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): void {
  const weights = input("weights", result.shape);
  const given = { ...feeds, weights: Float64Array.from({ length: valuesOf(result, feeds).length }, (_, i) => ((i * 7) % 5) - 1.75) };
  const loss = result.mul(weights).sum().add(result.square().sum());
  const gradients = grad(loss, inputs);
  inputs.forEach((tensor, k) => {
    const name = tensor.name!;
    const gradient = valuesOf(gradients[k], given);
    const point = Array.from(feeds[name]);
    point.forEach((x, i) => {
      // In proportion to a bound, which may be small.
      const h = 1e-4 * Math.max(0.01, Math.min(1, Math.abs(x)));
      const at = (step: number): number => valuesOf(loss, { ...given, [name]: point.with(i, x + step) })[0];
      const difference = (at(-2 * h) - 8 * at(-h) + 8 * at(h) - at(2 * h)) / (12 * h);
      // h⁴ times a fifth derivative, and 1e-16/h of the loss.
      expect(Math.abs(gradient[i] - difference)).toBeLessThan(1e-7 * Math.max(1, Math.abs(difference), Math.abs(at(0))));
    });
  });
}

/** 1e-10, relative beyond 1. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-10): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected[i])));
  }
}
