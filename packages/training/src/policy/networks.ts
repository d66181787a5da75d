import { variable } from "@uphill/autodiff";
import type { Tensor, Variable } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import { categorical, diagonalNormal } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import type { Box, Space } from "@uphill/envs";
import { mlp } from "@uphill/nn";
import type { ActivationName } from "@uphill/nn";

/** The shape of the hidden layers. */
export interface NetworkOptions {
  /** Widths of the hidden layers, from input to output. */
  readonly hiddenWidths: readonly number[];
  /** What follows each hidden layer. */
  readonly activation: ActivationName;
}

/** A network that gives a distribution of actions. */
export interface PolicyNetwork {
  /** Its trainable variables. */
  readonly parameters: readonly Variable[];
  /** From float32 `["batch", observation size]` to a batch of distributions. */
  distribution(observation: Tensor): Distribution;
}

/** A network that gives a number for each observation. */
export interface ValueNetwork {
  /** Its trainable variables. */
  readonly parameters: readonly Variable[];
  /** From float32 `["batch", observation size]` to `["batch"]`. */
  value(observation: Tensor): Tensor;
}

const hiddenGain = Math.SQRT2;

/**
 * An MLP policy with orthogonal initial weights, gain √2 in hidden layers and 0.01 at the output, so that the first
 * policy is nearly uniform: categorical for a discrete space; for a box a normal whose mean is the network's output
 * and whose log standard deviation is a free vector.
 *
 * @param random - The stream that initial weights are split from.
 * @param options - Spaces, hidden layers, and the initial log standard deviation, which a discrete space ignores.
 * @throws OptionError for widths or an activation that are none.
 */
export function policyNetwork(
  random: Random,
  options: NetworkOptions & {
    readonly observationSpace: Box;
    readonly actionSpace: Space;
    readonly initialLogStandardDeviation: number;
  },
): PolicyNetwork {
  const { observationSpace, actionSpace, hiddenWidths, activation, initialLogStandardDeviation } = options;
  const outputs = actionSpace.kind === "discrete" ? actionSpace.n : actionSpace.size;
  const body = mlp(random, {
    name: "policy",
    inputs: observationSpace.size,
    hidden: hiddenWidths,
    outputs,
    activation,
    gain: hiddenGain,
    outputGain: 0.01,
  });
  if (actionSpace.kind === "discrete") {
    return {
      parameters: body.parameters,
      distribution: (observation) => categorical({ logits: body.apply(observation).named("policy/logits") }),
    };
  }
  const logStandardDeviation = variable("policy/logStandardDeviation", [outputs], initialLogStandardDeviation);
  return {
    parameters: [...body.parameters, logStandardDeviation],
    distribution: (observation) =>
      diagonalNormal({ mean: body.apply(observation).named("policy/mean"), logStandardDeviation }),
  };
}

/**
 * An MLP state-value function with orthogonal initial weights, gain √2 in hidden layers and 1 at the output.
 *
 * @param random - The stream that initial weights are split from.
 * @param options - Observation space and hidden layers.
 * @throws OptionError for widths or an activation that are none.
 */
export function valueNetwork(
  random: Random,
  options: NetworkOptions & { readonly observationSpace: Box },
): ValueNetwork {
  const body = mlp(random, {
    name: "value",
    inputs: options.observationSpace.size,
    hidden: options.hiddenWidths,
    outputs: 1,
    activation: options.activation,
    gain: hiddenGain,
    outputGain: 1,
  });
  return {
    parameters: body.parameters,
    value: (observation) => body.apply(observation).reshape([observation.shape[0]]).named("value"),
  };
}
