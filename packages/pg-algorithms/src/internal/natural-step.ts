import { compileStaged, input, stopGradient } from "@uphill/autodiff";
import { conjugateGradientSteps } from "@uphill/core-math";
import { fisherVectorProduct, naturalGradient, naturalStepSize } from "@uphill/trust-region";
import type { ActorCritic } from "@uphill/training";
import { FlatParameters } from "./flat-parameters.js";

/** How a natural step is solved for, and how long it is. */
export interface NaturalStepSettings {
  /** δ, nats. */
  readonly klRadius: number;
  /** c of F + c I. */
  readonly damping: number;
  /** Products with F at the most. */
  readonly conjugateGradientSteps: number;
}

/**
 * The step of a policy's parameters along the natural gradient whose divergence is δ to second order:
 *
 *     Δθ = √(2δ / gᵀx) x,   (F + c I) x = g,   F = ∇² E_s[KL(π_old(· | s) ‖ π_θ(· | s))] at θ_old
 *
 * x by conjugate gradients in float64, on products with F that one program makes; the forward pass runs once for all.
 * (Schulman et al. 2015, appendix C.)
 */
export class NaturalStep {
  readonly #parameters: FlatParameters;
  readonly #product: ReturnType<typeof compileProduct>;

  constructor(model: ActorCritic) {
    this.#parameters = new FlatParameters(model.policy.store, model.policyParameters);
    this.#product = compileProduct(model, this.#parameters);
  }

  /**
   * @param observations - `[rows, observation size]`: the states that F is a mean over.
   * @param gradient - g: of what is to grow, finite.
   * @returns Δθ; zeros where g is 0, or where the policy does not change along it.
   */
  async solve(observations: Float32Array, gradient: ArrayLike<number>, settings: NaturalStepSettings): Promise<Float64Array> {
    const { klRadius, damping, conjugateGradientSteps: maxIterations } = settings;
    await this.#product.hold({ observation: observations });
    const steps = conjugateGradientSteps(gradient, { maxIterations });
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value.iterations === 0 ? value.x : scaled(gradient, value.x, klRadius);
      const { direction, product } = value;
      await this.#product.execute({ direction });
      const fisher = this.#product.view("product");
      for (let i = 0; i < product.length; i++) product[i] = fisher[i] + damping * direction[i];
    }
  }

  /** The same with F written down, a product for each of its columns, and factored. */
  async solveExactly(
    observations: Float32Array,
    gradient: ArrayLike<number>,
    settings: NaturalStepSettings,
  ): Promise<Float64Array> {
    const { length } = this.#parameters;
    const fisher = new Float64Array(length * length);
    const direction = new Float64Array(length);
    await this.#product.hold({ observation: observations });
    for (let row = 0; row < length; row++) {
      direction.fill(0)[row] = 1;
      await this.#product.execute({ direction });
      fisher.set(this.#product.view("product"), row * length);
      fisher[row * length + row] += settings.damping;
    }
    return scaled(gradient, naturalGradient(gradient, fisher), settings.klRadius);
  }
}

/** x at the length whose divergence is δ to second order. */
function scaled(gradient: ArrayLike<number>, x: Float64Array, klRadius: number): Float64Array {
  const size = naturalStepSize(gradient, x, klRadius);
  return x.map((element) => size * element);
}

function compileProduct({ policy, policyParameters, backend }: ActorCritic, parameters: FlatParameters) {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const held = Object.entries(distribution.parameters).map(([name, tensor]) => [name, stopGradient(tensor)] as const);
  const klNats = distribution.withParameters(Object.fromEntries(held)).kl(distribution).mean();
  const direction = parameters.input("direction");
  const coordinates = Object.values(distribution.parameters);
  const products = fisherVectorProduct(klNats, policyParameters, direction.parts, coordinates);
  const outputs = { product: parameters.joined(products) };
  const inputs = { direction: direction.vector };
  return compileStaged({ held: { observation }, inputs, outputs, store: policy.store, backend });
}
