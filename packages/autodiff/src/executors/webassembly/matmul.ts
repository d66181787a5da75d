import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Step } from "../planned/kernel.js";
import type { FunctionAssembler, FunctionReference, Local, Signature, ValueType } from "./assembler.js";
import type { Emission } from "./emission.js";
import { assembleByDots } from "./product-by-dots.js";
import { assembleByRows } from "./product-by-rows.js";
import type { BandLocals } from "./product-bands.js";

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
        forEachBand(f, node.attributes, emission, { rows, columns, inner, a: first, b: second, c }, (height) => {
          f.get(c).get(height).get(columns).op("i32.mul").i32(2).op("i32.shl").op("i32.add").set(c);
        });
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
 * Emits a product, some rows at a time, each by a call of the function that all products of the orientation share.
 *
 * @param locals - Lengths, and addresses: C's is read anew for each band.
 * @param afterBand - Called with how many rows were made.
 */
export function forEachBand(
  f: FunctionAssembler,
  attributes: Attributes,
  emission: Emission,
  { rows, columns, inner, a, b, c }: Omit<BandLocals, "first">,
  afterBand: (height: Local) => void,
): void {
  const [first, height] = [f.local("i32"), f.local("i32")];
  const band = bandFunction(attributes, emission);
  f.block(() => {
    f.loop(() => {
      f.get(first).get(rows).op("i32.ge_u").branchIf(1);
      for (const parameter of [first, rows, columns, inner, a, b, c]) f.get(parameter);
      f.call(band).set(height);
      f.get(first).get(height).op("i32.add").set(first);
      afterBand(height);
      f.branch(0);
    });
  });
}

/** Makes a band of rows, and tells how many. */
function bandFunction(attributes: Attributes, { module, relaxed }: Emission): FunctionReference {
  const name = `${productName(attributes)}, a band`;
  const signature: Signature = { parameters: Array<ValueType>(7).fill("i32"), results: ["i32"] };
  return (
    module.find(name) ??
    module.addFunction(name, signature, (f) => {
      const [first, rows, columns, inner, a, b, c] = signature.parameters.map((_, index) => f.parameter(index));
      const locals = { first, rows, columns, inner, a, b, c };
      if (attributes.transposeB) assembleByDots(f, relaxed, locals);
      else assembleByRows(f, attributes.transposeA, relaxed, locals);
    })
  );
}
