import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Step } from "../planned/kernel.js";
import { stretchOf } from "./stretch.js";

/** The most results, and the most operands, of one fused loop: more would only spill registers. */
const MOST_NODES = 48;
const MOST_OPERANDS = 14;

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

/**
 * Gathers elementwise steps into groups: a step joins the latest group of its shape, unless the group would then have
 * to run both before and after something else.
 *
 * @param steps - In an order in which they can run.
 * @param fusable - Whether a step can be part of a fused loop.
 * @returns Units in an order in which they can run.
 */
export function fuse(steps: readonly Step[], fusable: (node: Tensor) => boolean): Unit[] {
  const units = new Map<Tensor, Unit>();
  const all: Unit[] = [];
  const latest = new Map<string, Group[]>();
  for (const step of steps) {
    const [node] = step.writes;
    const candidates = fusable(node) ? (latest.get(node.shape.join()) ?? []) : [];
    const joined = candidates.findLast((group) => accepts(group, step, units));
    if (joined !== undefined) {
      join(joined, step);
      units.set(node, all.find((unit) => "group" in unit && unit.group === joined)!);
      continue;
    }
    const group = fusable(node) ? startGroup(step) : undefined;
    const unit: Unit = group === undefined ? { step } : { group };
    if (group !== undefined) latest.set(node.shape.join(), [...candidates, group].slice(-4));
    all.push(unit);
    units.set(node, unit);
  }
  return inOrder(all, units);
}

/** The tensor that computes what a read refers to: aliases stand for what they are of. */
function producerOf(tensor: Tensor, units: ReadonlyMap<Tensor, Unit>): Unit | undefined {
  let producer = tensor;
  while (!units.has(producer) && isAlias(producer)) producer = producer.inputs[0];
  return units.get(producer);
}

function isAlias({ primitive }: Tensor): boolean {
  return primitive === "reshape" || primitive === "stopGradient" || primitive === "customGradient";
}

function startGroup(step: Step): Group | undefined {
  const [node] = step.writes;
  const group: Group = { shape: node.shape, nodes: [], reads: new Map(), operands: new Set(), split: undefined };
  if (!fits(group, step)) return undefined;
  join(group, step);
  return group;
}

/** Whether the step's operands are stretched in ways that the group's loop can read. */
function fits(group: Group, step: Step): boolean {
  let { split } = group;
  for (const read of step.reads) {
    if (group.reads.has(read)) continue;
    const stretch = stretchOf(read.shape, group.shape);
    if (stretch === undefined) return false;
    if (!("split" in stretch)) continue;
    if (split !== undefined && split !== stretch.split) return false;
    split = stretch.split;
  }
  return true;
}

function accepts(group: Group, step: Step, units: ReadonlyMap<Tensor, Unit>): boolean {
  if (group.nodes.length >= MOST_NODES || !fits(group, step)) return false;
  const outside = step.reads.filter((read) => !group.reads.has(read));
  if (new Set([...group.operands, ...outside]).size > MOST_OPERANDS) return false;
  // An operand that needs the group, by any way, cannot be ready before it.
  const seen = new Set<Unit>();
  const stack = outside.map((read) => producerOf(read, units));
  while (stack.length > 0) {
    const unit = stack.pop();
    if (unit === undefined || seen.has(unit)) continue;
    if ("group" in unit && unit.group === group) return false;
    seen.add(unit);
    const reads = "group" in unit ? [...unit.group.operands] : unit.step.reads;
    for (const read of reads) stack.push(producerOf(read, units));
  }
  return true;
}

function join(group: Group, step: Step): void {
  const [node] = step.writes;
  for (const read of step.reads) {
    if (group.reads.has(read)) continue;
    group.operands.add(read);
    const stretch = stretchOf(read.shape, group.shape)!;
    if ("split" in stretch) group.split = stretch.split;
  }
  group.nodes.push(node);
  group.reads.set(node, step.reads);
}

/** Units sorted so that each comes after what it reads. */
function inOrder(all: readonly Unit[], units: ReadonlyMap<Tensor, Unit>): Unit[] {
  const order: Unit[] = [];
  const done = new Set<Unit>();
  for (const root of all) {
    const stack = [root];
    while (stack.length > 0) {
      const unit = stack[stack.length - 1];
      if (done.has(unit)) {
        stack.pop();
        continue;
      }
      const reads = "group" in unit ? [...unit.group.operands] : unit.step.reads;
      const missing = reads.map((read) => producerOf(read, units)).find((other) => other !== undefined && !done.has(other));
      if (missing !== undefined) stack.push(missing);
      else {
        done.add(unit);
        order.push(unit);
        stack.pop();
      }
    }
  }
  return order;
}
