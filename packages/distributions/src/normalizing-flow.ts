import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, expectation, requireObject } from "@uphill/core-math";
import type { Bijector } from "./bijector.js";
import { chain } from "./chain.js";
import { DiagonalNormal } from "./diagonal-normal.js";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { FullNormal } from "./full-normal.js";
import {
  averageOverSamples,
  averageRatioOverSamples,
  averageSamples,
  estimateFisher,
  noClosedForm,
} from "./internal/no-closed-form.js";
import { requireTensor } from "./internal/require-tensor.js";
import { transformedLogProbability, transformedSample } from "./internal/transformed.js";
import type { Transformed } from "./internal/transformed.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** What a {@link normalizingFlow} is made from. */
export interface NormalizingFlowParameters {
  /** The distribution before the flow, over float32 vectors [...batch, d]. */
  readonly base: DiagonalNormal | FullNormal;
  /** The layers, the first one first; at least one. */
  readonly bijectors: readonly Bijector[];
}

/**
 * A normalising flow: x = fₙ(… f₁(z)), z of a normal law, with exact log-probabilities by the change of variables,
 *
 *     log p(x) = log N(z) + log |det ∂z/∂x|.
 *
 * Everything else has no closed form. Its `parameters` are the base's, and the layers' by their places, such as `0/weight`;
 * the weights of a conditioner are in the function that the layer was given (Rezende and Mohamed 2015, equation 7).
 *
 * @param parameters - `base`, a diagonal or full normal; `bijectors`, such as {@link planar}, {@link affineCoupling} and,
 *   to end in a box, {@link tanhSquash}.
 * @returns A distribution over float32 vectors [...batch, d], sampled from the base's normal noise [...batch, d].
 * @throws OptionError for anything else.
 */
export function normalizingFlow(parameters: NormalizingFlowParameters): NormalizingFlow {
  requireObject("normalizingFlow parameters", parameters);
  const { base, bijectors } = parameters;
  if (!(base instanceof DiagonalNormal || base instanceof FullNormal)) {
    throw new OptionError(expectation("normalizingFlow base", "a diagonal or full normal distribution", base));
  }
  return new NormalizingFlow(base, chain(bijectors));
}

/** A {@link normalizingFlow} distribution. */
export class NormalizingFlow implements Distribution {
  readonly kind = "normalizingFlow";
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support;
  readonly #base: DiagonalNormal | FullNormal;
  readonly #bijector: Bijector;

  /** @internal Use {@link normalizingFlow}. */
  constructor(base: DiagonalNormal | FullNormal, bijector: Bijector) {
    this.#base = base;
    this.#bijector = bijector;
    this.parameters = { ...base.parameters, ...bijector.parameters };
    this.batchShape = base.batchShape;
    this.eventShape = base.eventShape;
    this.noise = base.noise;
    this.support = bijector.range;
  }

  /**
   * The base's sample, sent through the layers.
   *
   * @param noise - Standard normal, float32 [...batch, d].
   * @returns float32 [...batch, d]. Gradients flow to all parameters and conditioners.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    return this.sampleWithLogProbability(noise).value;
  }

  /** The sample, with its log-probability from the way there: no layer is inverted. */
  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    requireTensor("normalizingFlow noise", noise, "float32", this.noise.shape);
    return transformedSample(this.#transformed, noise);
  }

  /**
   * log p(x) = log N(z) + log |det ∂z/∂x|, z found by inverting the layers.
   *
   * @param value - x, float32 [...batch, d].
   * @returns nats, [...batch]. Gradients flow to the parameters, the conditioners and x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("normalizingFlow value", value, "float32", this.noise.shape);
    return transformedLogProbability(this.#transformed, value);
  }

  get #transformed(): Transformed {
    return { kind: this.kind, base: this.#base, bijector: this.#bijector };
  }

  /** @throws OptionError always: it has no closed form. */
  entropy(): never {
    return noClosedForm("normalizingFlow entropy", averageOverSamples);
  }

  /** @throws OptionError always: it has no closed form. */
  mean(): never {
    return noClosedForm("normalizingFlow mean", averageSamples);
  }

  /** The base's mean, sent through the layers, [...batch, d]: what the most probable noise makes, not the density's maximum. */
  mode(): Tensor {
    return this.#bijector.forward(this.#base.mean()).value.named("normalizingFlow/mode");
  }

  /**
   * The noise that makes a value, exactly: the layers are inverted, then the base, so that {@link sample} of it is x.
   *
   * @param value - x, float32 [...batch, d].
   * @returns [...batch, d]. Gradients flow to the parameters, the conditioners and x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  inferNoise(value: Tensor): Tensor {
    requireTensor("normalizingFlow value", value, "float32", this.noise.shape);
    return this.#base.inferNoise(this.#bijector.inverse(value).value).named("normalizingFlow/noise");
  }

  /** @throws OptionError always: it has no closed form. */
  kl(): never {
    return noClosedForm("normalizingFlow kl", averageRatioOverSamples);
  }

  /** @throws OptionError always: it has no closed form. */
  fisher(): never {
    return noClosedForm("normalizingFlow fisher", estimateFisher);
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): NormalizingFlow {
    for (const name of Object.keys(this.parameters)) requireTensor(`normalizingFlow ${name}`, parameters[name], "float32");
    return new NormalizingFlow(this.#base.withParameters(parameters), this.#bijector.withParameters(parameters));
  }
}
