import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import { reducedShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { InstructionName } from "./instructions.js";
import { stretchOf } from "./stretch.js";
import type { Stretch } from "./stretch.js";

/** How numbers are put together. */
export interface Combination {
  readonly vector: InstructionName;
  readonly lanes: "f32.add" | "f32.max";
  readonly neutral: number;
}

const combinations: Readonly<Record<string, Combination>> = {
  sum: { vector: "f32x4.add", lanes: "f32.add", neutral: 0 },
  max: { vector: "f32x4.max", lanes: "f32.max", neutral: -Infinity },
};

/** Whether a node is a sum or maximum of all, of rows or of columns, which a loop can make of what it computes. */
export function isReduction(node: Tensor): boolean {
  if (!(node.primitive in combinations)) return false;
  const kind = stretchBack(node)?.kind;
  return kind === "scalar" || kind === "row" || kind === "column";
}

/** How a reduction puts numbers together. */
export function combinationOf({ primitive }: Tensor): Combination {
  return combinations[primitive];
}

/** How a reduction's result would be stretched back over its input: that says along which axes it runs. */
export function stretchBack(reduction: Tensor): Stretch | undefined {
  const { axes } = reduction.attributes as PrimitiveAttributes["sum"];
  const [{ shape }] = reduction.inputs;
  return stretchOf(reducedShape(shape, axes, true), shape);
}
