import { concat, constant, stopGradient, variable } from "@uphill/autodiff";
import type { Tensor, Variable } from "@uphill/autodiff";
import { OptionError, requireNumber } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { categorical, diagonalNormal, maskedCategorical, multiCategorical, stateDependentNormal } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import type { Box, Space } from "@uphill/envs";
import { mlp } from "@uphill/nn";
import type { ActivationName, InitializerName, Mlp } from "@uphill/nn";
import { requireRandom } from "../internal/require-random.js";

/** The hidden layers of a network. */
export interface NetworkOptions {
  /** Widths of the hidden layers, from input to output, each ≥ 1; none makes the network linear. */
  readonly hiddenWidths: readonly number[];
  /** What follows each hidden layer. */
  readonly activation: ActivationName;
  /** How weights start; `"orthogonal"` by default. Others have gain 1 in every layer. */
  readonly initialWeights?: InitializerName;
}

/** What {@link policyNetwork} takes. */
export interface PolicyNetworkOptions extends NetworkOptions {
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: Space;
  /** Log standard deviation that continuous actions start from; 0 by default. Choices ignore it. */
  readonly initialLogStandardDeviation?: number;
  /** Whether the spread of continuous actions depends on the state; false by default. Choices have none. */
  readonly stateDependentNoise?: boolean;
}

/** What {@link valueNetwork} takes. */
export interface ValueNetworkOptions extends NetworkOptions {
  /** The space of observations. */
  readonly observationSpace: Box;
}

/** A network that gives a distribution of actions. */
export interface PolicyNetwork {
  /** Its trainable variables. */
  readonly parameters: readonly Variable[];
  /**
   * From float32 `["batch", observation size]` to a batch of distributions. Gradients flow to all parameters.
   *
   * @param mask - Which of a discrete space's actions are allowed, int32 `["batch", n]`; all where left out.
   */
  distribution(observation: Tensor, mask?: Tensor): Distribution;
}

/** A network that gives a number for each observation. */
export interface ValueNetwork {
  /** Its trainable variables. */
  readonly parameters: readonly Variable[];
  /** From float32 `["batch", observation size]` to `["batch"]`. Gradients flow to all parameters. */
  value(observation: Tensor): Tensor;
}

/** Keeps the spread of what passes through an activation. */
const HIDDEN_GAIN = Math.SQRT2;

/** Makes the first policy nearly the same for every observation. */
const POLICY_GAIN = 0.01;

/** A feature of every state, so that a spread which depends on features never vanishes. */
const CONSTANT_FEATURE = 1e-3;

/**
 * An MLP policy with orthogonal initial weights, gain √2 in hidden layers and 0.01 at the output, so that the first
 * policy hardly depends on the observation, or as `initialWeights` says:
 *
 *     discrete  π(a | s) = softmax(f(s))ₐ, over the actions that a mask allows, where there is one
 *     several   π(a | s) = Πₖ softmax(fₖ(s))ₐₖ, for multi-discrete and multi-binary spaces
 *     box       π(a | s) = N(a; f(s), diag(exp 2λ)),   λ a free vector that does not depend on s
 *
 * With `stateDependentNoise` a box has gSDE in its place (Raffin, Kober and Stulp 2021): a = f(s) + φ(s)ᵀ W,
 * Wᵢⱼ ~ N(0, exp 2λᵢⱼ), with the features φ of the last hidden layer, through which no gradient of the noise flows, and
 * one of 0.001, which keeps the spread from 0 where all others are.
 *
 * Its variables are named `policy/…`. Weights as in Engstrom et al. 2020 and Andrychowicz et al. 2021.
 *
 * @param random - The stream that initial weights are split from; nothing is consumed.
 * @param options - See {@link PolicyNetworkOptions}.
 * @returns The parameters, and the network as a function of expressions.
 * @throws OptionError for widths, an activation or a log standard deviation that are none, or noise that depends on the
 *   state where actions are a choice.
 */
export function policyNetwork(random: Random, options: PolicyNetworkOptions): PolicyNetwork {
  const { observationSpace, actionSpace, hiddenWidths, activation, initialLogStandardDeviation = 0 } = options;
  const outputs = outputsFor(actionSpace);
  const body = mlp(requireRandom(random), {
    name: "policy",
    inputs: observationSpace.size,
    hidden: hiddenWidths,
    outputs,
    activation,
    ...start(options, POLICY_GAIN),
  });
  if (actionSpace.kind !== "box") {
    if (options.stateDependentNoise === true) {
      throw new OptionError(`stateDependentNoise: expected a box of actions, got a ${actionSpace.kind} space`);
    }
    return {
      parameters: body.parameters,
      distribution: (observation, mask) => {
        const logits = body.apply(observation).named("policy/logits");
        if (actionSpace.kind !== "discrete") return multiCategorical({ logits, counts: actionSpace.counts });
        return mask === undefined ? categorical({ logits }) : maskedCategorical({ logits, mask });
      },
    };
  }
  requireNumber("initialLogStandardDeviation", initialLogStandardDeviation);
  if (options.stateDependentNoise === true) {
    const features = hiddenWidths.at(-1) ?? observationSpace.size;
    return stateDependentPolicy(body, [features, outputs], initialLogStandardDeviation);
  }
  const logStandardDeviation = variable("policy/logStandardDeviation", [outputs], initialLogStandardDeviation);
  return {
    parameters: [...body.parameters, logStandardDeviation],
    distribution: (observation) =>
      diagonalNormal({ mean: body.apply(observation).named("policy/mean"), logStandardDeviation }),
  };
}

/** The initial weights of a network. */
function start({ initialWeights = "orthogonal" }: NetworkOptions, outputGain: number) {
  const orthogonal = initialWeights === "orthogonal";
  return { initializer: initialWeights, gain: orthogonal ? HIDDEN_GAIN : 1, outputGain: orthogonal ? outputGain : 1 };
}

/** How many numbers a network gives for a distribution over a space. */
function outputsFor(space: Space): number {
  if (space.kind === "box") return space.size;
  return space.kind === "discrete" ? space.n : space.counts.reduce((sum, count) => sum + count, 0);
}

function stateDependentPolicy({ hidden, output, parameters }: Mlp, [features, outputs]: [number, number], initial: number): PolicyNetwork {
  const logStandardDeviation = variable("policy/logStandardDeviation", [features + 1, outputs], initial);
  return {
    parameters: [...parameters, logStandardDeviation],
    distribution: (observation) => {
      const last = hidden.apply(observation);
      const always = constant(CONSTANT_FEATURE).broadcastTo([observation.shape[0], 1]);
      return stateDependentNormal({
        mean: output.apply(last).named("policy/mean"),
        features: stopGradient(concat([last, always])),
        logStandardDeviation,
      });
    },
  };
}

/**
 * An MLP state-value function V(s) with orthogonal initial weights, gain √2 in hidden layers and 1 at the output. Its
 * variables are named `value/…`.
 *
 * @param random - The stream that initial weights are split from; nothing is consumed.
 * @param options - See {@link ValueNetworkOptions}.
 * @returns The parameters, and the network as a function of expressions.
 * @throws OptionError for widths or an activation that are none.
 */
export function valueNetwork(random: Random, options: ValueNetworkOptions): ValueNetwork {
  const body = mlp(requireRandom(random), {
    name: "value",
    inputs: options.observationSpace.size,
    hidden: options.hiddenWidths,
    outputs: 1,
    activation: options.activation,
    ...start(options, 1),
  });
  return {
    parameters: body.parameters,
    value: (observation) => body.apply(observation).reshape([observation.shape[0]]).named("value"),
  };
}
