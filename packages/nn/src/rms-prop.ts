import type { Tensor, Update, Variable } from "@uphill/autodiff";
import { requireNumber } from "@uphill/core-math";
import { prepare } from "./internal/optimizer.js";
import { towards } from "./internal/towards.js";
import type { OptimizerOptions } from "./optimizer-options.js";

/** Options of {@link rmsProp}. */
export interface RmsPropOptions extends OptimizerOptions {
  /** Decay of the squared gradient's average, in [0, 1); 0.99 by default, as in PyTorch. */
  readonly decay?: number;
  /** ε, added to the root of the average, ≥ 0; 1e-5 by default, as in Stable-Baselines3 (PyTorch: 1e-8). */
  readonly epsilon?: number;
}

/**
 * RMSprop (Tieleman and Hinton 2012, lecture 6.5), by PyTorch's convention: ε outside the root, no correction
 * of the average's start at 0, so that the first step has length α / √(1 − ρ):
 *
 *     v ← ρ v + (1 − ρ) g²
 *     θ ← θ − α g / (√v + ε)
 *
 * (TensorFlow's has ε inside the root and starts v at 1.) The averages are variables
 * `${name}/${parameter}/secondMoment`.
 *
 * @param parameters - What to change, float32.
 * @param gradients - The gradient of the loss in each parameter, of its shape.
 * @param options - `learningRate` α, and see {@link RmsPropOptions}; ρ is `decay`.
 * @returns Two updates a parameter, for `compile`. None is applied in a run in which the gradients' global
 *   norm or the learning rate is NaN or infinite.
 * @throws OptionError or ShapeError for parameters and gradients that do not match, or an option out of its range.
 */
export function rmsProp(
  parameters: readonly Variable[],
  gradients: readonly Tensor[],
  options: RmsPropOptions,
): Update[] {
  const { slots, learningRate, set } = prepare("rmsProp", parameters, gradients, options);
  const { decay = 0.99, epsilon = 1e-5 } = options;
  requireNumber("rmsProp decay", decay, { least: 0, below: 1 });
  requireNumber("rmsProp epsilon", epsilon, { least: 0 });
  return slots.flatMap(({ parameter, gradient, state }) => {
    const average = state("secondMoment");
    const v = towards(average, gradient.square(), 1 - decay);
    const change = gradient.div(v.sqrt().add(epsilon)).mul(learningRate);
    return [set(average, v), set(parameter, parameter.sub(change))];
  });
}
