import { minimum, where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { logNormalCdf } from "./log-normal-cdf.js";
import { normalQuantile } from "./normal-quantile.js";
import { log2Pi } from "./normal-parameters.js";
import { log1mexp } from "./smooth.js";

/** The smallest number of 53 bits above 0, halved, and the largest float32 below 1: what u = 0 and 1 stand for. */
const [least, most] = [2 ** -54, 1 - 2 ** -24];

/**
 * A standard normal between α and β, element by element.
 *
 * Masses are differences of log Φ on the side where both bounds have the smaller ones, so nothing is subtracted from 1.
 */
export class StandardInterval {
  readonly #alpha: Tensor;
  readonly #beta: Tensor;
  /** log Φ(α), log Φ(β), log Φ(−α) and log Φ(−β). */
  readonly #logs: Readonly<Record<"alpha" | "beta" | "aboveAlpha" | "aboveBeta", Tensor>>;
  /** log(Φ(β) − Φ(α)). */
  readonly logMass: Tensor;
  /** E[ξ] = (φ(α) − φ(β))/(Φ(β) − Φ(α)). */
  readonly mean: Tensor;
  /** E[ξ²] = 1 + (α φ(α) − β φ(β))/(Φ(β) − Φ(α)). */
  readonly secondMoment: Tensor;

  /** @param alpha - Lower bounds, below `beta`. */
  constructor(alpha: Tensor, beta: Tensor) {
    this.#alpha = alpha;
    this.#beta = beta;
    this.#logs = {
      alpha: logNormalCdf(alpha),
      beta: logNormalCdf(beta),
      aboveAlpha: logNormalCdf(alpha.neg()),
      aboveBeta: logNormalCdf(beta.neg()),
    };
    const isLeft = alpha.add(beta).less(0);
    const [larger, smaller] = [this.#choose(isLeft, "beta", "aboveAlpha"), this.#choose(isLeft, "alpha", "aboveBeta")];
    this.logMass = larger.add(log1mexp(smaller.sub(larger)));
    const [low, high] = [this.#densityAt(alpha), this.#densityAt(beta)];
    this.mean = low.sub(high);
    this.secondMoment = alpha.mul(low).sub(beta.mul(high)).add(1);
  }

  /** (Φ(ξ) − Φ(α))/(Φ(β) − Φ(α)), for ξ between α and β. */
  cdf(value: Tensor): Tensor {
    const isLeft = this.#alpha.add(this.#beta).less(0);
    // From the side with the smaller masses: up to ξ from α, or what is left of it up to β.
    const [from, to] = [this.#choose(isLeft, "alpha", "aboveAlpha"), logNormalCdf(where(isLeft, value, value.neg()))];
    const [larger, smaller] = [where(isLeft, to, from), where(isLeft, from, to)];
    // ξ = α is no logarithm's argument.
    const difference = minimum(smaller.sub(larger), -1e-30);
    return larger.add(log1mexp(difference)).sub(this.logMass).exp().clip(0, 1);
  }

  /** Φ⁻¹(Φ(α) + u (Φ(β) − Φ(α))): between α and β but for rounding. */
  quantile(uniform: Tensor): Tensor {
    const u = uniform.clip(least, most);
    const rest = u.neg().add(1);
    const { alpha, beta, aboveAlpha, aboveBeta } = this.#logs;
    const below = beta.add(u.add(rest.mul(alpha.sub(beta).exp())).log());
    const above = aboveAlpha.add(rest.add(u.mul(aboveBeta.sub(aboveAlpha).exp())).log());
    const isLeft = below.less(above);
    const tail = normalQuantile(where(isLeft, below, above));
    return where(isLeft, tail, tail.neg());
  }

  /** φ(x)/(Φ(β) − Φ(α)). */
  #densityAt(x: Tensor): Tensor {
    return x.square().mul(-0.5).sub(log2Pi / 2).sub(this.logMass).exp();
  }

  #choose(isLeft: Tensor, left: "alpha" | "beta", right: "aboveAlpha" | "aboveBeta"): Tensor {
    return where(isLeft, this.#logs[left], this.#logs[right]);
  }
}
