import { formatShape, sameShape, where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { ShapeError, requireObject } from "@uphill/core-math";
import type { Bijector, Transformed } from "./bijector.js";
import { requireLastLength, requireTensor } from "./internal/require-tensor.js";
import { slopeAt, squeezedRoot } from "./internal/squeezed-root.js";
import type { Support } from "./support.js";

/** What a {@link planar} bijector is made from. */
export interface PlanarParameters {
  /** w, across the planes that are moved: float32 [d], or [...batch, d]. */
  readonly weight: Tensor;
  /** u, where they are moved to, before it is made invertible: of the same shape. */
  readonly direction: Tensor;
  /** b, float32 [], or [...batch]. */
  readonly bias: Tensor;
}

/**
 * A planar flow, y = x + û tanh(wᵀx + b), with log det ∂y/∂x = log(1 + wᵀû (1 − tanh²(wᵀx + b))).
 *
 * It is one to one where wᵀû > −1, which û = u + (m − wᵀu) w/‖w‖², m = −1 + softplus(wᵀu), ensures for any u (Rezende and
 * Mohamed 2015, equation 10 and appendix A.1). The way back needs β = wᵀx + b, the root of β + wᵀû tanh β = wᵀy + b: Newton's
 * method finds it in a fixed number of steps, to float32's precision.
 *
 * @param parameters - See {@link PlanarParameters}.
 * @throws OptionError if a parameter is no float32 tensor; ShapeError if the shapes do not fit.
 */
export function planar(parameters: PlanarParameters): Bijector {
  requireObject("planar parameters", parameters);
  return new Planar(parameters);
}

/** A {@link planar} bijector. */
class Planar implements Bijector {
  readonly parameters: { readonly weight: Tensor; readonly direction: Tensor; readonly bias: Tensor };
  readonly range: Support = { kind: "real" };
  /** û, […, d]. */
  readonly #direction: Tensor;
  /** 1 + wᵀû > 0, […]. */
  readonly #steepness: Tensor;

  /** @internal Use {@link planar}. */
  constructor({ weight, direction, bias }: PlanarParameters) {
    requireTensor("planar weight", weight, "float32");
    requireLastLength("planar weight", weight);
    requireTensor("planar direction", direction, "float32", weight.shape);
    requireTensor("planar bias", bias, "float32", weight.shape.slice(0, -1));
    this.parameters = { weight, direction, bias };
    const product = weight.mul(direction).sum(-1, true);
    const norm = weight.square().sum(-1, true);
    // Without a weight nothing is across, and any direction is invertible.
    const isFlat = norm.equal(0);
    const across = weight.div(where(isFlat, 1, norm));
    const steepness = where(isFlat, 1, product.softplus());
    this.#direction = direction.add(steepness.sub(1).sub(product).mul(across));
    this.#steepness = steepness.reshape(bias.shape);
  }

  forward(x: Tensor): Transformed {
    this.#requireFits("planar x", x);
    const { weight, bias } = this.parameters;
    const squeezed = x.mul(weight).sum(-1).add(bias).tanh();
    return { value: x.add(this.#moved(squeezed)), logDeterminant: this.#logDeterminant(squeezed) };
  }

  inverse(y: Tensor): Transformed {
    this.#requireFits("planar y", y);
    const { weight, bias } = this.parameters;
    const target = y.mul(weight).sum(-1).add(bias);
    const squeezed = squeezedRoot(this.#steepness.broadcastTo(target.shape), target).tanh();
    return { value: y.sub(this.#moved(squeezed)), logDeterminant: this.#logDeterminant(squeezed).neg() };
  }

  withParameters(parameters: Readonly<Record<string, Tensor>>): Planar {
    return new Planar({ weight: parameters["weight"], direction: parameters["direction"], bias: parameters["bias"] });
  }

  /** û tanh(…), [...batch, d]. */
  #moved(squeezed: Tensor): Tensor {
    return this.#direction.mul(squeezed.reshape([...squeezed.shape, 1]));
  }

  #logDeterminant(squeezed: Tensor): Tensor {
    return slopeAt(this.#steepness, squeezed).log();
  }

  #requireFits(argument: string, value: Tensor): void {
    const { shape } = requireTensor(argument, value, "float32");
    const own = this.parameters.weight.shape;
    if (sameShape(shape, own) || sameShape(shape.slice(-1), own)) return;
    throw new ShapeError(`${argument}: expected shape ${formatShape(own.length > 1 ? own : ["…", ...own])}, got ${formatShape(shape)}`);
  }
}
