import { formatShape, logSoftmax, logSumExp, sameShape } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { ShapeError, log, requireObject } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { standardGumbel } from "./internal/gumbel.js";
import { column } from "./internal/matrix.js";
import {
  averageOverSamples,
  averageRatioOverSamples,
  averageSamples,
  estimateFisher,
  noClosedForm,
} from "./internal/no-closed-form.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** The smallest normal float32: what a component of 0 stands for in a logarithm. */
const smallest = 2 ** -126;

/** What a {@link gumbelSoftmax} is made from. */
export interface GumbelSoftmaxParameters {
  /** Unnormalised log-probabilities, float32 [...batch, n]; finite. */
  readonly logits: Tensor;
  /** τ > 0, float32 [...batch], or [] where it is the same for the whole batch. */
  readonly temperature: Tensor;
}

/**
 * The Gumbel-softmax relaxation of a categorical distribution: x = softmax((logits + g)/τ), g independent standard Gumbel.
 *
 * Its samples are vectors of n shares that tend to one-hot vectors of the categorical law as τ falls to 0: the largest
 * share is where Gumbel-max has its sample, at any τ. Unlike that, they carry gradients (Jang, Gu and Poole 2017;
 * Maddison, Mnih and Teh 2017, where it is called the concrete distribution).
 *
 * @param parameters - `logits`, float32 [...batch, n] with n ≥ 2 fixed; `temperature` τ, [...batch] or [].
 * @returns A distribution over float32 vectors [...batch, n] of sum 1, sampled from uniform noise [...batch, n].
 * @throws OptionError if a parameter is no float32 tensor; ShapeError if the shapes do not fit.
 */
export function gumbelSoftmax(parameters: GumbelSoftmaxParameters): GumbelSoftmax {
  requireObject("gumbelSoftmax parameters", parameters);
  return new GumbelSoftmax(parameters);
}

/** A {@link gumbelSoftmax} distribution. */
export class GumbelSoftmax implements Distribution {
  readonly kind = "gumbelSoftmax";
  readonly parameters: { readonly logits: Tensor; readonly temperature: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support = { kind: "simplex" };
  readonly #count: number;
  /** log softmax(logits), [...batch, n]. */
  readonly #logWeights: Tensor;
  /** τ, [...batch, 1]. */
  readonly #temperature: Tensor;

  /** @internal Use {@link gumbelSoftmax}. */
  constructor({ logits, temperature }: GumbelSoftmaxParameters) {
    requireTensor("gumbelSoftmax logits", logits, "float32");
    this.#count = requireLastLength("gumbelSoftmax logits", logits);
    requireTensor("gumbelSoftmax temperature", temperature, "float32");
    this.batchShape = logits.shape.slice(0, -1);
    if (!sameShape(temperature.shape, this.batchShape) && temperature.shape.length > 0) {
      throw new ShapeError(
        `gumbelSoftmax temperature: expected shape ${formatShape(this.batchShape)} or [], got ${formatShape(temperature.shape)}`,
      );
    }
    if (this.#count < 2) throw new ShapeError(`gumbelSoftmax logits: expected at least 2 outcomes, got ${this.#count}`);
    this.parameters = { logits, temperature };
    this.eventShape = [this.#count];
    this.noise = { kind: "uniform", shape: logits.shape };
    this.#logWeights = logSoftmax(logits);
    this.#temperature = column(temperature.broadcastTo(this.batchShape));
  }

  /**
   * softmax((logits + g)/τ).
   *
   * @param noise - Uniform on [0, 1), [...batch, n]; 1 itself is allowed.
   * @returns float32 [...batch, n], of sum 1. Gradients flow to both parameters.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    return this.#logSample(noise).exp().named("gumbelSoftmax/sample");
  }

  /** The sample, with its log-probability from the logarithms of the shares: exact also where one is too small for float32. */
  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    const logValue = this.#logSample(noise);
    return {
      value: logValue.exp().named("gumbelSoftmax/sample"),
      logProbability: this.#logDensity(logValue).named("gumbelSoftmax/sampleLogProbability"),
    };
  }

  /**
   * log p(x) = log (n − 1)! + (n − 1) log τ + Σᵢ (log πᵢ − (τ + 1) log xᵢ) − n log Σᵢ πᵢ xᵢ^−τ, π = softmax(logits): the
   * density in any n − 1 of the shares (Maddison et al. 2017, definition 1).
   *
   * @param value - x, shares of sum 1, float32 [...batch, n]. A share of 0 stands for the smallest number above it.
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("gumbelSoftmax value", value, "float32", this.noise.shape);
    return this.#logDensity(value.clip(smallest, 2).log()).named("gumbelSoftmax/logProbability");
  }

  /** @throws OptionError always: it has no closed form. */
  entropy(): never {
    return noClosedForm("gumbelSoftmax entropy", averageOverSamples);
  }

  /** @throws OptionError always: it has no closed form. */
  mean(): never {
    return noClosedForm("gumbelSoftmax mean", averageSamples);
  }

  /** softmax(logits/τ), [...batch, n]: what the most probable noise makes, not the maximum of the density. */
  mode(): Tensor {
    return logSoftmax(this.#logWeights.div(this.#temperature)).exp().named("gumbelSoftmax/mode");
  }

  /** @throws OptionError always: it has no closed form. */
  kl(): never {
    return noClosedForm("gumbelSoftmax kl", averageRatioOverSamples);
  }

  /** @throws OptionError always: it is not offered in closed form. */
  fisher(): never {
    return noClosedForm("gumbelSoftmax fisher", estimateFisher);
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): GumbelSoftmax {
    return new GumbelSoftmax({ logits: parameters["logits"], temperature: parameters["temperature"] });
  }

  /** log x of the sample, [...batch, n]. */
  #logSample(noise: Tensor): Tensor {
    requireTensor("gumbelSoftmax noise", noise, "float32", this.noise.shape);
    return logSoftmax(this.#logWeights.add(standardGumbel(noise)).div(this.#temperature));
  }

  #logDensity(logValue: Tensor): Tensor {
    const n = this.#count;
    const temperature = this.#temperature;
    let logFactorial = 0;
    for (let k = 2; k < n; k++) logFactorial += log(k);
    const scaled = this.#logWeights.sub(temperature.mul(logValue));
    const logTemperature = temperature.log().reshape(this.batchShape).mul(n - 1);
    const product = scaled.sub(logValue).sum(-1);
    return product.sub(logSumExp(scaled).mul(n)).add(logTemperature).add(logFactorial);
  }
}
