import type { Tensor, Variable } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import { mlp } from "@uphill/nn";
import { uniformWeights } from "./q-network.js";
import type { NetworkShape } from "./q-network.js";

/** A policy that plays one action in each state. */
export interface DeterministicActor {
  readonly parameters: readonly Variable[];
  /** μ(s): from `["batch", observation size]` to `["batch", size]`, within the bounds. */
  action(observation: Tensor): Tensor;
}

/** A network whose outputs tanh squashes into the bounds; its variables are named `${name}/…`. */
export function deterministicActor(
  random: Random,
  name: string,
  { observationSize, box, hiddenWidths, activation }: NetworkShape,
): DeterministicActor {
  const shape = { name, inputs: observationSize, hidden: hiddenWidths, outputs: box.size, activation };
  const body = mlp(random, { ...shape, ...uniformWeights });
  return {
    parameters: body.parameters,
    action: (observation) => box.fromSymmetric(body.apply(observation).tanh()).named(`${name}/action`),
  };
}
