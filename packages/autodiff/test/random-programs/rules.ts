import { log } from "@uphill/core-math";
import type { PrimitiveName } from "../../src/primitives/primitive.js";
import { applied, DENORMAL, eachElement, magnitudes, UNIT } from "./bounded.js";
import type { Analysed, Bounded } from "./bounded.js";
import { elementwiseRules } from "./elementwise-rules.js";

type Rules = { readonly [P in PrimitiveName]: (analysed: Analysed<P>) => Float64Array };

/** n roundings of a sum in any order, with or without fused products. */
const sumOf = (n: number): number => (n * UNIT) / (1 - n * UNIT);

/** float32's rounding of numbers that are given. */
function rounded({ values: { data } }: Analysed<PrimitiveName>): Float64Array {
  return eachElement(data.length, (i) => Math.abs(Math.fround(data[i]) - data[i]));
}

/** Elements only change places. */
function moved<P extends PrimitiveName>(analysed: Analysed<P>): Float64Array {
  return applied(analysed, analysed.inputs.map(({ errors }) => errors));
}

/** As {@link moved}, to places that indices name; these have to be certain. */
function indexed<P extends PrimitiveName>(analysed: Analysed<P>): Float64Array {
  const [source, indices] = analysed.inputs;
  if (isOpen(indices)) return new Float64Array(analysed.values.data.length).fill(Infinity);
  return applied(analysed, [source.errors, indices.values.data]);
}

function isOpen({ errors }: Bounded): boolean {
  return errors.some((error) => error > 0);
}

/** How float32's results may differ from float64's, for each primitive; one without a rule does not type-check. */
export const rules: Rules = {
  input: rounded,
  variable: rounded,
  constant: rounded,
  size: rounded,
  ...elementwiseRules,
  sum: (analysed) => {
    const [x] = analysed.inputs;
    const count = x.errors.length / Math.max(1, analysed.values.data.length);
    const errors = moved(analysed);
    const sizes = applied(analysed, [magnitudes(x)]);
    return eachElement(errors.length, (i) => errors[i] + sumOf(count) * sizes[i]);
  },
  max: moved,
  logSumExp: logSumExpErrors,
  argMax: argMaxErrors,
  broadcast: moved,
  reshape: moved,
  transpose: moved,
  slice: moved,
  pad: moved,
  concat: moved,
  gather: indexed,
  takeAlong: indexed,
  putAlong: indexed,
  scatterAdd: (analysed) => {
    const [source, indices] = analysed.inputs;
    const errors = indexed(analysed);
    const sizes = applied(analysed, [magnitudes(source), indices.values.data]);
    return eachElement(errors.length, (i) => errors[i] + sumOf(indices.errors.length) * sizes[i]);
  },
  matmul: (analysed) => {
    const [a, b] = analysed.inputs;
    const inner = a.values.shape[analysed.node.attributes.transposeA ? 0 : 1];
    const [sizeA, sizeB] = [magnitudes(a), magnitudes(b)];
    const absoluteB = b.values.data.map(Math.abs);
    const fromA = applied(analysed, [a.errors, absoluteB]);
    const fromB = applied(analysed, [sizeA, b.errors]);
    const sizes = applied(analysed, [sizeA, sizeB]);
    return eachElement(sizes.length, (i) => fromA[i] + fromB[i] + sumOf(inner + 1) * sizes[i] + (inner + 1) * DENORMAL);
  },
  stopGradient: ({ inputs: [x] }) => x.errors,
  customGradient: ({ inputs: [x] }) => x.errors,
  // What a function of the host does is not known here.
  hostOperation: ({ values: { data } }) => new Float64Array(data.length).fill(Infinity),
};

/** The result moves no more than the elements do; the terms of its sum are rounded, each by its part of the whole. */
function logSumExpErrors({ inputs: [x], values: { data } }: Analysed<"logSumExp">): Float64Array {
  const width = x.values.shape.at(-1)!;
  return eachElement(data.length, (row) => {
    let [largest, error] = [-Infinity, 0];
    for (let j = row * width; j < (row + 1) * width; j++) {
      largest = Math.max(largest, x.values.data[j]);
      error = Math.max(error, x.errors[j]);
    }
    // A term e^−d is off by d and by the function's own error, relative to itself; d e^−d is at most 1/e.
    const terms = 0.5 * width + 16 + width;
    return error + UNIT * (terms + 16 * log(width + 1) + 2 * (Math.abs(largest) + Math.abs(data[row]) + error));
  });
}

/** Certain where no other element may be as large. */
function argMaxErrors({ inputs: [x], values: { data } }: Analysed<"argMax">): Float64Array {
  const width = x.values.shape.at(-1)!;
  return eachElement(data.length, (row) => {
    const best = row * width + data[row];
    for (let j = row * width; j < (row + 1) * width; j++) {
      const reach = x.errors[j] + x.errors[best];
      if (j !== best && reach > 0 && x.values.data[best] - x.values.data[j] <= reach) return width;
    }
    return 0;
  });
}
