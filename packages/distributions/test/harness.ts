import { compile, input, interpreter } from "@uphill/autodiff";
import type { Backend, NumericArray, Shape, Tensor, TensorRecord } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect } from "vitest";
import { fillNoise } from "../src/index.js";
import type { Distribution } from "../src/index.js";

/** How many samples the laws about means take. */
export const sampleCount = 10_000;
/** On how few generated distributions; shrinking a failure of theirs would take many minutes. */
export const fewRuns = { numRuns: 3, endOnFailure: true };
/** Generated seeds of random streams. */
export const seeds = fc.nat();

/** Lists of thousandths from −2 to 2: doubles would shrink for minutes through their last digits. */
export function moderateNumbers(length: number): fc.Arbitrary<number[]> {
  const thousandths = fc.integer({ min: -2000, max: 2000 }).map((count) => count / 1000);
  return fc.array(thousandths, { minLength: length, maxLength: length });
}

/** The parameters of one distribution by name, each row-major. */
export type ParameterValues = Readonly<Record<string, readonly number[]>>;

/** What the contract needs to know of a family. */
export interface Subject<D extends Distribution = Distribution> {
  readonly name: string;
  /** Shapes of the parameters of one distribution. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** The distribution of parameters whose shapes are those, with the same batch axes in front of each. */
  make(parameters: TensorRecord): D;
  /** Moderate parameters of one distribution: no outcome so rare that 10,000 samples see it less than a few dozen times. */
  readonly values: fc.Arbitrary<ParameterValues>;
}

/** A batch of distributions of a family, its parameters inputs called `${prefix}${parameter}`. */
export function batchOf<D extends Distribution>(subject: Subject<D>, batch: Shape = ["batch"], prefix = ""): D {
  const entries = Object.entries(subject.shapes).map(([name, shape]) => [name, input(prefix + name, [...batch, ...shape])]);
  return subject.make(Object.fromEntries(entries) as TensorRecord);
}

/** Feeds for {@link batchOf}: parameters of a distribution `count` times. */
export function repeated(values: ParameterValues, count: number, prefix = ""): Record<string, number[]> {
  const rows = Array.from({ length: count }, (_, row) => row);
  return Object.fromEntries(Object.entries(values).map(([name, row]) => [prefix + name, rows.flatMap(() => row)]));
}

/** The value of a distribution as an input. */
export function valueInput({ batchShape, eventShape, dtype }: Distribution, name = "value"): Tensor {
  return input(name, [...batchShape, ...eventShape], dtype);
}

/** Values of expressions for feeds that may name more inputs than the expressions read. */
export function run<R extends TensorRecord>(
  inputs: readonly Tensor[],
  outputs: R,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
  backend: Backend = interpreter,
): { [K in keyof R]: number[] } {
  const named = Object.fromEntries(inputs.map((one) => [one.name!, one]));
  const results: Record<string, number | NumericArray> = compile({ inputs: named, outputs, backend }).run(feeds);
  const lists = Object.entries(results).map(([name, result]) => [name, typeof result === "number" ? [result] : [...result]]);
  return Object.fromEntries(lists) as { [K in keyof R]: number[] };
}

/** The inputs that a distribution's parameters are. */
export function parametersOf(...distributions: readonly Distribution[]): Tensor[] {
  return distributions.flatMap(({ parameters }) => Object.values(parameters));
}

/** `count` samples of a distribution, row-major, in float64. */
export function samples(subject: Subject, values: ParameterValues, count: number, seed: number): number[] {
  const distribution = batchOf(subject);
  const noise = input("noise", distribution.noise.shape);
  const width = distribution.noise.shape.slice(1).reduce<number>((product, length) => product * Number(length), 1);
  const drawn = new Float64Array(count * width);
  fillNoise(distribution.noise.kind, new Random(seed), drawn);
  const feeds = { ...repeated(values, count), noise: drawn };
  return run([...parametersOf(distribution), noise], { value: distribution.sample(noise) }, feeds)["value"];
}

/** Expects a mean of independent numbers within five of its standard errors: a false alarm in 1.7 million. */
export function expectMean(numbers: readonly number[], expected: number, label = "mean"): void {
  const count = numbers.length;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / count;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const allowed = 5 * Math.sqrt(variance / count) + 1e-12;
  expect(Math.abs(mean - expected), `${label}: ${mean} for ${expected} ± ${allowed}`).toBeLessThanOrEqual(allowed);
}

/** Expects each number within `tolerance` times the larger of 1 and the largest expected magnitude. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    expect(difference, `element ${i}: ${actual[i]} for ${expected[i]}`).toBeLessThanOrEqual(tolerance * scale);
  }
}

/**
 * Expects the derivatives of a scalar in an input to be its central differences, in float64.
 * With steps of 1e-5 these are good to about 1e-9 of the function's size.
 */
export function expectDerivative(
  scalar: Tensor,
  derivative: Tensor,
  name: string,
  feeds: Readonly<Record<string, readonly number[]>>,
  allInputs: readonly Tensor[],
): void {
  const step = 1e-5;
  const at = (index: number, change: number) => {
    const moved = feeds[name].map((value, i) => (i === index ? value + change : value));
    return run(allInputs, { scalar }, { ...feeds, [name]: moved })["scalar"][0];
  };
  const differences = feeds[name].map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
  expectClose(run(allInputs, { derivative }, feeds)["derivative"], differences, 1e-7);
}

/** Noise for one sample, each element the same. */
export function noiseFilledWith({ noise, batchShape }: Distribution, value: number): number[] {
  const width = noise.shape.slice(batchShape.length).reduce<number>((product, length) => product * Number(length), 1);
  return Array<number>(width).fill(value);
}
