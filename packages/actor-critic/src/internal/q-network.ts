import { concat } from "@uphill/autodiff";
import type { Tensor, Variable } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import { mlp } from "@uphill/nn";
import type { NetworkOptions } from "@uphill/training";
import type { BoundedBox } from "./bounded-box.js";

/** What networks of critics and actors are made of. */
export interface NetworkShape extends NetworkOptions {
  /** Elements of an observation. */
  readonly observationSize: number;
  readonly box: BoundedBox;
}

/** Q(s, a) as a network over observations, and actions on the scale of their bounds. */
export interface QNetwork {
  readonly parameters: readonly Variable[];
  /** From `["batch", observation size]`, and `["batch", size]` as the environment takes them, to `["batch"]`. */
  value(observation: Tensor, action: Tensor): Tensor;
}

/** Uniform within ±1/√inputs, as PyTorch's layers start. */
export const uniformWeights = { initializer: "lecunUniform", gain: 1 / Math.sqrt(3), outputGain: 1 / Math.sqrt(3) } as const;

/** A network of the name's own random weights. */
export function qNetwork(random: Random, name: string, { observationSize, box, hiddenWidths, activation }: NetworkShape): QNetwork {
  const body = mlp(random, {
    name,
    inputs: observationSize + box.size,
    hidden: hiddenWidths,
    outputs: 1,
    activation,
    ...uniformWeights,
  });
  return {
    parameters: body.parameters,
    value: (observation, action) =>
      body.apply(concat([observation, box.toSymmetric(action)])).reshape([observation.shape[0]]).named(name),
  };
}
