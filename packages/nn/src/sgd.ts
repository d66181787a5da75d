import type { Tensor, Update, Variable } from "@uphill/autodiff";
import { expectation, OptionError, requireBoolean, requireNumber } from "@uphill/core-math";
import { prepare } from "./internal/optimizer.js";
import type { OptimizerOptions } from "./optimizer-options.js";

/** Options of {@link sgd}. */
export interface SgdOptions extends OptimizerOptions {
  /** μ, the part of the velocity that each step keeps, in [0, 1); 0 by default. */
  readonly momentum?: number;
  /** Whether to look ahead along the velocity (Nesterov); needs a momentum above 0. False by default. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent with momentum, by PyTorch's convention, in which the learning rate scales the velocity:
 *
 *     b ← μ b + g
 *     θ ← θ − α b            or, with Nesterov's look ahead,  θ ← θ − α (g + μ b)
 *
 * (Sutskever, Martens, Dahl and Hinton 2013 put α into b instead: the same while α is constant.)
 * With μ > 0 the velocities are variables `${name}/${parameter}/velocity`; without there is no state.
 *
 * @param parameters - What to change, float32.
 * @param gradients - The gradient of the loss in each parameter, of its shape.
 * @param options - `learningRate` α, and see {@link SgdOptions}.
 * @returns One update a parameter and velocity, for `compile`. None is applied in a run in which the
 *   gradients' global norm or the learning rate is NaN or infinite.
 * @throws OptionError or ShapeError for parameters and gradients that do not match, or an option out of its range.
 */
export function sgd(parameters: readonly Variable[], gradients: readonly Tensor[], options: SgdOptions): Update[] {
  const { slots, learningRate, set } = prepare("sgd", parameters, gradients, options);
  const { momentum = 0, nesterov = false } = options;
  requireNumber("sgd momentum", momentum, { least: 0, below: 1 });
  requireBoolean("sgd nesterov", nesterov);
  if (nesterov && momentum === 0) {
    throw new OptionError(expectation("sgd momentum", "a number above 0 with nesterov", momentum));
  }
  return slots.flatMap(({ parameter, gradient, state }) => {
    const descend = (direction: Tensor) => set(parameter, parameter.sub(direction.mul(learningRate)));
    if (momentum === 0) return [descend(gradient)];
    const velocity = state("velocity");
    const b = velocity.mul(momentum).add(gradient);
    return [set(velocity, b), descend(nesterov ? gradient.add(b.mul(momentum)) : b)];
  });
}
