import { sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { commonSplit, MOST_OPERANDS, resultsOf } from "./group.js";
import type { Group, Unit } from "./group.js";
import { readersOf } from "./readers.js";
import type { Readers } from "./readers.js";
import { stretchBack } from "./reductions.js";
import { stretchOf } from "./stretch.js";

/**
 * Moves what a group computes for one later group alone into that group, where this spares memory traffic: 1 − tanh² need
 * not be stored on the way forward to be read on the way back, when tanh is stored anyway.
 *
 * @param units - Changed in place; emptied groups are removed.
 * @param isKept - Whether something outside of these units reads a tensor.
 */
export function sink(units: Unit[], isKept: (tensor: Tensor) => boolean): void {
  const groups = units.flatMap((unit) => ("group" in unit ? [unit.group] : []));
  let readers = readersOf(units);
  for (const source of groups.toReversed()) {
    const targets = new Set(source.nodes.flatMap((node) => [...(readers.get(node) ?? [])]));
    for (const target of groups) {
      if (!targets.has(target) || !sameShape(source.shape, target.shape)) continue;
      const moved = movable(source, target, readers, isKept);
      if (moved.size === 0 || !sparesTraffic(source, target, moved, readers, isKept)) continue;
      move(source, target, moved);
      readers = readersOf(units);
    }
  }
  units.splice(0, units.length, ...units.filter((unit) => resultsOf(unit).length > 0));
}

/** Nodes of the source that only the target needs, directly or by one another. */
function movable(source: Group, target: Group, readers: Readers, isKept: (tensor: Tensor) => boolean): Set<Tensor> {
  const staying = new Set<Tensor>(source.reductions.flatMap(({ inputs }) => inputs));
  const moved = new Set<Tensor>();
  for (const node of source.nodes.toReversed()) {
    const outside = [...(readers.get(node) ?? [])];
    const goes = !isKept(node) && !staying.has(node) && outside.every((reader) => reader === target);
    if (goes) moved.add(node);
    else for (const read of source.reads.get(node)!) staying.add(read);
  }
  return moved;
}

/** Whether fewer vectors are loaded and stored afterwards, and the target's loop can read what it then needs. */
function sparesTraffic(
  source: Group,
  target: Group,
  moved: ReadonlySet<Tensor>,
  readers: Readers,
  isKept: (tensor: Tensor) => boolean,
): boolean {
  const needed = new Set([...moved].flatMap((node) => [...source.reads.get(node)!]).filter((read) => !moved.has(read)));
  const stretches = [...needed].map((read) => stretchOf(read.shape, target.shape));
  if (commonSplit(stretches, target.split) === false) return false;
  const operands = new Set([...target.operands, ...needed]);
  for (const node of moved) operands.delete(node);
  if (operands.size > MOST_OPERANDS) return false;
  const isFull = (tensor: Tensor): boolean => stretchOf(tensor.shape, target.shape)!.kind === "full";
  const spared = [...moved].filter((node) => target.operands.has(node)).length;
  const stores = [...needed].filter((read) => source.reads.has(read) && !readers.has(read) && !isKept(read)).length;
  const loads = [...needed].filter((read) => !target.operands.has(read) && isFull(read)).length;
  return stores + loads < 2 * spared;
}

function move(source: Group, target: Group, moved: ReadonlySet<Tensor>): void {
  const nodes = source.nodes.filter((node) => moved.has(node));
  source.nodes.splice(0, source.nodes.length, ...source.nodes.filter((node) => !moved.has(node)));
  target.nodes.unshift(...nodes);
  for (const node of nodes) {
    target.reads.set(node, source.reads.get(node)!);
    source.reads.delete(node);
  }
  for (const group of [source, target]) findOperands(group);
}

/** What a group reads from outside, and how that and its reductions split its axes. */
function findOperands(group: Group): void {
  const reads = [...group.reads.values(), ...group.reductions.map(({ inputs }) => inputs)].flat();
  group.operands.clear();
  for (const read of reads) if (!group.reads.has(read)) group.operands.add(read);
  const stretches = [...group.operands].map((read) => stretchOf(read.shape, group.shape));
  group.split = commonSplit([...stretches, ...group.reductions.map(stretchBack)], undefined) || undefined;
}
