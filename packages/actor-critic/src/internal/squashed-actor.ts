import { concat, constant, variable } from "@uphill/autodiff";
import type { Tensor, Variable } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import { stateDependentNormal, tanhNormal, tanhSquash } from "@uphill/distributions";
import type { TanhNormal } from "@uphill/distributions";
import { mlp } from "@uphill/nn";
import { uniformWeights } from "./q-network.js";
import type { NetworkShape } from "./q-network.js";

/** A policy whose actions are a normal's, squashed into their bounds. */
export interface SquashedActor {
  readonly parameters: readonly Variable[];
  /** π(· | s), from `["batch", observation size]`. */
  distribution(observation: Tensor): TanhNormal;
  /** Shape of the noise that {@link explore} takes, after the batch's axis. */
  readonly noiseShape: readonly number[];
  /** An action of π(· | s) from noise, which gSDE may keep for many steps. */
  explore(observation: Tensor, noise: Tensor): Tensor;
}

/** Bounds of a network's log standard deviation. */
const LOG_DEVIATIONS = [-20, 2] as const;
/** With gSDE means are kept where tanh still moves. */
const MEAN_BOUND = 2;
/** A feature that is always there: the spread is never 0. */
const CONSTANT_FEATURE = 1e-3;

/**
 * The network, its variables named `policy/…`.
 *
 * @param noise - For gSDE in place of a spread that the network gives: log σ that it starts from.
 */
export function squashedActor(random: Random, shape: NetworkShape, noise: number | null): SquashedActor {
  return noise === null ? independentActor(random, shape) : stateDependentActor(random, shape, noise);
}

function independentActor(random: Random, shape: NetworkShape): SquashedActor {
  const { size, low, high } = shape.box;
  const body = policyBody(random, shape, 2 * size);
  const distribution = (observation: Tensor): TanhNormal => {
    const output = body.apply(observation);
    const mean = output.slice(1, 0, size).named("policy/mean");
    const logStandardDeviation = output.slice(1, size, 2 * size).clip(...LOG_DEVIATIONS);
    return tanhNormal({ mean, logStandardDeviation, low, high });
  };
  return {
    parameters: body.parameters,
    distribution,
    noiseShape: [size],
    explore: (observation, noise) => distribution(observation).sample(noise),
  };
}

/**
 * Noise φ(s)ᵀ W before squashing, with W kept for many steps. At one state over draws of W that is a normal with the
 * variance Σ φ² σ², and so π(· | s) is a squashed normal as without; gradients flow through φ too.
 */
function stateDependentActor(random: Random, shape: NetworkShape, initial: number): SquashedActor {
  const { box, hiddenWidths, observationSize } = shape;
  const body = policyBody(random, shape, box.size);
  const count = (hiddenWidths.at(-1) ?? observationSize) + 1;
  const deviation = variable("policy/logStandardDeviation", [count, box.size], initial);
  const noisy = (observation: Tensor) => {
    const hidden = body.hidden.apply(observation);
    const features = concat([hidden, constant(CONSTANT_FEATURE).broadcastTo([observation.shape[0], 1])]);
    return { mean: body.output.apply(hidden).clip(-MEAN_BOUND, MEAN_BOUND).named("policy/mean"), features };
  };
  const squash = tanhSquash({ size: box.size, low: box.low, high: box.high });
  return {
    parameters: [...body.parameters, deviation],
    distribution: (observation) => {
      const { mean, features } = noisy(observation);
      const variance = features.square().matmul(deviation.mul(2).exp());
      return tanhNormal({ mean, logStandardDeviation: variance.log().mul(0.5), low: box.low, high: box.high });
    },
    noiseShape: [count, box.size],
    explore: (observation, noise) =>
      squash.forward(stateDependentNormal({ ...noisy(observation), logStandardDeviation: deviation }).sample(noise)).value,
  };
}

function policyBody(random: Random, { observationSize, hiddenWidths, activation }: NetworkShape, outputs: number) {
  return mlp(random, { name: "policy", inputs: observationSize, hidden: hiddenWidths, outputs, activation, ...uniformWeights });
}
