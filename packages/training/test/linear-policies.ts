import { constant, Store, variable } from "@uphill/autodiff";
import type { Variable } from "@uphill/autodiff";
import { beta, categorical, diagonalNormal } from "@uphill/distributions";
import { box, discrete } from "@uphill/envs";
import type { Box, Discrete } from "@uphill/envs";
import { Policy } from "../src/policy/policy.js";

/** A policy with its weights, to be changed. */
export interface LinearPolicy<A extends Discrete | Box> {
  readonly policy: Policy<A>;
  /** `[observation size, outputs]`. */
  readonly weights: Variable;
}

/** A categorical policy whose logits are observation · weights + offsets; row-major weights. */
export function linearCategorical(weights: readonly number[], offsets: readonly number[]): LinearPolicy<Discrete> {
  const [size, outputs] = [weights.length / offsets.length, offsets.length];
  const kernel = variable("kernel", [size, outputs], weights);
  const policy = new Policy({
    environmentId: "Errands-v0",
    algorithm: "none",
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [size] }),
    actionSpace: discrete(outputs),
    store: new Store(),
    distribution: (observation) =>
      categorical({ logits: observation.matmul(kernel).add(constant(Float32Array.from(offsets))) }),
  });
  return { policy, weights: kernel };
}

/** A normal policy of mean observation · weights and the given standard deviation, with one input. */
export function linearNormal(
  weights: readonly number[],
  standardDeviation: number,
  actionSpace: Box,
): LinearPolicy<Box> {
  const kernel = variable("kernel", [1, weights.length], weights);
  const spread = constant(new Float32Array(weights.length).fill(Math.log(standardDeviation)));
  const policy = new Policy({
    environmentId: "Slider-v0",
    algorithm: "none",
    observationSpace: box({ low: -Infinity, high: Infinity }),
    actionSpace,
    store: new Store(),
    distribution: (observation) => diagonalNormal({ mean: observation.matmul(kernel), logStandardDeviation: spread }),
  });
  return { policy, weights: kernel };
}

/** A beta policy of α = β = e^(observation · weight) on −1 to 1: sampled on the host, with mean 0. */
export function linearBeta(weight: number): Policy<Box> {
  const kernel = variable("kernel", [1, 1], [weight]);
  return new Policy({
    environmentId: "Slider-v0",
    algorithm: "none",
    observationSpace: box({ low: -Infinity, high: Infinity }),
    actionSpace: box({ low: -1, high: 1 }),
    store: new Store(),
    distribution: (observation) => {
      const shape = observation.matmul(kernel).exp();
      return beta({ alpha: shape, beta: shape, low: -1, high: 1 });
    },
  });
}
