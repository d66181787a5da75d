import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Step } from "../planned/kernel.js";
import type { Stretch } from "./stretch.js";

/** The most results of one fused loop: more would only spill registers. */
export const MOST_NODES = 48;

/** The most operands of one fused loop, each of which takes a register for its address. */
export const MOST_OPERANDS = 14;

/** What one loop over a shape computes: elementwise nodes, each after those it needs, and reductions of them. */
export interface Group {
  readonly shape: Shape;
  readonly nodes: Tensor[];
  /** For each node, what it reads: nodes of the group, or operands from outside. */
  readonly reads: Map<Tensor, readonly Tensor[]>;
  /** Sums and maxima of nodes, or of operands of the group's shape. */
  readonly reductions: Tensor[];
  /** What is read from outside. */
  readonly operands: Set<Tensor>;
  /** Where operands and reductions split the axes into rows and columns, if they do. */
  split: number | undefined;
  /** A matrix product that only the group reads: the loop takes it over, some rows at a time, while they are in cache. */
  product: Step | undefined;
}

/** What runs in the place of steps: a step as it was, or a group. */
export type Unit = { readonly step: Step } | { readonly group: Group };

/** A group of this shape without anything in it. */
export function emptyGroup(shape: Shape): Group {
  return { shape, nodes: [], reads: new Map(), reductions: [], operands: new Set(), split: undefined, product: undefined };
}

/** What a unit computes for others to read. */
export function resultsOf(unit: Unit): readonly Tensor[] {
  return "group" in unit ? [...unit.group.nodes, ...unit.group.reductions] : unit.step.writes;
}

/** What a unit reads. */
export function readsOf(unit: Unit): readonly Tensor[] {
  return "group" in unit ? [...unit.group.operands, ...(unit.group.product?.reads ?? [])] : unit.step.reads;
}

/**
 * Where stretches split the axes of a loop into rows and columns.
 *
 * @returns The split, undefined for none; false where the loop cannot have them all.
 */
export function commonSplit(
  stretches: Iterable<Stretch | undefined>,
  split: number | undefined,
): number | undefined | false {
  let common = split;
  for (const stretch of stretches) {
    if (stretch === undefined) return false;
    if (!("split" in stretch)) continue;
    if (common !== undefined && common !== stretch.split) return false;
    common = stretch.split;
  }
  return common;
}
