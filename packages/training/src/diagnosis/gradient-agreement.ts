import { compile, concat, grad, input } from "@uphill/autodiff";
import type { Program } from "@uphill/autodiff";
import { discountedReturns } from "@uphill/estimators";
import { policyGradientLoss } from "../on-policy/policy-gradient-loss.js";
import type { Policy } from "../policy/policy.js";
import type { SampledSteps } from "./sampled-steps.js";

/** How far gradients of a batch size agree. */
export interface GradientAgreement {
  /** Steps in a batch, one after the other in one environment. */
  readonly batchSize: number;
  /** Of the square of such a batch's gradient, the part that other batches have too: 1 is without noise, 0 is noise. */
  readonly agreement: number;
}

/** Steps of the smallest batch. */
const SMALLEST = 32;

/** How many times as large each batch is as the one before. */
const FACTOR = 4;

/**
 * How noisy the policy gradient is, by the size of the batch that it is estimated from:
 *
 *     agreement(B) = E[g · g′] / E[|g|²],   g = −∇ E_B[(G − Ḡ) log π(a | s)]
 *
 * with g and g′ from batches of different environments, so that they are independent, and G the discounted
 * reward-to-go. Where all is noise it is 0, by chance a little less. It is |E g|² / E|g|², and B / (B + B*) with the noise
 * scale B* of McCandlish et al. 2018, "An Empirical Model of Large-Batch Training", equation 2.8, where steps are independent.
 *
 * @param policy - Whose weights `policy/…` the gradient is taken by.
 * @param sampled - What it did in at least 2 environments, for 32, 128, 512 or 2048 … steps.
 * @param gamma - γ of the rewards-to-go.
 * @returns From the smallest batch to the largest; empty where the gradient is 0 throughout, as where all rewards are equal.
 */
export function gradientAgreement(
  policy: Policy,
  { environments, steps, observations, actions, rewards, terminated, truncated }: SampledSteps,
  gamma: number,
): readonly GradientAgreement[] {
  const returns = Array.from({ length: environments }, (_, i) => {
    const own = <Values extends Float64Array | Uint8Array>(values: Values): Values => values.subarray(i * steps, (i + 1) * steps) as Values;
    return discountedReturns({
      rewards: own(rewards),
      terminated: own(terminated),
      truncated: own(truncated),
      gamma,
    });
  });
  const mean = returns.flatMap((values) => [...values]).reduce((sum, value) => sum + value, 0) / (environments * steps);
  const gradient = compileGradient(policy);
  let sums: BatchGradients | undefined;
  const observationSize = observations.length / rewards.length;
  const actionSize = actions.length / rewards.length;
  for (let i = 0; i < environments; i++) {
    for (let from = 0; from < steps; from += SMALLEST) {
      const start = i * steps + from;
      gradient.execute({
        observation: observations.subarray(start * observationSize, (start + SMALLEST) * observationSize),
        action: actions.subarray(start * actionSize, (start + SMALLEST) * actionSize),
        advantage: returns[i].slice(from, from + SMALLEST).map((value) => value - mean),
      });
      const part = gradient.view("gradient");
      (sums ??= new BatchGradients(part.length, steps)).add(part);
    }
  }
  return sums?.agreements(environments) ?? [];
}

/** The gradient of one batch, flat. */
function compileGradient(policy: Policy): Program {
  const { store, observationSpace } = policy;
  const observation = input("observation", ["batch", observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const loss = policyGradientLoss({ logProbability: distribution.logProbability(action), advantage });
  const parameters = store.variables().filter(({ name }) => name.startsWith("policy/"));
  const gradients = grad(loss, parameters).map((part, i) => part.reshape([parameters[i].initial.length]));
  return compile({ inputs: { observation, action, advantage }, outputs: { gradient: concat(gradients, 0) }, store });
}

/**
 * Squares of the gradients of batches of each size, from those of the smallest batches, environment by environment. The
 * largest batches are all that an environment has.
 */
class BatchGradients {
  /** By size: the sum of the squares, how many there were, and what the next size has not taken yet. */
  readonly #sizes: { readonly batchSize: number; squares: number; count: number; pending: Float64Array }[] = [];

  constructor(length: number, steps: number) {
    for (let batchSize = SMALLEST; batchSize <= steps; batchSize *= FACTOR) {
      this.#sizes.push({ batchSize, squares: 0, count: 0, pending: new Float64Array(length) });
    }
  }

  /** Takes the gradient of the next of the smallest batches. */
  add(gradient: ArrayLike<number>): void {
    let batch: Float64Array = Float64Array.from(gradient);
    for (const [index, size] of this.#sizes.entries()) {
      size.squares += squaredNorm(batch);
      size.count++;
      const whole = index === this.#sizes.length - 1;
      for (let k = 0; k < batch.length; k++) size.pending[k] += whole ? batch[k] : batch[k] / FACTOR;
      if (whole || size.count % FACTOR !== 0) return;
      batch = size.pending;
      size.pending = new Float64Array(batch.length);
    }
  }

  /** E[g · g′] over pairs of environments, in parts of E[|g|²]. */
  agreements(environments: number): readonly GradientAgreement[] {
    const whole = this.#sizes.at(-1)!;
    const product = (squaredNorm(whole.pending) - whole.squares) / (environments * (environments - 1));
    if (whole.squares === 0) return [];
    return this.#sizes.map(({ batchSize, squares, count }) => ({ batchSize, agreement: product / (squares / count) }));
  }
}

function squaredNorm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return sum;
}
