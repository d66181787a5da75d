import { concreteShape } from "../../shape.js";
import type { Variable } from "../../leaves.js";
import type { Bindings, Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

/** Memory of one tensor, or of several in turn whose lifetimes do not overlap. */
export interface Slot {
  /** At least as long as the tensor; another array after the memory has grown. */
  readonly data: Float32Array | Int32Array;
  /** Where the data starts in linear memory, in bytes; 0 where it lies in an array of its own. */
  readonly address: number;
}

/** A tensor as a kernel reads it: its memory, and the shape that the memory has. */
export interface Operand {
  readonly slot: Slot;
  readonly tensor: Tensor;
}

/** One step of a prepared program. */
export interface Kernel {
  /** Whether it is a function of the program's module; otherwise it is a loop of the host. */
  readonly emitted?: true;
  /** Takes the lengths of the named dimensions; called when they change. */
  bind(bindings: Bindings): void;
  /** Computes the step. */
  run(): void;
}

/** Makes the kernel that computes a tensor from its operands. */
export type KernelMaker = (node: Tensor, inputs: readonly Operand[], out: Slot) => Kernel;

/** A step before memory is assigned to it. */
export interface Step {
  /** What it computes; each gets memory of its own, unless it is written in place. */
  readonly writes: readonly Tensor[];
  /** What is written straight into the memory of the variable whose next value it is. */
  readonly inPlace?: ReadonlyMap<Tensor, Variable>;
  /** All that it computes on the way, what it writes included; what it writes by default. */
  readonly computes?: readonly Tensor[];
  /** What it reads, in the order of its operands. */
  readonly reads: readonly Tensor[];
  /** Shapes of float32 memory that it works on while it runs; none by default. */
  readonly scratch?: readonly Shape[];
  /** Makes its kernel once the memory is known. */
  make(inputs: readonly Operand[], outputs: readonly Slot[], scratch: readonly Slot[]): Kernel;
}

/** A tensor's lengths in this run. */
export function lengthsOf(tensor: Tensor, bindings: Bindings): readonly number[] {
  return concreteShape(tensor.shape, bindings);
}
