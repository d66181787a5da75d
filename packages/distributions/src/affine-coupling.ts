import { concat, sameShape } from "@uphill/autodiff";
import type { Shape, Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, expectation, requireInteger, requireObject, requireOneOf } from "@uphill/core-math";
import type { Bijector, Transformed } from "./bijector.js";
import { requireTensor } from "./internal/require-tensor.js";
import type { Support } from "./support.js";

/** How an {@link affineCoupling} moves the components that it changes, from those that it keeps. */
export interface Coupling {
  /** s, the logarithm of the scale: float32 [...batch, number of changed components]. */
  readonly logScale: Tensor;
  /** t, of the same shape. */
  readonly shift: Tensor;
}

/** What an {@link affineCoupling} is made from. */
export interface AffineCouplingOptions {
  /** Number of components d, ≥ 2. */
  readonly size: number;
  /** Which half stays as it is: the first or the last ⌊d/2⌋ components. Layers alternate. */
  readonly kept: "first" | "last";
  /**
   * The scale and shift of the others, from the kept ones, float32 [...batch, ⌊d/2⌋]: a network of any kind, which may also
   * read an observation. It is evaluated in the same way in both directions and need not be invertible.
   */
  conditioner(kept: Tensor): Coupling;
}

/**
 * An affine coupling layer, y = (xₖ, xₒ e^s + t) with s and t functions of the kept half xₖ; log det ∂y/∂x = Σ s.
 *
 * Both directions are exact and cost the same (Dinh, Sohl-Dickstein and Bengio 2017, equations 4 to 8). The conditioner's
 * weights are not among the `parameters`.
 *
 * @param options - See {@link AffineCouplingOptions}.
 * @throws OptionError for options that are none; ShapeError, when it is used, where the conditioner gives other shapes.
 */
export function affineCoupling(options: AffineCouplingOptions): Bijector {
  requireObject("affineCoupling options", options);
  requireInteger("affineCoupling size", options.size, { least: 2 });
  requireOneOf("affineCoupling kept", options.kept, ["first", "last"]);
  if (typeof options.conditioner !== "function") {
    throw new OptionError(expectation("affineCoupling conditioner", "a function of the kept components", options.conditioner));
  }
  return new AffineCoupling(options);
}

/** An {@link affineCoupling} bijector. */
class AffineCoupling implements Bijector {
  readonly parameters = {};
  readonly range: Support = { kind: "real" };
  readonly #options: AffineCouplingOptions;

  /** @internal Use {@link affineCoupling}. */
  constructor(options: AffineCouplingOptions) {
    this.#options = options;
  }

  forward(x: Tensor): Transformed {
    const { kept, changed } = this.#split("affineCoupling x", x);
    const { logScale, shift } = this.#coupling(kept, changed.shape);
    return { value: this.#joined(kept, changed.mul(logScale.exp()).add(shift)), logDeterminant: logScale.sum(-1) };
  }

  inverse(y: Tensor): Transformed {
    const { kept, changed } = this.#split("affineCoupling y", y);
    const { logScale, shift } = this.#coupling(kept, changed.shape);
    const value = this.#joined(kept, changed.sub(shift).mul(logScale.neg().exp()));
    return { value, logDeterminant: logScale.sum(-1).neg() };
  }

  withParameters(): AffineCoupling {
    return this;
  }

  #coupling(kept: Tensor, shape: Shape): Coupling {
    const { logScale, shift } = this.#options.conditioner(kept);
    requireTensor("affineCoupling conditioner logScale", logScale, "float32", shape);
    requireTensor("affineCoupling conditioner shift", shift, "float32", shape);
    return { logScale, shift };
  }

  #split(argument: string, value: Tensor): { readonly kept: Tensor; readonly changed: Tensor } {
    const { size, kept } = this.#options;
    requireTensor(argument, value, "float32");
    const axis = value.shape.length - 1;
    if (!sameShape(value.shape.slice(-1), [size])) {
      throw new ShapeError(`${argument}: expected a last axis of length ${size}, got shape [${value.shape.join(", ")}]`);
    }
    const cut = kept === "first" ? Math.floor(size / 2) : Math.ceil(size / 2);
    const [first, last] = [value.slice(axis, 0, cut), value.slice(axis, cut, size)];
    return kept === "first" ? { kept: first, changed: last } : { kept: last, changed: first };
  }

  #joined(kept: Tensor, changed: Tensor): Tensor {
    return concat(this.#options.kept === "first" ? [kept, changed] : [changed, kept]);
  }
}
