import { argMax, logSoftmax, takeAlong, where } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, expectation, requireObject } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { standardGumbel } from "./internal/gumbel.js";
import { diagonalMatrix, outer } from "./internal/matrix.js";
import { noClosedForm } from "./internal/no-closed-form.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link categorical} is made from. */
export interface CategoricalParameters {
  /** Unnormalised log-probabilities, float32 [...batch, n]; −∞ excludes an outcome, as long as one is left. */
  readonly logits: Tensor;
}

/**
 * A categorical distribution: outcome i of 0 … n − 1 has probability softmax(logits)ᵢ = exp logitsᵢ / Σⱼ exp logitsⱼ.
 *
 * Adding a number to all logits of a row changes nothing. Logits of any size are safe: all is computed from
 * log softmax.
 *
 * @param parameters - `logits`, float32 [...batch, n] with n ≥ 1 fixed.
 * @returns A distribution over int32 indices [...batch], sampled by Gumbel-max from uniform noise [...batch, n].
 * @throws OptionError if the logits are no float32 tensor; ShapeError if their last axis is not fixed, or empty.
 */
export function categorical(parameters: CategoricalParameters): Categorical {
  requireObject("categorical parameters", parameters);
  return new Categorical(parameters);
}

/** A {@link categorical} distribution. */
export class Categorical implements Distribution {
  readonly kind = "categorical";
  readonly parameters: { readonly logits: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape = [];
  readonly dtype = "int32";
  readonly reparameterized = false;
  readonly noise: Noise;
  readonly support: Support;
  /** log p of every outcome: log softmax(logits), [...batch, n]. */
  readonly logProbabilities: Tensor;
  /** p of every outcome: softmax(logits), [...batch, n]. */
  readonly probabilities: Tensor;

  /** @internal Use {@link categorical}. */
  constructor({ logits }: CategoricalParameters) {
    requireTensor("categorical logits", logits, "float32");
    const count = requireLastLength("categorical logits", logits);
    this.support = { kind: "indices", counts: [count] };
    this.parameters = { logits };
    this.batchShape = logits.shape.slice(0, -1);
    this.noise = { kind: "uniform", shape: logits.shape };
    this.logProbabilities = logSoftmax(logits).named("categorical/logProbabilities");
    this.probabilities = this.logProbabilities.exp().named("categorical/probabilities");
  }

  /**
   * argmaxᵢ (log pᵢ + gᵢ), gᵢ independent standard Gumbel: exactly the categorical law (Gumbel-max; Maddison,
   * Tarlow and Minka 2014, section 2.1).
   *
   * @param noise - Uniform on [0, 1), [...batch, n]; 1 itself is allowed, since rounding makes it.
   * @returns Indices, int32 [...batch]. No gradients.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("categorical noise", noise, "float32", this.noise.shape);
    // Normalised first: logits of 1e4 would round the Gumbel noise away.
    return argMax(this.logProbabilities.add(standardGumbel(noise))).named("categorical/sample");
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * log p(i) = logitsᵢ − log Σⱼ exp logitsⱼ.
   *
   * @param value - Indices, int32 [...batch]; a run fails on one outside 0 … n − 1.
   * @returns nats, [...batch]. Gradients flow to the logits: ∂/∂logitsⱼ = 1{j = i} − pⱼ.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("categorical value", value, "int32", this.batchShape);
    return takeAlong(this.logProbabilities, value).named("categorical/logProbability");
  }

  /** H(p) = −Σᵢ pᵢ log pᵢ, with 0 log 0 = 0: [...batch], from 0 to log n. */
  entropy(): Tensor {
    return this.#expectation(this.logProbabilities.neg()).named("categorical/entropy");
  }

  /** @throws OptionError always: indices are labels, whose mean says nothing. */
  mean(): never {
    return noClosedForm("categorical mean", "weigh what the indices stand for with `probabilities`");
  }

  /** The most probable index, the first at a tie: int32 [...batch]. */
  mode(): Tensor {
    return argMax(this.parameters.logits).named("categorical/mode");
  }

  /**
   * KL(p‖q) = Σᵢ pᵢ (log pᵢ − log qᵢ): [...batch]; +∞ where q excludes what p allows.
   *
   * In float32 its error is about 1e-7 nats, and a result that small may come out below 0.
   *
   * @param other - q, a categorical of the same shape.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: Categorical): Tensor {
    if (!(other instanceof Categorical)) {
      throw new OptionError(expectation("categorical kl other", "a categorical distribution", other));
    }
    requireTensor("categorical kl other", other.parameters.logits, "float32", this.parameters.logits.shape);
    return this.#expectation(this.logProbabilities.sub(other.logProbabilities)).named("categorical/kl");
  }

  /** diag(p) − p pᵀ in the logits: [...batch, n, n], singular because logits may be shifted. */
  fisher(): Tensor {
    const { probabilities } = this;
    return diagonalMatrix(probabilities).sub(outer(probabilities, probabilities)).named("categorical/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): Categorical {
    return new Categorical({ logits: parameters["logits"] });
  }

  /** Σᵢ pᵢ fᵢ, where an outcome without probability counts as 0 even if f is infinite there. */
  #expectation(f: Tensor): Tensor {
    return this.probabilities.mul(where(this.probabilities.greater(0), f, 0)).sum(-1);
  }
}
