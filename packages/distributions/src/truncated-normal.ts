import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation, requireObject } from "@uphill/core-math";
import type { DiagonalNormalParameters } from "./diagonal-normal.js";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { BoxBounds } from "./internal/box-bounds.js";
import { estimateFisher, noClosedForm } from "./internal/no-closed-form.js";
import { log2Pi, requireNormalParameters } from "./internal/normal-parameters.js";
import { requireTensor } from "./internal/require-tensor.js";
import { StandardInterval } from "./internal/standard-interval.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link truncatedNormal} is made from. */
export interface TruncatedNormalParameters extends DiagonalNormalParameters {
  /** Lower bounds of the values, finite: one a component, or one for all. */
  readonly low: number | ArrayLike<number>;
  /** Upper bounds of the values, above the lower ones, finite. */
  readonly high: number | ArrayLike<number>;
}

/**
 * A diagonal normal conditioned on being in a box: p(x) = Πᵢ φ((xᵢ − μᵢ)/σᵢ) / (σᵢ (Φ(βᵢ) − Φ(αᵢ))), with the standardised
 * bounds α = (low − μ)/σ and β = (high − μ)/σ.
 *
 * Computed from log Φ, so that a mean far outside the box does not underflow. In float32 it still costs digits: those of
 * ½ξ², where that is large; and so does a σ of more than about a hundred widths of the box, where p is nearly uniform.
 *
 * @param parameters - `mean` μ and `logStandardDeviation` log σ as of {@link diagonalNormal}, those of the normal before
 *   truncation; bounds `low` and `high`.
 * @returns A distribution over float32 vectors [...batch, d] in the box, sampled from uniform noise [...batch, d].
 * @throws OptionError if a parameter is no float32 tensor or a bound is none; ShapeError if the shapes do not fit.
 */
export function truncatedNormal(parameters: TruncatedNormalParameters): TruncatedNormal {
  requireObject("truncatedNormal parameters", parameters);
  const { mean, logStandardDeviation, low, high } = parameters;
  const size = requireNormalParameters("truncatedNormal", { mean, logStandardDeviation });
  return new TruncatedNormal({ mean, logStandardDeviation }, new BoxBounds("truncatedNormal", low, high, size));
}

/** A {@link truncatedNormal} distribution. */
export class TruncatedNormal implements Distribution {
  readonly kind = "truncatedNormal";
  readonly parameters: { readonly mean: Tensor; readonly logStandardDeviation: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support;
  readonly #box: BoxBounds;
  readonly #interval: StandardInterval;

  /** @internal Use {@link truncatedNormal}. */
  constructor({ mean, logStandardDeviation }: DiagonalNormalParameters, box: BoxBounds) {
    const size = requireNormalParameters("truncatedNormal", { mean, logStandardDeviation });
    this.parameters = { mean, logStandardDeviation };
    this.batchShape = mean.shape.slice(0, -1);
    this.eventShape = [size];
    this.noise = { kind: "uniform", shape: mean.shape };
    this.support = box.support;
    this.#box = box;
    this.#interval = new StandardInterval(this.#standardized(box.lowest), this.#standardized(box.highest));
  }

  /**
   * μ + σ Φ⁻¹(Φ(α) + u (Φ(β) − Φ(α))): the quantile of u.
   *
   * @param noise - u, uniform on [0, 1), [...batch, d]; 1 itself is allowed.
   * @returns float32 [...batch, d]. Gradients flow to both parameters.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("truncatedNormal noise", noise, "float32", this.noise.shape);
    const { mean, logStandardDeviation } = this.parameters;
    const value = mean.add(logStandardDeviation.exp().mul(this.#interval.quantile(noise)));
    return this.#box.within(value).named("truncatedNormal/sample");
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * log p(x) = Σᵢ −½ ξᵢ² − ½ log 2π − log σᵢ − log(Φ(βᵢ) − Φ(αᵢ)), ξ = (x − μ)/σ; −∞ outside the box.
   *
   * @param value - x, float32 [...batch, d].
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("truncatedNormal value", value, "float32", this.noise.shape);
    const perComponent = this.#standardized(value).square().mul(-0.5).sub(this.#logNormalizer);
    return this.#box.minusInfinityOutside(value, perComponent).sum(-1).named("truncatedNormal/logProbability");
  }

  /** H(p) = Σᵢ ½ E[ξᵢ²] + ½ log 2π + log σᵢ + log(Φ(βᵢ) − Φ(αᵢ)): nats, [...batch]. */
  entropy(): Tensor {
    const perComponent = this.#interval.secondMoment.mul(0.5).add(this.#logNormalizer);
    return perComponent.sum(-1).named("truncatedNormal/entropy");
  }

  /** μ + σ (φ(α) − φ(β))/(Φ(β) − Φ(α)), [...batch, d]. */
  mean(): Tensor {
    const { mean, logStandardDeviation } = this.parameters;
    return this.#box.within(mean.add(logStandardDeviation.exp().mul(this.#interval.mean))).named("truncatedNormal/mean");
  }

  /** The mean μ moved into the box, [...batch, d]. */
  mode(): Tensor {
    return this.#box.within(this.parameters.mean).named("truncatedNormal/mode");
  }

  /**
   * The cdf of each component, which is the noise that makes a value: u = (Φ(ξ) − Φ(α))/(Φ(β) − Φ(α)).
   *
   * @param value - x in the box, float32 [...batch, d].
   * @returns From 0 to 1, [...batch, d]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  inferNoise(value: Tensor): Tensor {
    requireTensor("truncatedNormal value", value, "float32", this.noise.shape);
    return this.#interval.cdf(this.#standardized(value)).named("truncatedNormal/noise");
  }

  /**
   * KL(p‖q) = Σᵢ log(σ′Z′/(σZ)) + ½ E_p[((xᵢ − μ′ᵢ)/σ′ᵢ)²] − ½ E_p[ξᵢ²], Z = Φ(β) − Φ(α): [...batch].
   *
   * @param other - q, a truncated normal of the same shape and bounds.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: TruncatedNormal): Tensor {
    if (!(other instanceof TruncatedNormal)) {
      throw new OptionError(expectation("truncatedNormal kl other", "a truncated normal distribution", other));
    }
    const { mean, logStandardDeviation } = this.parameters;
    requireTensor("truncatedNormal kl other", other.parameters.mean, "float32", mean.shape);
    if (!this.#box.equals(other.#box)) {
      throw new ShapeError("truncatedNormal kl other: expected the same bounds, got others");
    }
    const ratio = logStandardDeviation.sub(other.parameters.logStandardDeviation).exp();
    const shift = mean.sub(other.parameters.mean).mul(other.parameters.logStandardDeviation.neg().exp());
    const { mean: first, secondMoment: second } = this.#interval;
    // E[(r ξ + s)²] − E[ξ²]
    const spread = ratio.square().sub(1).mul(second).add(ratio.mul(shift).mul(first).mul(2)).add(shift.square());
    const normalizers = other.#logNormalizer.sub(this.#logNormalizer);
    return spread.mul(0.5).add(normalizers).sum(-1).named("truncatedNormal/kl");
  }

  /** @throws OptionError always: it is not offered in closed form. */
  fisher(): never {
    return noClosedForm("truncatedNormal fisher", estimateFisher);
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): TruncatedNormal {
    return new TruncatedNormal(parameters as unknown as DiagonalNormalParameters, this.#box);
  }

  #standardized(value: Tensor): Tensor {
    const { mean, logStandardDeviation } = this.parameters;
    return value.sub(mean).mul(logStandardDeviation.neg().exp());
  }

  /** ½ log 2π + log σ + log(Φ(β) − Φ(α)), [...batch, d]. */
  get #logNormalizer(): Tensor {
    return this.#interval.logMass.add(this.parameters.logStandardDeviation).add(log2Pi / 2);
  }
}
