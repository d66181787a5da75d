import { elementCount } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Kernel, Operand, Slot } from "../planned/kernel.js";
import type { Emission, KernelFunction } from "./emission.js";
import { setBytes } from "./loops.js";

/** Parameters: how many numbers, and the addresses of the copy and of the original. */
const copy: KernelFunction = {
  name: "copy",
  sizes: 1,
  addresses: 2,
  assemble: (f) => {
    const bytes = f.local("i32");
    setBytes(f, bytes, f.parameter(0));
    f.get(f.parameter(1)).get(f.parameter(2)).get(bytes).op("memory.copy");
  },
};

/** Copies a tensor as it lies in memory. */
export function copyKernel(node: Tensor, source: Operand, out: Slot, emission: Emission): Kernel {
  return emission.kernel(copy, (bindings) => [elementCount(lengthsOf(node, bindings))], [out, source.slot]);
}
