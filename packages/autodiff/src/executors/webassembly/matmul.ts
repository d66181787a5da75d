import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Step } from "../planned/kernel.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import type { Emission } from "./emission.js";
import { assembleByDots } from "./product-by-dots.js";
import { assembleByRows } from "./product-by-rows.js";
import type { ProductLocals } from "./product-bands.js";

type Attributes = PrimitiveAttributes["matmul"];

/** Whether a node is a product with a kernel here. Aᵀ·Bᵀ is left to the host. */
export function isEmittedProduct(node: Tensor): boolean {
  if (node.primitive !== "matmul") return false;
  const { transposeA, transposeB } = node.attributes as Attributes;
  return !(transposeA && transposeB);
}

/** A name of the product's orientation. */
export function productName({ transposeA, transposeB }: Attributes): string {
  return `matmul ${transposeA ? "AᵀB" : transposeB ? "ABᵀ" : "AB"}`;
}

/** Rows, columns and the inner length of a product, from the lengths of its first factor and its own. */
export function productSizes(
  { attributes }: Tensor<"matmul">,
  first: readonly number[],
  [rows, columns]: readonly number[],
): readonly [rows: number, columns: number, inner: number] {
  return [rows, columns, first[attributes.transposeA ? 0 : 1]];
}

/** The step of a product, by a kernel of its orientation. */
export function productStep(step: Step, emission: Emission): Step {
  const node = step.writes[0] as Tensor<"matmul">;
  return {
    ...step,
    make: ([a, b], [out]) => {
      const assemble = (f: FunctionAssembler): void => {
        const [rows, columns, inner, first, second, c] = [0, 1, 2, 3, 4, 5].map((index) => f.parameter(index));
        assembleProduct(f, node.attributes, emission.relaxed, { rows, columns, inner, a: first, b: second, c });
      };
      return emission.kernel(
        { name: productName(node.attributes), sizes: 3, addresses: 3, assemble },
        (bindings) => productSizes(node, lengthsOf(a.tensor, bindings), lengthsOf(node, bindings)),
        [a.slot, b.slot, out],
      );
    },
  };
}

/**
 * Emits a product, some rows at a time.
 *
 * @param afterBand - Where given, C is a band of `BAND_ROWS` rows, which are written over by the next ones; called
 *   with how many rows it holds.
 */
export function assembleProduct(
  f: FunctionAssembler,
  { transposeA, transposeB }: Attributes,
  relaxed: boolean,
  locals: ProductLocals,
  afterBand?: (height: Local) => void,
): void {
  if (transposeB) assembleByDots(f, relaxed, locals, afterBand);
  else assembleByRows(f, transposeA, relaxed, locals, afterBand);
}
