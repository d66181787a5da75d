import type { Variable } from "../../leaves.js";
import type { Tensor } from "../../tensor.js";
import type { Step } from "../planned/kernel.js";
import type { Roots } from "../planned/plan.js";
import { readsOf } from "./group.js";
import type { Group, Unit } from "./group.js";

/**
 * Splits steps into those of the computation and those that only make the next values of variables: elementwise
 * arithmetic that no output and no guard needs. The latter wait for the guards, and so can write in place.
 */
export function splitCommits(
  steps: readonly Step[],
  roots: Roots,
  fusable: (node: Tensor) => boolean,
): { readonly computed: Step[]; readonly commits: Step[] } {
  const neededBefore = new Set<Tensor>(roots.outputs);
  const commits = new Set<Step>();
  for (const step of steps.toReversed()) {
    if (step.writes.every((node) => fusable(node) && !neededBefore.has(node))) commits.add(step);
    else for (const read of step.reads) neededBefore.add(roots.ownerOf(read));
  }
  return { computed: steps.filter((step) => !commits.has(step)), commits: steps.filter((step) => commits.has(step)) };
}

/**
 * Which results can go straight into the memory of the variables that they update, without a difference that anyone
 * could see: nothing that runs after their group, or beside it, reads what they were before.
 *
 * @param units - All that runs once the guards have passed.
 * @returns For a group, its results with their variables.
 */
export function inPlaceTargets(units: readonly Unit[], roots: Roots): (group: Group) => Map<Tensor, Variable> {
  const readers = new Map<Tensor, Set<Unit>>();
  for (const unit of units) {
    for (const read of readsOf(unit)) {
      const owner = roots.ownerOf(read);
      if (!readers.has(owner)) readers.set(owner, new Set());
      readers.get(owner)!.add(unit);
    }
  }
  const readElsewhere = (tensor: Tensor, group: Group): boolean =>
    [...(readers.get(tensor) ?? [])].some((unit) => !("group" in unit && unit.group === group));
  return (group) => {
    const targets = new Map<Tensor, Variable>();
    // Vectors at the end of a row overrun it, into elements that are still to be read.
    if (group.split !== undefined) return targets;
    for (const node of group.nodes) {
      const [variable, ...others] = roots.updates.get(node) ?? [];
      if (variable === undefined || others.length > 0) continue;
      if (!readElsewhere(variable, group) && !readElsewhere(node, group)) targets.set(node, variable);
    }
    return targets;
  };
}
