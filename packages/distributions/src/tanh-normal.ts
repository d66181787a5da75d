import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation, requireObject } from "@uphill/core-math";
import { DiagonalNormal } from "./diagonal-normal.js";
import type { DiagonalNormalParameters } from "./diagonal-normal.js";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { BoxBounds } from "./internal/box-bounds.js";
import { averageOverSamples, averageSamples, noClosedForm } from "./internal/no-closed-form.js";
import { requireNormalParameters } from "./internal/normal-parameters.js";
import { requireTensor } from "./internal/require-tensor.js";
import { transformedLogProbability, transformedSample } from "./internal/transformed.js";
import type { Transformed } from "./internal/transformed.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";
import { TanhSquash } from "./tanh-squash.js";

/** What a {@link tanhNormal} is made from. */
export interface TanhNormalParameters extends DiagonalNormalParameters {
  /** Lower bounds of the values: one a component, or one for all; −1 by default. */
  readonly low?: number | ArrayLike<number>;
  /** Upper bounds of the values, above the lower ones; 1 by default. */
  readonly high?: number | ArrayLike<number>;
}

/**
 * A diagonal normal squashed into a box: x = c + h tanh z, z = μ + σ ε, with the box's centre c and half width h.
 *
 * The policy of soft actor-critic (Haarnoja et al. 2018, appendix C). `sampleWithLogProbability` keeps z, and with it all
 * precision at the edges; `logProbability` finds z again from x, which near an edge float32 does not resolve.
 *
 * @param parameters - `mean` μ and `logStandardDeviation` log σ as of {@link diagonalNormal}; bounds `low` and `high`.
 * @returns A distribution over float32 vectors [...batch, d] in the box, sampled from normal noise [...batch, d].
 * @throws OptionError if a parameter is no float32 tensor or a bound is none; ShapeError if the shapes do not fit.
 */
export function tanhNormal(parameters: TanhNormalParameters): TanhNormal {
  requireObject("tanhNormal parameters", parameters);
  const { mean, logStandardDeviation, low = -1, high = 1 } = parameters;
  const size = requireNormalParameters("tanhNormal", { mean, logStandardDeviation });
  return new TanhNormal({ mean, logStandardDeviation }, new BoxBounds("tanhNormal", low, high, size));
}

/** A {@link tanhNormal} distribution. */
export class TanhNormal implements Distribution {
  readonly kind = "tanhNormal";
  readonly parameters: { readonly mean: Tensor; readonly logStandardDeviation: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support;
  readonly #normal: DiagonalNormal;
  readonly #box: BoxBounds;
  readonly #squash: TanhSquash;

  /** @internal Use {@link tanhNormal}. */
  constructor(parameters: DiagonalNormalParameters, box: BoxBounds) {
    requireNormalParameters("tanhNormal", parameters);
    this.#normal = new DiagonalNormal(parameters);
    this.#box = box;
    this.#squash = new TanhSquash(box);
    this.parameters = this.#normal.parameters;
    this.batchShape = this.#normal.batchShape;
    this.eventShape = this.#normal.eventShape;
    this.noise = this.#normal.noise;
    this.support = box.support;
  }

  /**
   * c + h tanh(μ + σ ε).
   *
   * @param noise - ε, standard normal, float32 [...batch, d].
   * @returns float32 [...batch, d]. Gradients flow to both parameters.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    return this.sampleWithLogProbability(noise).value;
  }

  /** The sample, with its log-probability from the value before squashing: exact also where the sample is at an edge. */
  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    requireTensor("tanhNormal noise", noise, "float32", this.noise.shape);
    return transformedSample(this.#transformed, noise);
  }

  /**
   * log p(x) = log N(z; μ, σ²) − Σᵢ log hᵢ (1 − tanh² zᵢ), z = artanh((x − c)/h); −∞ outside the box.
   *
   * @param value - x, float32 [...batch, d]. An edge stands for the last float32 before it.
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("tanhNormal value", value, "float32", this.noise.shape);
    return transformedLogProbability(this.#transformed, value);
  }

  get #transformed(): Transformed {
    return { kind: this.kind, base: this.#normal, bijector: this.#squash };
  }

  /** @throws OptionError always: it has no closed form. */
  entropy(): never {
    return noClosedForm("tanhNormal entropy", averageOverSamples);
  }

  /** @throws OptionError always: it has no closed form. */
  mean(): never {
    return noClosedForm("tanhNormal mean", averageSamples);
  }

  /** c + h tanh μ, [...batch, d]: the median of each component, not the maximum of the density, which for large σ is near an edge. */
  mode(): Tensor {
    return this.#squash.forward(this.parameters.mean).value.named("tanhNormal/mode");
  }

  /**
   * The noise that makes a value: ε = (z − μ)/σ, z = artanh((x − c)/h).
   *
   * @param value - x, float32 [...batch, d].
   * @returns [...batch, d]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  inferNoise(value: Tensor): Tensor {
    requireTensor("tanhNormal value", value, "float32", this.noise.shape);
    return this.#normal.inferNoise(this.#squash.inverse(value).value);
  }

  /**
   * KL(p‖q) of the normals before squashing, which squashing does not change: [...batch].
   *
   * @param other - q, a tanh-squashed normal of the same shape and bounds.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: TanhNormal): Tensor {
    if (!(other instanceof TanhNormal)) {
      throw new OptionError(expectation("tanhNormal kl other", "a tanh-squashed normal distribution", other));
    }
    requireTensor("tanhNormal kl other", other.parameters.mean, "float32", this.noise.shape);
    if (!this.#box.equals(other.#box)) throw new ShapeError("tanhNormal kl other: expected the same bounds, got others");
    return this.#normal.kl(other.#normal).named("tanhNormal/kl");
  }

  /** diag(1/σ², 2) in (μ, log σ), as before squashing: [...batch, 2d, 2d]. */
  fisher(): Tensor {
    return this.#normal.fisher().named("tanhNormal/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): TanhNormal {
    const { mean, logStandardDeviation } = parameters as unknown as DiagonalNormalParameters;
    return new TanhNormal({ mean, logStandardDeviation }, this.#box);
  }
}
