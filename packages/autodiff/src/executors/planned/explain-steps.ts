import type { Graph } from "../../backend.js";
import type { ExplainedStep } from "../../explanation.js";
import { Variable } from "../../leaves.js";
import type { PrimitiveName } from "../../primitives/primitive.js";
import { concreteShape, elementCount } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Kernel } from "./kernel.js";
import type { PlannedStep } from "./plan.js";

/** What is known of a step, with the time that it took. */
export function explainStep({ step, kernel }: PlannedStep, bindings: Bindings, timeUs: number): ExplainedStep {
  const computes = step.computes ?? step.writes;
  const lengthsOf = (tensor: Tensor): readonly number[] => concreteShape(tensor.shape, bindings);
  const count = (tensor: Tensor): number => elementCount(lengthsOf(tensor));
  const sum = (tensors: readonly Tensor[], of: (tensor: Tensor) => number): number =>
    tensors.reduce((total, tensor) => total + of(tensor), 0);
  const copies = step.writes.length === 1 && step.reads.length === 1 && isCopy(step.writes[0], step.reads[0]);
  const inPlace = [...(step.inPlace?.values() ?? [])].map(({ name }) => name);
  return {
    primitives: copies ? ["copy"] : computes.map(({ primitive }) => primitive),
    shape: lengthsOf(computes[0]),
    names: [...new Set(computes.flatMap(({ name }) => name ?? []))],
    inPlace,
    emitted: kernel.emitted === true,
    bytes: 4 * (sum(step.reads, count) + sum(step.writes, count)),
    flops: copies ? 0 : sum(computes, (tensor) => flopsOf(tensor, lengthsOf)),
    timeUs,
  };
}

/** A copy of an output, or the value of an update on its way to its variable. */
function isCopy(written: Tensor, read: Tensor): boolean {
  return written === read || (written instanceof Variable && !written.inputs.includes(read));
}

const withoutArithmetic: ReadonlySet<PrimitiveName> = new Set([
  "broadcast", "transpose", "slice", "pad", "concat", "gather", "takeAlong", "putAlong", "size", "hostOperation",
]);

const readsAll: ReadonlySet<PrimitiveName> = new Set(["sum", "max", "argMax", "logSumExp", "scatterAdd"]);

/** Additions, multiplications and the like. An elementary function counts as one, moving numbers as none. */
function flopsOf(tensor: Tensor, lengthsOf: (tensor: Tensor) => readonly number[]): number {
  const { primitive, inputs } = tensor;
  if (withoutArithmetic.has(primitive)) return 0;
  if (primitive === "matmul") return 2 * elementCount(lengthsOf(inputs[0])) * lengthsOf(tensor)[1];
  return elementCount(lengthsOf(readsAll.has(primitive) ? inputs[0] : tensor));
}

/** Median time of each kernel over rounds in which all run in order, in microseconds. */
export function timesOfUs(kernels: readonly Kernel[], rounds: number): number[] {
  const times = kernels.map(() => new Float64Array(rounds));
  for (let round = 0; round < rounds; round++) {
    kernels.forEach((kernel, index) => {
      const start = performance.now();
      kernel.run();
      times[index][round] = 1000 * (performance.now() - start);
    });
  }
  return times.map((values) => values.sort()[rounds >> 1]);
}

/** Bytes of the variables that a program reads or changes. */
export function bytesOfVariables({ order, updates }: Graph): number {
  const variables = new Set([...order.filter((tensor) => tensor instanceof Variable), ...updates.map(({ variable }) => variable)]);
  return [...variables].reduce((sum, { initial }) => sum + initial.byteLength, 0);
}
