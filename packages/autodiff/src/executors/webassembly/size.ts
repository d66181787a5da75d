import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import { concreteShape, elementCount } from "../../shape.js";
import type { Step } from "../planned/kernel.js";
import type { Emission, KernelFunction } from "./emission.js";

/** Parameters: a count, and where to write it as a float32. */
const size: KernelFunction = {
  name: "size",
  sizes: 1,
  addresses: 1,
  assemble: (f) => void f.get(f.parameter(1)).get(f.parameter(0)).op("f32.convert_i32_s").memory("f32.store"),
};

/** The step that gives a number of elements. */
export function sizeStep(step: Step, emission: Emission): Step {
  const { dimensions } = step.writes[0].attributes as PrimitiveAttributes["size"];
  return {
    ...step,
    make: (_, [out]) => emission.kernel(size, (bindings) => [elementCount(concreteShape(dimensions, bindings))], [out]),
  };
}
