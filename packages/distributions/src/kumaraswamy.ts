import { where } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { requireObject } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "./distribution.js";
import { BoxBounds, insideUnit } from "./internal/box-bounds.js";
import { logBeta } from "./internal/log-beta.js";
import { digamma } from "./internal/log-gamma.js";
import { averageRatioOverSamples, estimateFisher, noClosedForm } from "./internal/no-closed-form.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import { log1mexp, log1p } from "./internal/smooth.js";
import type { Noise } from "./noise.js";
import type { Support } from "./support.js";

/** Euler's constant. */
const euler = 0.5772156649015329;
/** What u = 0 and u = 1 stand for: half the smallest number of 53 bits, and the largest float32 below 1. */
const [least, most] = [2 ** -54, 1 - 2 ** -24];
/** The smallest normal float32, so that a power of it has a derivative. */
const smallest = 2 ** -126;

/** What a {@link kumaraswamy} is made from. */
export interface KumaraswamyParameters {
  /** a > 0, float32 [...batch, d]. */
  readonly a: Tensor;
  /** b > 0, of the same shape. */
  readonly b: Tensor;
  /** Lower bounds of the values: one a component, or one for all; 0 by default. */
  readonly low?: number | ArrayLike<number>;
  /** Upper bounds of the values, above the lower ones; 1 by default. */
  readonly high?: number | ArrayLike<number>;
}

/**
 * A Kumaraswamy distribution in each component, on a box: x = low + (high − low) y, with the cdf 1 − (1 − y^a)^b of y.
 *
 * Much like a beta distribution, but reparameterised: y = (1 − (1 − u)^(1/b))^(1/a) (Kumaraswamy 1980; computed from
 * logarithms, as Wasserman and Mateos 2024 advise).
 *
 * @param parameters - `a` and `b`, float32 [...batch, d] with d ≥ 1 fixed, positive; bounds `low` and `high`.
 * @returns A distribution over float32 vectors [...batch, d] in the box, sampled from uniform noise [...batch, d].
 * @throws OptionError if a parameter is no float32 tensor or a bound is none; ShapeError if the shapes do not fit.
 */
export function kumaraswamy(parameters: KumaraswamyParameters): Kumaraswamy {
  requireObject("kumaraswamy parameters", parameters);
  const { low = 0, high = 1 } = parameters;
  const size = requireShapes(parameters);
  return new Kumaraswamy(parameters, new BoxBounds("kumaraswamy", low, high, size));
}

/** A {@link kumaraswamy} distribution. */
export class Kumaraswamy implements Distribution {
  readonly kind = "kumaraswamy";
  readonly parameters: { readonly a: Tensor; readonly b: Tensor };
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly dtype = "float32";
  readonly reparameterized = true;
  readonly noise: Noise;
  readonly support: Support;
  readonly #box: BoxBounds;

  /** @internal Use {@link kumaraswamy}. */
  constructor({ a, b }: KumaraswamyParameters, box: BoxBounds) {
    requireShapes({ a, b });
    this.parameters = { a, b };
    this.batchShape = a.shape.slice(0, -1);
    this.eventShape = a.shape.slice(-1);
    this.noise = { kind: "uniform", shape: a.shape };
    this.support = box.support;
    this.#box = box;
  }

  /**
   * low + (high − low) (1 − (1 − u)^(1/b))^(1/a): the quantile of u.
   *
   * @param noise - u, uniform on [0, 1), [...batch, d]; 1 itself is allowed.
   * @returns float32 [...batch, d]. Gradients flow to both parameters.
   * @throws ShapeError or OptionError for noise of another shape or dtype.
   */
  sample(noise: Tensor): Tensor {
    return this.sampleWithLogProbability(noise).value;
  }

  /** The sample, with its log-probability from log y and log(1 − yᵃ) = log(1 − u)/b: exact also at the edges. */
  sampleWithLogProbability(noise: Tensor): SampleWithLogProbability {
    requireTensor("kumaraswamy noise", noise, "float32", this.noise.shape);
    const { a, b } = this.parameters;
    const logRest = log1p(noise.clip(least, most).neg()).div(b);
    const logUnit = log1mexp(logRest).div(a);
    return {
      value: this.#box.fromUnit(logUnit.exp()).named("kumaraswamy/sample"),
      logProbability: this.#logDensity(logUnit, logRest).sum(-1).named("kumaraswamy/sampleLogProbability"),
    };
  }

  /**
   * log p(x) = Σᵢ log aᵢ bᵢ + (aᵢ − 1) log yᵢ + (bᵢ − 1) log(1 − yᵢ^aᵢ) − log(highᵢ − lowᵢ); −∞ outside the box.
   *
   * @param value - x, float32 [...batch, d]. An edge stands for the number nearest to it inside.
   * @returns nats, [...batch]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  logProbability(value: Tensor): Tensor {
    requireTensor("kumaraswamy value", value, "float32", this.noise.shape);
    const logUnit = this.#logUnit(value);
    const perComponent = this.#logDensity(logUnit, log1mexp(logUnit.mul(this.parameters.a)));
    return this.#box.minusInfinityOutside(value, perComponent).sum(-1).named("kumaraswamy/logProbability");
  }

  /** H(p) = Σᵢ 1 − 1/b + (1 − 1/a) (ψ(b + 1) + γ) − log(a b) + log(high − low), γ Euler's constant: nats, [...batch]. */
  entropy(): Tensor {
    const { a, b } = this.parameters;
    const harmonic = digamma(b.add(1)).add(euler);
    const rest = (x: Tensor) => x.reciprocal().neg().add(1);
    const perComponent = rest(b).add(rest(a).mul(harmonic)).sub(a.log().add(b.log())).add(this.#box.logWidth);
    return perComponent.sum(-1).named("kumaraswamy/entropy");
  }

  /** low + (high − low) b B(1 + 1/a, b), [...batch, d]. */
  mean(): Tensor {
    const { a, b } = this.parameters;
    const unit = logBeta(a.reciprocal().add(1), b).add(b.log()).exp();
    return this.#box.fromUnit(unit).named("kumaraswamy/mean");
  }

  /**
   * low + (high − low) ((a − 1)/(a b − 1))^(1/a) where a and b are at least 1; the edge with the higher density where one
   * is below 1; the middle where they are equal and at most 1: [...batch, d].
   */
  mode(): Tensor {
    const { a, b } = this.parameters;
    const hasPeak = where(a.less(1), 0, where(b.less(1), 0, where(a.mul(b).greater(1), 1, 0))).toInt();
    const share = a.sub(1).div(where(hasPeak, a.mul(b).sub(1), 1));
    const peak = where(hasPeak, share.clip(smallest, 1), 0.5).pow(a.reciprocal());
    const edge = where(a.equal(b), 0.5, a.greater(b).toFloat());
    return this.#box.fromUnit(where(hasPeak, peak, edge)).named("kumaraswamy/mode");
  }

  /**
   * The cdf of each component, which is the noise that makes a value: u = 1 − (1 − y^a)^b.
   *
   * @param value - x in the box, float32 [...batch, d].
   * @returns From 0 to 1, [...batch, d]. Gradients flow to the parameters and to x.
   * @throws ShapeError or OptionError for a value of another shape or dtype.
   */
  inferNoise(value: Tensor): Tensor {
    requireTensor("kumaraswamy value", value, "float32", this.noise.shape);
    const { a, b } = this.parameters;
    return log1mexp(log1mexp(this.#logUnit(value).mul(a)).mul(b)).exp().named("kumaraswamy/noise");
  }

  /** @throws OptionError always: it has no closed form. */
  kl(): never {
    return noClosedForm("kumaraswamy kl", averageRatioOverSamples);
  }

  /** @throws OptionError always: it is not offered in closed form. */
  fisher(): never {
    return noClosedForm("kumaraswamy fisher", estimateFisher);
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): Kumaraswamy {
    return new Kumaraswamy({ a: parameters["a"], b: parameters["b"] }, this.#box);
  }

  #logUnit(value: Tensor): Tensor {
    return insideUnit(this.#box.toUnit(value)).log();
  }

  /** log a b + (a − 1) log y + (b − 1) log(1 − yᵃ) − log(high − low), [...batch, d]. */
  #logDensity(logUnit: Tensor, logRest: Tensor): Tensor {
    const { a, b } = this.parameters;
    const powers = a.sub(1).mul(logUnit).add(b.sub(1).mul(logRest));
    return a.log().add(b.log()).add(powers).sub(this.#box.logWidth);
  }
}

/** The number of components, where the parameters fit each other. */
function requireShapes({ a, b }: KumaraswamyParameters): number {
  requireTensor("kumaraswamy a", a, "float32");
  const size = requireLastLength("kumaraswamy a", a);
  requireTensor("kumaraswamy b", b, "float32", a.shape);
  return size;
}
