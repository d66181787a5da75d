import { sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Step } from "../planned/kernel.js";
import { resultsOf } from "./group.js";
import type { Group, Unit } from "./group.js";
import { isEmittedProduct } from "./matmul.js";
import { readersOf } from "./readers.js";

/**
 * Lets groups take over matrix products that only they read: a layer's bias and activation, and what the way back
 * multiplies a product by, work on rows that have just been computed, and the product itself is never stored.
 *
 * @param units - Changed in place: absorbed products are removed.
 * @param isKept - Whether something outside of these units reads a tensor.
 */
export function absorbProducts(units: Unit[], isKept: (tensor: Tensor) => boolean): void {
  const products = new Map<Tensor, Step>();
  for (const unit of units) {
    if ("step" in unit && isEmittedProduct(unit.step.writes[0])) products.set(unit.step.writes[0], unit.step);
  }
  const readers = readersOf(units);
  const absorbed = new Set<Tensor>();
  for (const unit of units) {
    if (!("group" in unit) || !hasRows(unit.group)) continue;
    const { group } = unit;
    const product = [...group.operands].find(
      (operand) => products.has(operand) && sameShape(operand.shape, group.shape) && !isKept(operand) && readers.get(operand)!.size === 1,
    );
    if (product === undefined) continue;
    group.product = products.get(product)!;
    group.operands.delete(product);
    absorbed.add(product);
  }
  units.splice(0, units.length, ...units.filter((unit) => !resultsOf(unit).some((result) => absorbed.has(result))));
}

/** Whether a group's loop runs over the rows of a matrix. */
function hasRows({ shape, split }: Group): boolean {
  return shape.length === 2 && !shape.includes(1) && (split === undefined || split === 1);
}
