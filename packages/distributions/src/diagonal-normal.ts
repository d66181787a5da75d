import type { Shape, Tensor } from "@uphill/autodiff";
import { concat } from "@uphill/autodiff";
import { OptionError, expectation, requireObject } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { diagonalMatrix } from "./internal/matrix.js";
import { log2Pi, requireNormalParameters } from "./internal/normal-parameters.js";
import { requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link diagonalNormal} is made from. */
export interface DiagonalNormalParameters {
  /** μ, float32 [...batch, d]. */
  readonly mean: Tensor;
  /** log σ, float32 [...batch, d], or [d] where it is the same for the whole batch. */
  readonly logStandardDeviation: Tensor;
}

/**
 * A normal distribution with independent components: x = μ + σ ε, ε ~ N(0, I), so of covariance diag(σ²).
 *
 * The standard deviation is given by its logarithm, so any number is allowed; in float32, e^s and e^−s are
 * finite and above 0 for s from −87 to 87.
 *
 * @param parameters - `mean` μ, float32 [...batch, d] with d ≥ 1 fixed; `logStandardDeviation` log σ,
 *   of the same shape or [d].
 * @returns A distribution over float32 vectors [...batch, d], sampled from normal noise [...batch, d].
 * @throws OptionError if a parameter is no float32 tensor; ShapeError if the shapes do not fit.
 */
export function diagonalNormal(parameters: DiagonalNormalParameters): DiagonalNormal {
  requireObject("diagonalNormal parameters", parameters);
  return new DiagonalNormal(parameters);
}

/** A {@link diagonalNormal} distribution. */
export class DiagonalNormal implements Distribution {
  readonly kind = "diagonalNormal";
  readonly parameters: { readonly mean: Tensor; readonly logStandardDeviation: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support = { kind: "real" };
  readonly #size: number;

  /** @internal Use {@link diagonalNormal}. */
  constructor({ mean, logStandardDeviation }: DiagonalNormalParameters) {
    this.#size = requireNormalParameters("diagonalNormal", { mean, logStandardDeviation });
    this.parameters = { mean, logStandardDeviation };
    this.batchShape = mean.shape.slice(0, -1);
    this.eventShape = [this.#size];
    this.noise = { kind: "normal", shape: mean.shape };
  }

  /**
   * μ + σ ε.
   *
   * @param noise - ε, standard normal, float32 [...batch, d].
   * @returns float32 [...batch, d]. Gradients flow to both parameters (Kingma and Welling 2014, section 2.4).
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("diagonalNormal noise", noise, "float32", this.noise.shape);
    const { mean, logStandardDeviation } = this.parameters;
    return mean.add(logStandardDeviation.exp().mul(noise)).named("diagonalNormal/sample");
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * log p(x) = −½ Σᵢ ((xᵢ − μᵢ)/σᵢ)² − Σᵢ log σᵢ − (d/2) log 2π, summed over the d components.
   *
   * @param value - x, float32 [...batch, d].
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    const standardized = this.inferNoise(value);
    const logNormalizer = this.parameters.logStandardDeviation.sum(-1).add((this.#size / 2) * log2Pi);
    return standardized.square().sum(-1).mul(-0.5).sub(logNormalizer).named("diagonalNormal/logProbability");
  }

  /** H(p) = Σᵢ log σᵢ + (d/2) (1 + log 2π): nats, [...batch]; below 0 for small σ. */
  entropy(): Tensor {
    const { logStandardDeviation } = this.parameters;
    const entropy = logStandardDeviation.sum(-1).add((this.#size / 2) * (1 + log2Pi));
    return entropy.broadcastTo(this.batchShape).named("diagonalNormal/entropy");
  }

  /** The mean μ, [...batch, d]. */
  mean(): Tensor {
    return this.parameters.mean;
  }

  /** The mean μ, [...batch, d]. */
  mode(): Tensor {
    return this.parameters.mean;
  }

  /**
   * The noise that makes a value: ε = (x − μ)/σ, so that {@link sample} of it is x.
   *
   * @param value - x, float32 [...batch, d].
   * @returns [...batch, d]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  inferNoise(value: Tensor): Tensor {
    requireTensor("diagonalNormal value", value, "float32", this.noise.shape);
    const { mean, logStandardDeviation } = this.parameters;
    return value.sub(mean).mul(logStandardDeviation.neg().exp()).named("diagonalNormal/noise");
  }

  /**
   * KL(p‖q) = Σᵢ ½ (e^{2δᵢ} − 1) − δᵢ + ½ ((μᵢ − μ′ᵢ)/σ′ᵢ)², with δ = log σ − log σ′: [...batch].
   *
   * In float32 its error is about 1e-7 nats a component, and a result that small may come out below 0.
   *
   * @param other - q with mean μ′ and standard deviation σ′, a diagonal normal with a mean of the same shape.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: DiagonalNormal): Tensor {
    if (!(other instanceof DiagonalNormal)) {
      throw new OptionError(expectation("diagonalNormal kl other", "a diagonal normal distribution", other));
    }
    const { mean, logStandardDeviation } = this.parameters;
    requireTensor("diagonalNormal kl other", other.parameters.mean, "float32", mean.shape);
    const delta = logStandardDeviation.sub(other.parameters.logStandardDeviation);
    const shift = mean.sub(other.parameters.mean).mul(other.parameters.logStandardDeviation.neg().exp());
    const spread = delta.mul(2).exp().sub(1).mul(0.5).sub(delta);
    return shift.square().mul(0.5).add(spread).sum(-1).named("diagonalNormal/kl");
  }

  /**
   * diag(1/σ², 2) in (μ, log σ): [...batch, 2d, 2d], also where σ is shared by the batch.
   */
  fisher(): Tensor {
    const { mean, logStandardDeviation } = this.parameters;
    const precision = logStandardDeviation.mul(-2).exp().broadcastTo(mean.shape);
    return diagonalMatrix(concat([precision, precision.mul(0).add(2)])).named("diagonalNormal/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): DiagonalNormal {
    return new DiagonalNormal({
      mean: parameters["mean"],
      logStandardDeviation: parameters["logStandardDeviation"],
    });
  }
}
