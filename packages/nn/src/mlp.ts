import { expectation, OptionError, requireObject, requireOneOf, requireString } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { activations } from "./activations.js";
import type { ActivationName } from "./activations.js";
import { dense } from "./dense.js";
import type { Initializer, InitializerName } from "./initializers.js";
import type { Layer } from "./layer.js";

/** Options of {@link mlp}. */
export interface MlpOptions {
  /** Name of the network, such as `"policy"`: its layers are `${name}/hidden0`, … and `${name}/output`. */
  readonly name: string;
  /** Length of an input vector, ≥ 1. */
  readonly inputs: number;
  /** Widths of the hidden layers, each ≥ 1; none makes the network linear. */
  readonly hidden: readonly number[];
  /** Length of an output vector, ≥ 1. */
  readonly outputs: number;
  /** What follows each hidden layer; `"tanh"` by default. The output has none. */
  readonly activation?: ActivationName;
  /** How the kernels start; `"orthogonal"` by default. */
  readonly initializer?: InitializerName | Initializer;
  /** Factor on the initial hidden kernels; √2 by default. */
  readonly gain?: number;
  /** Factor on the initial output kernel; 1 by default. */
  readonly outputGain?: number;
}

/** A multilayer perceptron, and its two halves. */
export interface Mlp extends Layer {
  /** From an input to what the output layer reads: the last hidden layer after its activation, or the input itself. */
  readonly hidden: Layer;
  /** The output layer: `apply(x)` is `output.apply(hidden.apply(x))`. */
  readonly output: Layer;
}

/**
 * A multilayer perceptron: hₖ₊₁ = f(hₖ Wₖ + bₖ) for each hidden layer, then y = h W + b.
 *
 * Each layer draws its kernel from the stream that `random` splits off under the layer's name, so that
 * changing one layer leaves the initial values of the others as they were, and two networks of different
 * names made from one stream are independent. Nothing is consumed.
 *
 * @param random - The stream to split.
 * @param options - See {@link MlpOptions}.
 * @throws OptionError for an option out of its range.
 */
export function mlp(random: Random, options: MlpOptions): Mlp {
  requireObject("mlp options", options);
  const { name, inputs, hidden, outputs, initializer, gain = Math.sqrt(2), outputGain = 1 } = options;
  requireString("mlp name", name);
  if (!Array.isArray(hidden)) throw new OptionError(expectation(`${name} hidden`, "a list of widths", hidden));
  const names = Object.keys(activations) as ActivationName[];
  const activate = activations[requireOneOf(`${name} activation`, options.activation ?? "tanh", names)];
  const shared = initializer === undefined ? {} : { initializer };
  const hiddenLayers = hidden.map((width, k) =>
    dense(random, { name: `${name}/hidden${k}`, inputs: hidden[k - 1] ?? inputs, outputs: width, gain, ...shared }),
  );
  const last = hidden.at(-1) ?? inputs;
  const output = dense(random, { name: `${name}/output`, inputs: last, outputs, gain: outputGain, ...shared });
  const features: Layer = {
    parameters: hiddenLayers.flatMap((layer) => layer.parameters),
    apply: (x) => hiddenLayers.reduce((h, layer) => activate(layer.apply(h)), x),
  };
  return {
    hidden: features,
    output,
    parameters: [...features.parameters, ...output.parameters],
    apply: (x) => output.apply(features.apply(x)),
  };
}
