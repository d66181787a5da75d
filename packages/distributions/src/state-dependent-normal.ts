import { concat, formatShape, sameShape } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation, requireObject } from "@uphill/core-math";
import { DiagonalNormal } from "./diagonal-normal.js";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { blockDiagonal, column, diagonalMatrix, identity, transposedProduct } from "./internal/matrix.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link stateDependentNormal} is made from. */
export interface StateDependentNormalParameters {
  /** μ(s), float32 [...batch, d]. */
  readonly mean: Tensor;
  /** φ(s), features of the state, float32 [...batch, n]; not all of them 0, where no noise would be left. */
  readonly features: Tensor;
  /** log σ, float32 [...batch, n, d], or [n, d] where it is the same for the whole batch. */
  readonly logStandardDeviation: Tensor;
}

/**
 * State-dependent exploration noise (gSDE): x = μ(s) + φ(s)ᵀ W, where W is a matrix of noise, Wᵢⱼ = σᵢⱼ εᵢⱼ, ε ~ N(0, 1).
 *
 * For one draw of W that is kept for many steps, x is a smooth function of the state: that is what it is for. At one state,
 * over draws of W, x is normal with independent components of variance Σᵢ φᵢ² σᵢⱼ² (Raffin, Kober and Stulp 2021, equations
 * 3 to 6). Gradients flow to the features too; put `stopGradient` on them to do as the paper does.
 *
 * @param parameters - `mean` [...batch, d], `features` [...batch, n], `logStandardDeviation` [...batch, n, d] or [n, d].
 * @returns A distribution over float32 vectors [...batch, d], sampled from normal noise ε [...batch, n, d].
 * @throws OptionError if a parameter is no float32 tensor; ShapeError if the shapes do not fit.
 */
export function stateDependentNormal(parameters: StateDependentNormalParameters): StateDependentNormal {
  requireObject("stateDependentNormal parameters", parameters);
  return new StateDependentNormal(parameters);
}

/** A {@link stateDependentNormal} distribution. */
export class StateDependentNormal implements Distribution {
  readonly kind = "stateDependentNormal";
  readonly parameters: { readonly mean: Tensor; readonly features: Tensor; readonly logStandardDeviation: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support = { kind: "real" };
  /** The distribution at each state. */
  readonly #marginal: DiagonalNormal;
  /** σᵢⱼ² φᵢ², [...batch, n, d]. */
  readonly #variances: Tensor;

  /** @internal Use {@link stateDependentNormal}. */
  constructor({ mean, features, logStandardDeviation }: StateDependentNormalParameters) {
    const shape = requireShapes({ mean, features, logStandardDeviation });
    this.parameters = { mean, features, logStandardDeviation };
    this.batchShape = mean.shape.slice(0, -1);
    this.eventShape = mean.shape.slice(-1);
    this.noise = { kind: "normal", shape };
    this.#variances = logStandardDeviation.exp().mul(column(features)).square();
    this.#marginal = new DiagonalNormal({ mean, logStandardDeviation: this.#variances.sum(-2).log().mul(0.5) });
  }

  /**
   * μ + Σᵢ φᵢ σᵢⱼ εᵢⱼ.
   *
   * @param noise - ε, standard normal, float32 [...batch, n, d]. The same for many steps explores smoothly.
   * @returns float32 [...batch, d]. Gradients flow to all parameters.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("stateDependentNormal noise", noise, "float32", this.noise.shape);
    const { mean, features, logStandardDeviation } = this.parameters;
    const weights = logStandardDeviation.exp().mul(noise);
    return mean.add(weights.mul(column(features)).sum(-2)).named("stateDependentNormal/sample");
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * log N(x; μ, diag s²), sⱼ² = Σᵢ φᵢ² σᵢⱼ².
   *
   * @param value - x, float32 [...batch, d].
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("stateDependentNormal value", value, "float32", this.parameters.mean.shape);
    return this.#marginal.logProbability(value).named("stateDependentNormal/logProbability");
  }

  /** H(p) = Σⱼ log sⱼ + (d/2) (1 + log 2π): nats, [...batch]. */
  entropy(): Tensor {
    return this.#marginal.entropy().named("stateDependentNormal/entropy");
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
   * KL(p‖q) at each state, as of a diagonal normal: [...batch].
   *
   * @param other - q, a state-dependent normal with a mean of the same shape.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: StateDependentNormal): Tensor {
    if (!(other instanceof StateDependentNormal)) {
      throw new OptionError(expectation("stateDependentNormal kl other", "a state-dependent normal distribution", other));
    }
    requireTensor("stateDependentNormal kl other", other.parameters.mean, "float32", this.parameters.mean.shape);
    return this.#marginal.kl(other.#marginal).named("stateDependentNormal/kl");
  }

  /**
   * diag(1/s²) in μ, and 2 Σⱼ ∇log sⱼ ∇log sⱼᵀ in (φ, log σ), row-major: [...batch, k, k], k = d + n + n d.
   */
  fisher(): Tensor {
    const { features, logStandardDeviation } = this.parameters;
    const [count, size] = this.noise.shape.slice(-2) as [number, number];
    const batch = this.batchShape;
    const total = this.#variances.sum(-2, true);
    const precision = total.reciprocal().reshape([...batch, size]);
    // ∂log sⱼ/∂log σᵢⱼ = σᵢⱼ² φᵢ²/sⱼ² and ∂log sⱼ/∂φᵢ = σᵢⱼ² φᵢ/sⱼ²: rows j, columns the parameters.
    const swap = [...batch.keys(), batch.length + 1, batch.length];
    const byFeature = logStandardDeviation.mul(2).exp().mul(column(features)).div(total).transpose(swap);
    const shares = this.#variances.div(total).reshape([...batch, 1, count, size]);
    const byDeviation = shares.mul(identity(size).reshape([size, 1, size]));
    const jacobian = concat([byFeature, byDeviation.reshape([...batch, size, count * size])]);
    const information = transposedProduct(jacobian, jacobian).mul(2);
    return blockDiagonal([diagonalMatrix(precision), information]).named("stateDependentNormal/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): StateDependentNormal {
    return new StateDependentNormal({
      mean: parameters["mean"],
      features: parameters["features"],
      logStandardDeviation: parameters["logStandardDeviation"],
    });
  }
}

/** The shape [...batch, n, d] of the noise, where the parameters fit each other. */
function requireShapes({ mean, features, logStandardDeviation }: StateDependentNormalParameters): Shape {
  requireTensor("stateDependentNormal mean", mean, "float32");
  const size = requireLastLength("stateDependentNormal mean", mean);
  const batch = mean.shape.slice(0, -1);
  requireTensor("stateDependentNormal features", features, "float32");
  const count = requireLastLength("stateDependentNormal features", features);
  requireTensor("stateDependentNormal features", features, "float32", [...batch, count]);
  requireTensor("stateDependentNormal logStandardDeviation", logStandardDeviation, "float32");
  const { shape } = logStandardDeviation;
  const own = [...batch, count, size];
  if (sameShape(shape, own) || sameShape(shape, [count, size])) return own;
  throw new ShapeError(
    `stateDependentNormal logStandardDeviation: expected shape ${formatShape(own)} or [${count}, ${size}], got ${formatShape(shape)}`,
  );
}
