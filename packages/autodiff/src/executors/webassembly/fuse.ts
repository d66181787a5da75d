import type { Tensor } from "../../tensor.js";
import type { Step } from "../planned/kernel.js";
import { MOST_NODES, MOST_OPERANDS, readsOf } from "./group.js";
import type { Group, Unit } from "./group.js";
import { sink } from "./sink.js";
import { stretchOf } from "./stretch.js";

/**
 * Gathers elementwise steps into groups: a step joins the latest group of its shape, unless the group would then have
 * to run both before and after something else.
 *
 * @param steps - In an order in which they can run.
 * @param fusable - Whether a step can be part of a fused loop.
 * @param isKept - Whether something outside of these steps reads a tensor.
 * @returns Units in an order in which they can run.
 */
export function fuse(
  steps: readonly Step[],
  fusable: (node: Tensor) => boolean,
  isKept: (tensor: Tensor) => boolean,
): Unit[] {
  const units = new Map<Tensor, Unit>();
  const all: Unit[] = [];
  const latest = new Map<string, Group[]>();
  for (const step of steps) {
    const [node] = step.writes;
    const candidates = fusable(node) ? (latest.get(node.shape.join()) ?? []) : [];
    const joined = candidates.findLast((group) => accepts(group, step, units));
    if (joined !== undefined) {
      join(joined, step);
      units.set(node, units.get(joined.nodes[0])!);
      continue;
    }
    const group = fusable(node) ? startGroup(step) : undefined;
    const unit: Unit = group === undefined ? { step } : { group };
    if (group !== undefined) latest.set(node.shape.join(), [...candidates, group].slice(-4));
    all.push(unit);
    units.set(node, unit);
  }
  sink(all, isKept);
  for (const unit of all) if ("group" in unit) for (const node of unit.group.nodes) units.set(node, unit);
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
    for (const read of readsOf(unit)) stack.push(producerOf(read, units));
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
      const missing = readsOf(unit).map((read) => producerOf(read, units)).find((other) => other !== undefined && !done.has(other));
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
