import { concreteShape } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

/** Memory of one tensor, or of several in turn whose lifetimes do not overlap. */
export interface Slot {
  /** At least as long as the tensor. An input's slot holds what was fed, a variable's the store's values. */
  data: Float32Array | Int32Array;
}

/** A tensor as a kernel reads it: its memory, and the shape that the memory has. */
export interface Operand {
  readonly slot: Slot;
  readonly tensor: Tensor;
}

/** One step of a prepared program. */
export interface Kernel {
  /** Takes the lengths of the named dimensions; called when they change. */
  bind(bindings: Bindings): void;
  /** Computes the step. */
  run(): void;
}

/** Makes the kernel that computes a tensor from its operands. */
export type KernelMaker<T extends Tensor = Tensor> = (node: T, inputs: readonly Operand[], out: Slot) => Kernel;

/** A tensor's lengths in this run. */
export function lengthsOf(tensor: Tensor, bindings: Bindings): readonly number[] {
  return concreteShape(tensor.shape, bindings);
}
