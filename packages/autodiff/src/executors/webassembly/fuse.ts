import type { Tensor } from "../../tensor.js";
import type { Step } from "../planned/kernel.js";
import { absorbProducts } from "./absorb-products.js";
import { isFusable } from "./elementwise.js";
import { commonSplit, emptyGroup, MOST_NODES, MOST_OPERANDS, readsOf, resultsOf } from "./group.js";
import type { Group, Unit } from "./group.js";
import { isReduction, stretchBack } from "./reductions.js";
import { sink } from "./sink.js";
import { stretchOf } from "./stretch.js";
import type { Stretch } from "./stretch.js";

/**
 * Gathers elementwise steps into groups: a step joins the latest group of its shape, unless the group would then have
 * to run both before and after something else. Sums and maxima join the group that computes what they are of, and groups
 * take over matrix products that only they read.
 *
 * @param steps - In an order in which they can run.
 * @param isKept - Whether something outside of these steps reads a tensor.
 * @returns Units in an order in which they can run.
 */
export function fuse(steps: readonly Step[], isKept: (tensor: Tensor) => boolean): Unit[] {
  const units = new Map<Tensor, Unit>();
  const all: Unit[] = [];
  const latest = new Map<string, Group[]>();
  for (const step of steps) {
    const [node] = step.writes;
    const key = node.shape.join();
    const candidates = isFusable(node) ? (latest.get(key) ?? []) : [];
    const joined = isReduction(node) ? reducedGroup(node, units) : candidates.findLast((group) => accepts(group, step, units));
    if (joined !== undefined) {
      join(joined, step);
      units.set(node, all.find((unit) => "group" in unit && unit.group === joined)!);
      continue;
    }
    const group = isFusable(node) || isReduction(node) ? startGroup(step) : undefined;
    const unit: Unit = group === undefined ? { step } : { group };
    if (group !== undefined && isFusable(node)) latest.set(key, [...candidates, group].slice(-4));
    all.push(unit);
    units.set(node, unit);
  }
  sink(all, isKept);
  absorbProducts(all, isKept);
  const final = new Map<Tensor, Unit>();
  for (const unit of all) for (const result of resultsOf(unit)) final.set(result, unit);
  return inOrder(all, final);
}

/** The group that computes what a reduction is of, if its loop can have the reduction. */
function reducedGroup(reduction: Tensor, units: ReadonlyMap<Tensor, Unit>): Group | undefined {
  const [source] = reduction.inputs;
  const unit = units.get(source);
  if (unit === undefined || !("group" in unit) || !unit.group.reads.has(source)) return undefined;
  const { group } = unit;
  return commonSplit([stretchBack(reduction)], group.split) === false ? undefined : group;
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
  const group = emptyGroup(isReduction(node) ? node.inputs[0].shape : node.shape);
  if (!fits(group, step)) return undefined;
  join(group, step);
  return group;
}

/** Whether the step's operands are stretched in ways that the group's loop can read. */
function fits(group: Group, step: Step): boolean {
  return commonSplit(stretchesOf(group, step), group.split) !== false;
}

function stretchesOf(group: Group, step: Step): (Stretch | undefined)[] {
  const [node] = step.writes;
  const outside = step.reads.filter((read) => !group.reads.has(read)).map((read) => stretchOf(read.shape, group.shape));
  return isReduction(node) ? [...outside, stretchBack(node)] : outside;
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
  group.split = commonSplit(stretchesOf(group, step), group.split) || undefined;
  for (const read of step.reads) if (!group.reads.has(read)) group.operands.add(read);
  if (isReduction(node)) group.reductions.push(node);
  else {
    group.nodes.push(node);
    group.reads.set(node, step.reads);
  }
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
