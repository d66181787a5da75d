import type { Tensor, Update, Variable } from "@uphill/autodiff";
import { log, requireNumber } from "@uphill/core-math";
import { prepare } from "./internal/optimizer.js";
import { towards } from "./internal/towards.js";
import type { OptimizerOptions } from "./optimizer-options.js";

/** Options of {@link adam}. */
export interface AdamOptions extends OptimizerOptions {
  /** β₁, decay of the first moment, in [0, 1); 0.9 by default. */
  readonly beta1?: number;
  /** β₂, decay of the second moment, in [0, 1); 0.999 by default. */
  readonly beta2?: number;
  /** ε, added to the root of the second moment, ≥ 0; 1e-8 by default. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with ε outside the root as there and in PyTorch:
 *
 *     m ← β₁ m + (1 − β₁) g            m̂ = m / (1 − β₁ᵗ)
 *     v ← β₂ v + (1 − β₂) g²           v̂ = v / (1 − β₂ᵗ)
 *     θ ← θ − α m̂ / (√v̂ + ε)
 *
 * The moments are variables `${name}/${parameter}/firstMoment` and `…/secondMoment`, the number t of steps
 * is `${name}/step`: all in the store, so a checkpoint of the store continues exactly. t stays at 2²⁴, where
 * it no longer matters.
 *
 * @param parameters - What to change, float32.
 * @param gradients - The gradient of the loss in each parameter, of its shape.
 * @param options - `learningRate` α, and see {@link AdamOptions}.
 * @returns One update a parameter and moment, for `compile`. None is applied in a run in which the
 *   gradients' global norm or the learning rate is NaN or infinite.
 * @throws OptionError or ShapeError for parameters and gradients that do not match, or an option out of its range.
 */
export function adam(parameters: readonly Variable[], gradients: readonly Tensor[], options: AdamOptions): Update[] {
  const { slots, learningRate, state, set } = prepare("adam", parameters, gradients, options);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  requireNumber("adam beta1", beta1, { least: 0, below: 1 });
  requireNumber("adam beta2", beta2, { least: 0, below: 1 });
  requireNumber("adam epsilon", epsilon, { least: 0 });
  const step = state("step");
  const t = step.add(1);
  // α m̂ / (√v̂ + ε) with the corrections gathered in two scalars: one division an element.
  const rootCorrection = oneMinusPower(beta2, t).sqrt();
  const stepSize = learningRate.mul(rootCorrection).div(oneMinusPower(beta1, t));
  const shift = rootCorrection.mul(epsilon);
  const updates = slots.flatMap(({ parameter, gradient, state: moment }) => {
    const [first, second] = [moment("firstMoment"), moment("secondMoment")];
    const m = towards(first, gradient, 1 - beta1);
    const v = towards(second, gradient.square(), 1 - beta2);
    const change = m.div(v.sqrt().add(shift)).mul(stepSize);
    return [set(first, m), set(second, v), set(parameter, parameter.sub(change))];
  });
  return [set(step, t), ...updates];
}

/**
 * 1 − βᵗ to a few units in the last place for every t ≥ 1, where 1 − 0.999 in float32 keeps five digits:
 * −expm1(−2x) = 2 tanh x / (1 + tanh x), with x = −½ t log β.
 */
function oneMinusPower(beta: number, t: Tensor): Tensor {
  const half = t.mul(-0.5 * log(beta)).tanh();
  return half.mul(2).div(half.add(1));
}
