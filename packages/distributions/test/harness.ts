import { compile, grad, input, interpreter, topologicalOrder } from "@uphill/autodiff";
import type { Backend, NumericArray, Program, Shape, Tensor, TensorRecord } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect } from "vitest";
import { fillNoise } from "../src/index.js";
import type { Distribution } from "../src/index.js";

/** How many samples the laws about means take. */
export const sampleCount = 1_000;
/** On how many generated distributions they are tried; shrinking a failure of theirs would take many minutes. */
export const fewRuns = { numRuns: 10, endOnFailure: true };
/** On how many generated distributions laws are tried that sum over a grid of values, or differentiate numerically. */
export const someRuns = { numRuns: 20, endOnFailure: true };
/** Generated seeds of random streams. */
export const seeds = fc.nat();

/** Lists of thousandths between two bounds: parameters that shrink in few steps. */
export function numbersBetween(low: number, high: number, length: number): fc.Arbitrary<number[]> {
  const thousandths = fc.integer({ min: Math.round(low * 1000), max: Math.round(high * 1000) }).map((count) => count / 1000);
  return fc.array(thousandths, { minLength: length, maxLength: length });
}

/** Lists of thousandths from −2 to 2: doubles would shrink for minutes through their last digits. */
export function moderateNumbers(length: number): fc.Arbitrary<number[]> {
  return numbersBetween(-2, 2, length);
}

/** The parameters of one distribution by name, each row-major. */
export type ParameterValues = Readonly<Record<string, readonly number[]>>;

/** What not every family has in closed form. */
export type ClosedForm = "entropy" | "mean" | "kl" | "fisher";

/** Values of one distribution, row-major, with weights: a sum over them is one over all values, or an integral. */
export interface Grid {
  readonly points: readonly number[];
  readonly weights: readonly number[];
}

/** What the contract needs to know of a family. */
export interface Subject<D extends Distribution = Distribution> {
  readonly name: string;
  /** Shapes of the parameters of one distribution. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** The distribution of parameters whose shapes are those, with the same batch axes in front of each. */
  make(parameters: TensorRecord): D;
  /** Moderate parameters of one distribution: no outcome so rare that the samples of a law see it only a few times. */
  readonly values: fc.Arbitrary<ParameterValues>;
  /** What it refuses to give. */
  readonly without?: readonly ClosedForm[];
  /** Whether the mode is what the most probable noise makes, and not the maximum of the density. */
  readonly modeIsImage?: boolean;
  /** All its values, or so many that integrals over them are right to 1e-9. */
  readonly grid?: Grid;
  /** What float32 is to be right to, relative to 1 and to the value; 1e-5 by default. */
  readonly tolerance?: number;
}

/** Whether a family has something in closed form. */
export function has(subject: Subject, form: ClosedForm): boolean {
  return !(subject.without ?? []).includes(form);
}

/** A batch of distributions of a family, its parameters inputs called `${prefix}${parameter}`. */
export function batchOf<D extends Distribution>(subject: Subject<D>, batch: Shape = ["batch"], prefix = ""): D {
  const entries = Object.entries(subject.shapes).map(([name, shape]) => [name, input(prefix + name, [...batch, ...shape])]);
  return subject.make(Object.fromEntries(entries) as TensorRecord);
}

/** Feeds for {@link batchOf}: parameters of a distribution `count` times. */
export function repeated(values: ParameterValues, count: number, prefix = ""): Record<string, number[]> {
  return Object.fromEntries(Object.entries(values).map(([name, row]) => [prefix + name, timesOver(row, count)]));
}

function timesOver(row: readonly number[], count: number): number[] {
  const rows = new Array<number>(count * row.length);
  for (let i = 0; i < rows.length; i++) rows[i] = row[i % row.length];
  return rows;
}

/** The value of a distribution as an input. */
export function valueInput({ batchShape, eventShape, dtype }: Distribution, name = "value"): Tensor {
  return input(name, [...batchShape, ...eventShape], dtype);
}

/** Programs of {@link run} by their outputs and backend: properties run the same ones many times. */
const programs = new WeakMap<TensorRecord, Map<Backend, Program>>();

function programOf(inputs: readonly Tensor[], outputs: TensorRecord, backend: Backend): Program {
  const compiled = programs.get(outputs) ?? new Map<Backend, Program>();
  programs.set(outputs, compiled);
  const named = Object.fromEntries(inputs.map((one) => [one.name!, one]));
  const program = compiled.get(backend) ?? compile({ inputs: named, outputs, backend });
  compiled.set(backend, program);
  return program;
}

/** Values of expressions for feeds that may name more inputs than the expressions read. */
export function run<R extends TensorRecord>(
  inputs: readonly Tensor[],
  outputs: R,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
  backend: Backend = interpreter,
): { [K in keyof R]: number[] } {
  const results: Record<string, number | NumericArray> = programOf(inputs, outputs, backend).run(feeds);
  const lists = Object.entries(results).map(([name, result]) => [name, typeof result === "number" ? [result] : [...result]]);
  return Object.fromEntries(lists) as { [K in keyof R]: number[] };
}

/** The inputs that the parameters of distributions are, or are made from. */
export function parametersOf(...distributions: readonly Distribution[]): Tensor[] {
  return distributions.flatMap(({ parameters }) =>
    topologicalOrder(Object.values(parameters)).filter(({ primitive }) => primitive === "input"),
  );
}

/** A batch of a family with what samples it, made once for each. */
const samplers = new WeakMap<Subject, { distribution: Distribution; inputs: Tensor[]; outputs: { value: Tensor } }>();

function samplerOf(subject: Subject): { distribution: Distribution; inputs: Tensor[]; outputs: { value: Tensor } } {
  const known = samplers.get(subject);
  if (known !== undefined) return known;
  const distribution = batchOf(subject);
  const noise = input("noise", distribution.noise.shape);
  const made = {
    distribution,
    inputs: [...parametersOf(distribution), noise],
    outputs: { value: distribution.sample(noise) },
  };
  samplers.set(subject, made);
  return made;
}

/** Samples that were drawn last: laws of one kind are tried on the same distributions and seeds, one after the other. */
const drawn = new Map<string, readonly number[]>();
/** As many as such a law is tried on, and a few. */
const mostDrawn = 16;

/** `count` samples of a distribution, row-major, in float64. */
export function samples(subject: Subject, values: ParameterValues, count: number, seed: number): readonly number[] {
  const key = JSON.stringify([subject.name, values, count, seed]);
  const known = drawn.get(key) ?? drawSamples(subject, values, count, seed);
  drawn.set(key, known);
  if (drawn.size > mostDrawn) drawn.delete(drawn.keys().next().value!);
  return known;
}

function drawSamples(subject: Subject, values: ParameterValues, count: number, seed: number): readonly number[] {
  const { distribution, inputs, outputs } = samplerOf(subject);
  const parameters = repeated(values, count);
  const noise = new Float64Array(count * widthOf(distribution));
  fill(distribution, parameters, new Random(seed), noise);
  return run(inputs, outputs, { ...parameters, noise })["value"];
}

/** Fills noise of any kind. */
export function fill(
  distribution: Distribution,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
  random: Random,
  out: Float64Array | Float32Array,
): void {
  if (distribution.noise.kind === "sample") distribution.draw!(parameters, random, out);
  else fillNoise(distribution.noise.kind, random, out);
}

/** How many numbers of noise one sample takes. */
function widthOf({ noise, batchShape }: Distribution): number {
  return elementsOf(noise.shape.slice(batchShape.length));
}

/** Expects a mean of independent numbers within six of its standard errors: a false alarm in 500 million. */
export function expectMean(numbers: readonly number[], expected: number, label = "mean"): void {
  if (!Number.isFinite(expected)) {
    expect(numbers.every((value) => value === expected), `${label}: not all ${expected}`).toBe(true);
    return;
  }
  const count = numbers.length;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / count;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const allowed = 6 * Math.sqrt(variance / count) + 1e-12;
  expect(Math.abs(mean - expected), `${label}: ${mean} for ${expected} ± ${allowed}`).toBeLessThanOrEqual(allowed);
}

/** Expects each number within `tolerance` times the larger of 1 and the largest expected magnitude. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const sizes = Array.from(expected, Math.abs).filter(Number.isFinite);
  const scale = sizes.reduce((largest, size) => Math.max(largest, size), 1);
  for (let i = 0; i < expected.length; i++) {
    const difference = Object.is(actual[i], expected[i]) ? 0 : Math.abs(actual[i] - expected[i]);
    // An expect takes tens of microseconds: it is asked only where there is something wrong.
    if (difference <= tolerance * scale) continue;
    expect(difference, `element ${i}: ${actual[i]} for ${expected[i]}`).toBeLessThanOrEqual(tolerance * scale);
  }
}

/** Changes of a central difference good to the fourth order, with the weights of the values there, in steps. */
const stencil = [[-2, 1 / 12], [-1, -2 / 3], [1, 2 / 3], [2, -1 / 12]] as const;

/**
 * A check that the derivatives of numbers in inputs are their central differences, in float64.
 * Four values, in steps of 1e-4, make them good to about 1e-11 of the numbers' size and 3e-18 of their fifth derivative.
 *
 * @param numbers - `[batch, …]`, each row of which depends on no other's inputs: all differences are taken by one run.
 * @param moving - The inputs to differentiate in, `[batch, …]`.
 * @param inputs - All inputs, `[batch, …]`.
 */
export function derivativeCheck(
  numbers: Tensor,
  moving: readonly Tensor[],
  inputs: readonly Tensor[],
  tolerance = 1e-7,
): (feeds: Readonly<Record<string, readonly number[]>>) => void {
  const step = 1e-4;
  const derivatives = Object.fromEntries(grad(numbers.sum(), moving).map((each, k) => [`${k}`, each]));
  const value = { row: numbers.sum(numbers.shape.slice(1).map((_, axis) => axis + 1)) };
  return (feeds) => {
    const widths = moving.map(({ shape }) => elementsOf(shape.slice(1)));
    const batch = feeds[moving[0].name!].length / widths[0];
    const moves = moving.flatMap((tensor, k) =>
      Array.from({ length: widths[k] }, (_, element) => ({ tensor, k, element })),
    );
    // For each element that moves four copies of the batch, in all rows of which it has moved.
    const copies = moves.flatMap((move) => stencil.map(([steps]) => ({ ...move, change: steps * step })));
    const stacked = Object.fromEntries(
      inputs.map(({ name }) => {
        const row = feeds[name!];
        const width = row.length / batch;
        const moved = copies.flatMap(({ tensor, element, change }) =>
          tensor.name === name ? row.map((x, i) => (i % width === element ? x + change : x)) : row,
        );
        return [name!, moved];
      }),
    );
    const { row } = run(inputs, value, stacked);
    const differences = moving.map((_, k) => new Float64Array(batch * widths[k]));
    moves.forEach(({ k, element }, move) => {
      for (let i = 0; i < batch; i++) {
        const terms = stencil.map(([, weight], at) => weight * row[(move * stencil.length + at) * batch + i]);
        differences[k][i * widths[k] + element] = terms.reduce((sum, term) => sum + term) / step;
      }
    });
    const analytic = run(inputs, derivatives, feeds);
    differences.forEach((each, k) => expectClose(analytic[`${k}`], each, tolerance));
  };
}

function elementsOf(shape: Shape): number {
  return shape.reduce<number>((product, length) => product * Number(length), 1);
}

/** Noise for one sample, each element the same. */
export function noiseFilledWith(distribution: Distribution, value: number): number[] {
  return Array<number>(widthOf(distribution)).fill(value);
}

/** Noise for one sample, its elements spread from `low` up to below `high`. */
export function noiseBetween(distribution: Distribution, low: number, high: number): number[] {
  const width = widthOf(distribution);
  return Array.from({ length: width }, (_, i) => low + ((high - low) * i) / width);
}
