import type { Tensor } from "../../src/index.js";
import type { PrimitiveName } from "../../src/primitives/primitive.js";
import { primitiveRow } from "../../src/primitives/table.js";
import { reducedShape } from "../../src/shape.js";
import { eachElement } from "./bounded.js";
import type { Analysed, Run } from "./bounded.js";

/**
 * Bounds of `x = max(x)`, which the derivative of a maximum asks for: the two sides share their rounding, so that the
 * answer is certain wherever only one element can be the largest. Undefined for any other comparison.
 */
export function certainlyLargest({ node, inputs, values, run, bindings }: Analysed<PrimitiveName>): Float64Array | undefined {
  const [x, stretched] = node.inputs;
  const chain = chainToMaximum(stretched, run);
  if (chain === undefined || chain[0].inputs[0] !== x) return undefined;
  const [maximum, ...stretches] = chain;
  const { axes } = maximum.attributes as { readonly axes: readonly number[] };
  const [{ values: own, errors }] = inputs;
  const kept = reducedShape(own.shape, axes, true) as readonly number[];

  /** A reduction of x's groups, stretched as the maximum is. */
  const grouped = (primitive: "max" | "sum", data: Float64Array): Float64Array => {
    const count = kept.reduce((product, length) => product * length, 1);
    let reduced = { data: new Float64Array(count), shape: run.get(maximum)!.values.shape };
    primitiveRow(primitive).evaluate([{ data, shape: own.shape }], maximum.attributes, reduced, bindings);
    for (const stretch of stretches) {
      const { shape } = run.get(stretch)!.values;
      const next = { data: new Float64Array(run.get(stretch)!.errors.length), shape };
      primitiveRow(stretch.primitive).evaluate([reduced], stretch.attributes, next, bindings);
      reduced = next;
    }
    return reduced.data;
  };
  const least = grouped("max", eachElement(errors.length, (i) => own.data[i] - errors[i]));
  const mayBeLargest = eachElement(errors.length, (i) => (own.data[i] + errors[i] >= least[i] ? 1 : 0));
  const rivals = grouped("sum", mayBeLargest);
  const exact = grouped("sum", errors);
  return eachElement(values.data.length, (i) => (mayBeLargest[i] === 1 && rivals[i] > 1 && exact[i] > 0 ? 1 : 0));
}

/** A maximum, then the shapes that it was given, up to a tensor; undefined where that is something else. */
function chainToMaximum(tensor: Tensor, run: Run): Tensor[] | undefined {
  const chain: Tensor[] = [tensor];
  while (chain[0].primitive === "broadcast" || chain[0].primitive === "reshape") chain.unshift(chain[0].inputs[0]);
  return chain[0].primitive === "max" && run.has(chain[0]) ? chain : undefined;
}
