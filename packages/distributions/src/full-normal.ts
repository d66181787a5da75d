import { formatShape, sameShape, where } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation, requireObject } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { choleskyFisher } from "./internal/cholesky-fisher.js";
import { blockDiagonal, column, diagonalMatrix, diagonalOf, identity, lowerMask, row, solveLower } from "./internal/matrix.js";
import { log2Pi } from "./internal/normal-parameters.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link fullNormal} is made from. */
export interface FullNormalParameters {
  /** μ, float32 [...batch, d]. */
  readonly mean: Tensor;
  /**
   * The Cholesky factor L of the covariance, float32 [...batch, d, d], or [d, d] where it is the same for the whole batch:
   * its entries below the diagonal, and the logarithms of its diagonal. What is above the diagonal is not read.
   */
  readonly factor: Tensor;
}

/**
 * A normal distribution with any covariance Σ = L Lᵀ: x = μ + L ε, ε ~ N(0, I).
 *
 * L is lower triangular with Lᵢᵢ = exp factorᵢᵢ and Lᵢⱼ = factorᵢⱼ for i > j, so any factor gives a covariance, and each
 * covariance has one factor. Costs grow as d³, expressions as d².
 *
 * @param parameters - `mean` μ, float32 [...batch, d] with d ≥ 1 fixed; `factor`, [...batch, d, d] or [d, d].
 * @returns A distribution over float32 vectors [...batch, d], sampled from normal noise [...batch, d].
 * @throws OptionError if a parameter is no float32 tensor; ShapeError if the shapes do not fit.
 */
export function fullNormal(parameters: FullNormalParameters): FullNormal {
  requireObject("fullNormal parameters", parameters);
  return new FullNormal(parameters);
}

/** A {@link fullNormal} distribution. */
export class FullNormal implements Distribution {
  readonly kind = "fullNormal";
  readonly parameters: { readonly mean: Tensor; readonly factor: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support = { kind: "real" };
  readonly #size: number;
  /** log Lᵢᵢ, [...batch, d]. */
  readonly #logDiagonal: Tensor;
  /** L, [...batch, d, d]. */
  readonly #lower: Tensor;

  /** @internal Use {@link fullNormal}. */
  constructor({ mean, factor }: FullNormalParameters) {
    requireTensor("fullNormal mean", mean, "float32");
    const size = requireLastLength("fullNormal mean", mean);
    requireTensor("fullNormal factor", factor, "float32");
    const own = [...mean.shape, size];
    if (!sameShape(factor.shape, own) && !sameShape(factor.shape, [size, size])) {
      throw new ShapeError(
        `fullNormal factor: expected shape ${formatShape(own)} or [${size}, ${size}], got ${formatShape(factor.shape)}`,
      );
    }
    this.parameters = { mean, factor };
    this.batchShape = mean.shape.slice(0, -1);
    this.eventShape = [size];
    this.noise = { kind: "normal", shape: mean.shape };
    this.#size = size;
    const each = factor.broadcastTo(own);
    this.#logDiagonal = diagonalOf(each);
    this.#lower = where(lowerMask(size, 1), each, 0).add(diagonalMatrix(this.#logDiagonal.exp()));
  }

  /**
   * μ + L ε.
   *
   * @param noise - ε, standard normal, float32 [...batch, d].
   * @returns float32 [...batch, d]. Gradients flow to both parameters.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("fullNormal noise", noise, "float32", this.noise.shape);
    return this.parameters.mean.add(this.#lower.mul(row(noise)).sum(-1)).named("fullNormal/sample");
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * log p(x) = −½ ‖L⁻¹(x − μ)‖² − Σᵢ log Lᵢᵢ − (d/2) log 2π.
   *
   * @param value - x, float32 [...batch, d].
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    const logNormalizer = this.#logDiagonal.sum(-1).add((this.#size / 2) * log2Pi);
    return this.inferNoise(value).square().sum(-1).mul(-0.5).sub(logNormalizer).named("fullNormal/logProbability");
  }

  /** H(p) = Σᵢ log Lᵢᵢ + (d/2) (1 + log 2π): nats, [...batch]; below 0 for small covariances. */
  entropy(): Tensor {
    return this.#logDiagonal.sum(-1).add((this.#size / 2) * (1 + log2Pi)).named("fullNormal/entropy");
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
   * The noise that makes a value: ε = L⁻¹(x − μ), so that {@link sample} of it is x.
   *
   * @param value - x, float32 [...batch, d].
   * @returns [...batch, d]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  inferNoise(value: Tensor): Tensor {
    requireTensor("fullNormal value", value, "float32", this.noise.shape);
    const solved = solveLower(this.#lower, column(value.sub(this.parameters.mean)));
    return solved.reshape(this.noise.shape).named("fullNormal/noise");
  }

  /**
   * KL(p‖q) = ½ (‖L′⁻¹L‖² − d) − log det L′⁻¹L + ½ ‖L′⁻¹(μ − μ′)‖², with the Frobenius norm: [...batch].
   *
   * In float32 its error is about 1e-7 nats a component, and a result that small may come out below 0.
   *
   * @param other - q with mean μ′ and factor L′, a full normal with a mean of the same shape.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: FullNormal): Tensor {
    if (!(other instanceof FullNormal)) {
      throw new OptionError(expectation("fullNormal kl other", "a full normal distribution", other));
    }
    const { mean } = this.parameters;
    requireTensor("fullNormal kl other", other.parameters.mean, "float32", mean.shape);
    const ratio = solveLower(other.#lower, this.#lower);
    const below = where(lowerMask(this.#size, 1), ratio, 0).square().sum([-2, -1]).mul(0.5);
    const delta = this.#logDiagonal.sub(other.#logDiagonal);
    const spread = delta.mul(2).exp().sub(1).mul(0.5).sub(delta).sum(-1);
    return other.inferNoise(mean).square().sum(-1).mul(0.5).add(below).add(spread).named("fullNormal/kl");
  }

  /**
   * Σ⁻¹ in μ, and in the entries of the factor Σ⁻¹ between those of one column, scaled by Lᵢᵢ for a diagonal one, with 1
   * more for a diagonal one and itself: [...batch, d + d², d + d²], zero in the rows of entries that are not read.
   */
  fisher(): Tensor {
    const inverse = solveLower(this.#lower, identity(this.#size).broadcastTo(this.#lower.shape));
    return blockDiagonal(choleskyFisher(inverse, this.#logDiagonal)).named("fullNormal/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): FullNormal {
    return new FullNormal({ mean: parameters["mean"], factor: parameters["factor"] });
  }
}
