import type { Tensor } from "../../tensor.js";
import { readsOf } from "./group.js";
import type { Unit } from "./group.js";

/** What reads each tensor: groups, or steps; a unit where it reads an alias of the tensor. */
export type Readers = ReadonlyMap<Tensor, ReadonlySet<object>>;

/** Who reads what among units. */
export function readersOf(units: readonly Unit[]): Readers {
  const readers = new Map<Tensor, Set<object>>();
  for (const unit of units) {
    const reader = "group" in unit ? unit.group : unit.step;
    for (const read of readsOf(unit)) {
      for (let tensor = read; ; tensor = tensor.inputs[0]) {
        if (!readers.has(tensor)) readers.set(tensor, new Set());
        readers.get(tensor)!.add(tensor === read ? reader : unit);
        if (tensor.primitive !== "reshape") break;
      }
    }
  }
  return readers;
}
