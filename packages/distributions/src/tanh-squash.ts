import type { Tensor } from "@uphill/autodiff";
import { requireInteger, requireObject } from "@uphill/core-math";
import type { Bijector, Transformed } from "./bijector.js";
import { BoxBounds } from "./internal/box-bounds.js";
import type { Support } from "./support.js";

/** The largest float32 below 1. */
const inside = 1 - 2 ** -24;

/** What a {@link tanhSquash} is made from. */
export interface TanhSquashOptions {
  /** Number of components d, ≥ 1. */
  readonly size: number;
  /** Lower bounds of y: one a component, or one for all; −1 by default. */
  readonly low?: number | ArrayLike<number>;
  /** Upper bounds of y, above the lower ones; 1 by default. */
  readonly high?: number | ArrayLike<number>;
}

/**
 * The bijector that squashes real numbers into a box: yᵢ = cᵢ + hᵢ tanh xᵢ, with the box's centre c and half width h.
 *
 *     log det ∂y/∂x = Σᵢ log hᵢ + 2 (log 2 − xᵢ − softplus(−2 xᵢ))
 *
 * The determinant is accurate for any x. On the way back y at an edge stands for the last float32 before it, so that x
 * is finite; beyond |x| of about 8.7 it cannot be told from y in float32.
 *
 * @param options - See {@link TanhSquashOptions}.
 * @throws OptionError or ShapeError for bounds that are none.
 */
export function tanhSquash(options: TanhSquashOptions): Bijector {
  const { size, low = -1, high = 1 } = options;
  requireObject("tanhSquash options", options);
  requireInteger("tanhSquash size", size, { least: 1 });
  return new TanhSquash(new BoxBounds("tanhSquash", low, high, size));
}

/** A {@link tanhSquash}. */
export class TanhSquash implements Bijector {
  readonly parameters = {};
  readonly range: Support;
  readonly #box: BoxBounds;

  /** @internal Use {@link tanhSquash}. */
  constructor(box: BoxBounds) {
    this.#box = box;
    this.range = box.support;
  }

  forward(x: Tensor): Transformed {
    const perComponent = x.add(x.mul(-2).softplus()).mul(-2).add(this.#box.logWidth.add(Math.LN2));
    return { value: this.#box.fromSymmetric(x.tanh()), logDeterminant: perComponent.sum(-1) };
  }

  inverse(y: Tensor): Transformed {
    const t = this.#box.toSymmetric(y).clip(-inside, inside);
    const [logAbove, logBelow] = [t.add(1).log(), t.neg().add(1).log()];
    const perComponent = logAbove.add(logBelow).add(this.#box.logWidth.sub(Math.LN2)).neg();
    return {
      value: logAbove.sub(logBelow).mul(0.5),
      logDeterminant: this.#box.minusInfinityOutside(y, perComponent).sum(-1),
    };
  }

  withParameters(): TanhSquash {
    return this;
  }
}
