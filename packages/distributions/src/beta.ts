import { where } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation, requireArray, requireObject } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { BoxBounds, insideUnit } from "./internal/box-bounds.js";
import { betaDivergence, betaEntropy, betaFisher, betaLogDensity } from "./internal/beta-law.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import { standardBeta } from "./internal/standard-gamma.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link beta} distribution is made from. */
export interface BetaParameters {
  /** α > 0, float32 [...batch, d]. */
  readonly alpha: Tensor;
  /** β > 0, of the same shape. */
  readonly beta: Tensor;
  /** Lower bounds of the values: one a component, or one for all; 0 by default. */
  readonly low?: number | ArrayLike<number>;
  /** Upper bounds of the values, above the lower ones; 1 by default. */
  readonly high?: number | ArrayLike<number>;
}

/**
 * A beta distribution in each component, on a box: x = low + (high − low) y, p(y) = y^(α−1) (1 − y)^(β−1) / B(α, β).
 *
 * A policy for bounded actions that nothing need clip (Chou, Maturana and Scherer 2017; they keep α and β above 1, where
 * the density has one peak). No fixed noise makes a sample: {@link Beta.draw} draws on the host, and such a sample
 * carries no gradient.
 *
 * @param parameters - `alpha` and `beta`, float32 [...batch, d] with d ≥ 1 fixed, positive; bounds `low` and `high`.
 * @returns A distribution over float32 vectors [...batch, d] in the box, whose noise is the sample itself.
 * @throws OptionError if a parameter is no float32 tensor or a bound is none; ShapeError if the shapes do not fit.
 */
export function beta(parameters: BetaParameters): Beta {
  requireObject("beta parameters", parameters);
  const { low = 0, high = 1 } = parameters;
  const size = requireShapes(parameters);
  return new Beta(parameters, new BoxBounds("beta", low, high, size));
}

/** A {@link beta} distribution. */
export class Beta implements Distribution {
  readonly kind = "beta";
  readonly parameters: { readonly alpha: Tensor; readonly beta: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = false;
  readonly noise: Noise;
  readonly support: Support;
  readonly #box: BoxBounds;

  /** @internal Use {@link beta}. */
  constructor({ alpha, beta: other }: BetaParameters, box: BoxBounds) {
    requireShapes({ alpha, beta: other });
    this.parameters = { alpha, beta: other };
    this.batchShape = alpha.shape.slice(0, -1);
    this.eventShape = alpha.shape.slice(-1);
    this.noise = { kind: "sample", shape: alpha.shape };
    this.support = box.support;
    this.#box = box;
  }

  /**
   * Draws samples on the host, where the parameters are numbers: G/(G + H) with G and H of gamma laws of shapes α and β
   * (Marsaglia and Tsang 2000), moved into the box.
   *
   * @param parameters - Values of `alpha` and `beta`, n rows of d each, n of any number.
   * @param random - The stream to draw from; how much of it is used is random too.
   * @param out - What to fill, n rows of d: the noise that {@link sample} takes. NaN where a parameter is not positive.
   * @throws OptionError for what is no array; ShapeError for lengths that differ.
   */
  draw(
    parameters: Readonly<Record<string, ArrayLike<number>>>,
    random: Random,
    out: Float32Array | Float64Array,
  ): void {
    const alpha = requireArray("beta draw alpha", parameters["alpha"], out.length);
    const other = requireArray("beta draw beta", parameters["beta"], out.length);
    const { low, high } = this.#box;
    for (let i = 0; i < out.length; i++) {
      const k = i % low.length;
      const unit = standardBeta(random, alpha[i], other[i]);
      out[i] = Math.min(low[k] + (high[k] - low[k]) * unit, high[k]);
    }
  }

  /**
   * What {@link draw} drew.
   *
   * @param noise - The sample, float32 [...batch, d].
   * @returns The same.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    return requireTensor("beta noise", noise, "float32", this.noise.shape);
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * log p(x) = Σᵢ (αᵢ − 1) log yᵢ + (βᵢ − 1) log(1 − yᵢ) − log B(αᵢ, βᵢ) − log(highᵢ − lowᵢ); −∞ outside the box.
   *
   * @param value - x, float32 [...batch, d]. An edge stands for the number nearest to it inside.
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("beta value", value, "float32", this.noise.shape);
    const { alpha, beta: other } = this.parameters;
    const unit = insideUnit(this.#box.toUnit(value));
    const perComponent = betaLogDensity(alpha, other, unit).sub(this.#box.logWidth);
    return this.#box.minusInfinityOutside(value, perComponent).sum(-1).named("beta/logProbability");
  }

  /** H(p) = Σᵢ log B − (α − 1) ψ(α) − (β − 1) ψ(β) + (α + β − 2) ψ(α + β) + log(high − low): nats, [...batch]. */
  entropy(): Tensor {
    const { alpha, beta: other } = this.parameters;
    return betaEntropy(alpha, other).add(this.#box.logWidth).sum(-1).named("beta/entropy");
  }

  /** low + (high − low) α/(α + β), [...batch, d]. */
  mean(): Tensor {
    const { alpha, beta: other } = this.parameters;
    return this.#box.fromUnit(alpha.div(alpha.add(other))).named("beta/mean");
  }

  /**
   * low + (high − low) (α − 1)/(α + β − 2) where α and β are at least 1; the edge with the higher density where one is
   * below 1; the middle where they are equal and at most 1: [...batch, d].
   */
  mode(): Tensor {
    const { alpha, beta: other } = this.parameters;
    const [a, b] = [alpha.sub(1), other.sub(1)];
    const hasPeak = where(a.less(0), 0, where(b.less(0), 0, where(a.add(b).greater(0), 1, 0))).toInt();
    const edge = where(a.equal(b), 0.5, a.greater(b).toFloat());
    const peak = a.div(where(hasPeak, a.add(b), 1));
    return this.#box.fromUnit(where(hasPeak, peak, edge)).named("beta/mode");
  }

  /**
   * KL(p‖q) = Σᵢ log B(α′, β′) − log B(α, β) + (α − α′) ψ(α) + (β − β′) ψ(β) + (α′ + β′ − α − β) ψ(α + β): [...batch].
   *
   * @param other - q, of α′ and β′: a beta distribution of the same shape and bounds.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: Beta): Tensor {
    if (!(other instanceof Beta)) throw new OptionError(expectation("beta kl other", "a beta distribution", other));
    requireTensor("beta kl other", other.parameters.alpha, "float32", this.noise.shape);
    if (!this.#box.equals(other.#box)) throw new ShapeError("beta kl other: expected the same bounds, got others");
    return betaDivergence(this.parameters, other.parameters).sum(-1).named("beta/kl");
  }

  /** diag(ψ′(α), ψ′(β)) − ψ′(α + β) in the (α, β) of each component: [...batch, 2d, 2d]. */
  fisher(): Tensor {
    return betaFisher(this.parameters.alpha, this.parameters.beta).named("beta/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): Beta {
    return new Beta({ alpha: parameters["alpha"], beta: parameters["beta"] }, this.#box);
  }
}

/** The number of components, where the parameters fit each other. */
function requireShapes({ alpha, beta: other }: BetaParameters): number {
  requireTensor("beta alpha", alpha, "float32");
  const size = requireLastLength("beta alpha", alpha);
  requireTensor("beta beta", other, "float32", alpha.shape);
  return size;
}
