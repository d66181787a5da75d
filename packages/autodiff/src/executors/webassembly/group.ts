import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Step } from "../planned/kernel.js";

/** The most results, and the most operands, of one fused loop: more would only spill registers. */
export const MOST_NODES = 48;
export const MOST_OPERANDS = 14;

/** Elementwise steps of one shape that one loop computes together, each after those it needs. */
export interface Group {
  readonly shape: Shape;
  readonly nodes: Tensor[];
  /** For each node, what it reads: nodes of the group, or operands from outside. */
  readonly reads: Map<Tensor, readonly Tensor[]>;
  /** What is read from outside. */
  readonly operands: Set<Tensor>;
  /** Where operands split the axes into rows and columns, if they do. */
  split: number | undefined;
}

/** What runs in the place of steps: a step as it was, or a group. */
export type Unit = { readonly step: Step } | { readonly group: Group };

/** What a unit reads. */
export function readsOf(unit: Unit): readonly Tensor[] {
  return "group" in unit ? [...unit.group.operands] : unit.step.reads;
}
