import { variable } from "@uphill/autodiff";
import { requireBoolean, requireInteger, requireObject, requireOneOf, requireString } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { initializers } from "./initializers.js";
import type { Initializer, InitializerName } from "./initializers.js";
import { requireBatch } from "./internal/require-tensor.js";
import type { Layer } from "./layer.js";

/** Options of {@link dense}. */
export interface DenseOptions {
  /** Name of the layer, such as `"policy/output"`: its variables are `${name}/kernel` and `${name}/bias`. */
  readonly name: string;
  /** Length of an input vector, ≥ 1. */
  readonly inputs: number;
  /** Length of an output vector, ≥ 1. */
  readonly outputs: number;
  /** How the kernel starts; `"orthogonal"` by default. */
  readonly initializer?: InitializerName | Initializer;
  /** Factor on the initial kernel; 1 by default. */
  readonly gain?: number;
  /** Whether a bias is added; true by default. It starts at 0. */
  readonly bias?: boolean;
}

/**
 * A dense layer: y = x W + b, with W the kernel [inputs, outputs] and b the bias [outputs].
 *
 * The kernel is drawn from the stream that `random` splits off under the layer's name: layers made from one
 * stream are independent of each other, whatever their order and number, and nothing is consumed.
 *
 * @param random - The stream to split.
 * @param options - See {@link DenseOptions}.
 * @throws OptionError for an option out of its range.
 */
export function dense(random: Random, options: DenseOptions): Layer {
  requireObject("dense options", options);
  const { name, inputs, outputs, initializer = "orthogonal", gain = 1, bias: biased = true } = options;
  requireString("dense name", name);
  requireInteger(`${name} inputs`, inputs, { least: 1 });
  requireInteger(`${name} outputs`, outputs, { least: 1 });
  requireBoolean(`${name} bias`, biased);
  const draw = initializerOf(name, initializer);
  const kernel = variable(`${name}/kernel`, [inputs, outputs], draw(random.split(name), inputs, outputs, gain));
  const bias = biased ? variable(`${name}/bias`, [outputs], 0) : undefined;
  return {
    parameters: bias === undefined ? [kernel] : [kernel, bias],
    apply: (x) => {
      const product = requireBatch(`${name} input`, x, inputs).matmul(kernel);
      return (bias === undefined ? product : product.add(bias)).named(name);
    },
  };
}

function initializerOf(layer: string, initializer: InitializerName | Initializer): Initializer {
  if (typeof initializer === "function") return initializer;
  const names = Object.keys(initializers) as InitializerName[];
  return initializers[requireOneOf(`${layer} initializer`, initializer, names)];
}
