import { concat, takeAlong, where } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, expectation, requireObject } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { column } from "./internal/matrix.js";
import { requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link bernoulli} is made from. */
export interface BernoulliParameters {
  /** log θ/(1 − θ), with θ the probability of 1: float32 [...batch]. */
  readonly logits: Tensor;
}

/**
 * A Bernoulli distribution: 1 with probability θ = σ(logits) = 1/(1 + e^−logits), 0 with 1 − θ.
 *
 * Both probabilities keep their relative precision however small they are.
 *
 * @param parameters - `logits`, float32 [...batch].
 * @returns A distribution over int32 values 0 and 1 [...batch], sampled from uniform noise [...batch].
 * @throws OptionError if the logits are no float32 tensor.
 */
export function bernoulli(parameters: BernoulliParameters): Bernoulli {
  requireObject("bernoulli parameters", parameters);
  return new Bernoulli(parameters);
}

/** A {@link bernoulli} distribution. */
export class Bernoulli implements Distribution {
  readonly kind = "bernoulli";
  readonly parameters: { readonly logits: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape = [];
  readonly dtype = "int32";
  readonly reparameterized = false;
  readonly noise: Noise;
  readonly support: Support = { kind: "indices", counts: [2] };
  /** log(1 − θ) and log θ. */
  readonly #logs: readonly [Tensor, Tensor];

  /** @internal Use {@link bernoulli}. */
  constructor({ logits }: BernoulliParameters) {
    requireTensor("bernoulli logits", logits, "float32");
    this.parameters = { logits };
    this.batchShape = logits.shape;
    this.noise = { kind: "uniform", shape: logits.shape };
    this.#logs = [logits.softplus().neg(), logits.neg().softplus().neg()];
  }

  /**
   * 1 where u < θ; for θ > ½, 0 where u < 1 − θ: the rarer outcome is decided by small u, which float32 resolves.
   *
   * @param noise - u, uniform on [0, 1), [...batch].
   * @returns 0 or 1, int32 [...batch]. No gradients.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    requireTensor("bernoulli noise", noise, "float32", this.noise.shape);
    const { logits } = this.parameters;
    const isRare = noise.less(logits.abs().neg().sigmoid());
    return where(logits.greater(0), where(isRare, 0, 1), where(isRare, 1, 0)).toInt().named("bernoulli/sample");
  }

  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const value = this.sample(noise);
    return { value, logProbability: this.logProbability(value) };
  }

  /**
   * x log θ + (1 − x) log(1 − θ).
   *
   * @param value - x, int32 [...batch]; a run fails on one that is neither 0 nor 1.
   * @returns nats, [...batch]. Gradients flow to the logits: x − θ.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("bernoulli value", value, "int32", this.batchShape);
    return takeAlong(concat(this.#logs.map(column)), value).named("bernoulli/logProbability");
  }

  /** H(p) = −θ log θ − (1 − θ) log(1 − θ): nats, [...batch], from 0 to log 2. */
  entropy(): Tensor {
    const [logRest, log] = this.#logs;
    return this.#expectation(logRest.neg(), log.neg()).named("bernoulli/entropy");
  }

  /** θ, float32 [...batch]. */
  mean(): Tensor {
    return this.parameters.logits.sigmoid().named("bernoulli/mean");
  }

  /** 1 where θ > ½, else 0: int32 [...batch]. */
  mode(): Tensor {
    return this.parameters.logits.greater(0).named("bernoulli/mode");
  }

  /**
   * KL(p‖q) = θ log(θ/θ′) + (1 − θ) log((1 − θ)/(1 − θ′)): [...batch].
   *
   * @param other - q, of probability θ′: a Bernoulli distribution of the same shape.
   * @throws OptionError or ShapeError for anything else.
   */
  kl(other: Bernoulli): Tensor {
    if (!(other instanceof Bernoulli)) {
      throw new OptionError(expectation("bernoulli kl other", "a Bernoulli distribution", other));
    }
    requireTensor("bernoulli kl other", other.parameters.logits, "float32", this.batchShape);
    const [none, one] = this.#logs.map((log, outcome) => log.sub(other.#logs[outcome]));
    return this.#expectation(none, one).named("bernoulli/kl");
  }

  /**
   * θ(1 − θ) in the logits: [...batch, 1, 1].
   *
   * In θ itself it is 1/θ + 1/(1 − θ) = 1/(θ(1 − θ)): `fisherInformation(p, [θ])` where the logits are made from θ.
   */
  fisher(): Tensor {
    const { logits } = this.parameters;
    const information = logits.sigmoid().mul(logits.neg().sigmoid());
    return information.reshape([...this.batchShape, 1, 1]).named("bernoulli/fisher");
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): Bernoulli {
    return new Bernoulli({ logits: parameters["logits"] });
  }

  /** (1 − θ) f₀ + θ f₁, where an outcome without probability counts as 0 even if f is infinite there. */
  #expectation(none: Tensor, one: Tensor): Tensor {
    const { logits } = this.parameters;
    const [rest, probability] = [logits.neg().sigmoid(), logits.sigmoid()];
    const of = (weight: Tensor, f: Tensor) => weight.mul(where(weight.greater(0), f, 0));
    return of(rest, none).add(of(probability, one));
  }
}
