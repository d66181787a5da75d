import { NumericalError, requireFinite, requireInteger, requireNumber, requireObject } from "@uphill/core-math";
import type { LinearOperator } from "@uphill/core-math";
import { requireFunction, requireVector } from "../internal/require-vector.js";
import { dot, norm } from "../internal/vectors.js";
import { predictedDecrease } from "./quadratic-step.js";
import type { SubproblemStep } from "./quadratic-step.js";

const MOST_RADIUS = 1e150;

/** What {@link steihaugStep} takes. */
export interface ProductModel {
  /** g, [n], finite. */
  readonly gradient: ArrayLike<number>;
  /** Writes B v to its second argument; B is symmetric, and need not be positive definite. */
  readonly product: LinearOperator;
  /** Δ in (0, 1e150], whose square is a number too. */
  readonly radius: number;
  /** It stops where ‖g + Bp‖ ≤ tolerance · ‖g‖; at least 0, 1e-10 by default. */
  readonly tolerance?: number;
  /** Products with B at the most, at least 1; n by default. */
  readonly maxIterations?: number;
}

/** Where the iteration stands. */
interface State {
  readonly step: Float64Array;
  readonly residual: Float64Array;
  readonly direction: Float64Array;
  /** B times the step so far. */
  readonly stepProduct: Float64Array;
}

/**
 * A step that lowers a quadratic model within a trust region, from products with its Hessian alone:
 *
 *     min gᵀp + ½ pᵀBp   subject to ‖p‖ ≤ Δ
 *
 * by conjugate gradients from p = 0, which go to the boundary where they would leave the region or meet a direction of
 * curvature ≤ 0. Each iterate is longer than the one before, and lower. The first is the best along −g, so the model falls
 * by as much as the Cauchy point's; where B is positive definite, by at least half of what the exact step gains.
 * (Steihaug 1983; Nocedal and Wright 2006, algorithm 7.2; Yuan 2000.)
 *
 * @param model - g, products with B, Δ, and when to stop.
 * @returns p, what it promises, and how many products it took.
 * @throws OptionError for options out of range; NumericalError for what is not finite.
 */
export function steihaugStep(model: ProductModel): SubproblemStep & { readonly iterations: number } {
  requireObject("model", model);
  const { gradient, product } = model;
  const length = requireVector("gradient", gradient);
  requireFunction("product", product);
  const radius = requireNumber("radius", model.radius, { above: 0, most: MOST_RADIUS });
  const goal = requireNumber("tolerance", model.tolerance ?? 1e-10, { least: 0 }) * norm(gradient);
  const most = requireInteger("maxIterations", model.maxIterations ?? length, { least: 1 });
  const state: State = {
    step: new Float64Array(length),
    residual: Float64Array.from(gradient),
    direction: Float64Array.from(gradient, (g) => -g),
    stepProduct: new Float64Array(length),
  };
  if (dot(gradient, gradient) === Infinity) {
    throw new NumericalError("gradient: expected numbers whose squares are finite, got an overflow");
  }
  let iterations = 0;
  let onBoundary = false;
  while (iterations < most && !onBoundary && dot(state.residual, state.residual) > goal * goal) {
    onBoundary = advance(state, product, radius);
    iterations++;
  }
  const { step, stepProduct } = state;
  return { step, predictedDecrease: predictedDecrease(gradient, stepProduct, step), onBoundary, iterations };
}

/** One step of conjugate gradients; whether it met the boundary. */
function advance({ step, residual, direction, stepProduct }: State, product: LinearOperator, radius: number): boolean {
  const image = new Float64Array(step.length);
  product(direction, image);
  const curvature = dot(direction, image);
  if (!Number.isFinite(curvature)) {
    requireFinite("product", image, [image.length]);
    throw new NumericalError("product: expected numbers whose squares are finite, got an overflow");
  }
  const square = dot(residual, residual);
  const toBoundary = distanceToBoundary(step, direction, radius);
  const meets = curvature <= 0 || square / curvature >= toBoundary;
  const length = meets ? toBoundary : square / curvature;
  for (let i = 0; i < step.length; i++) {
    step[i] += length * direction[i];
    stepProduct[i] += length * image[i];
    residual[i] += length * image[i];
  }
  const memory = dot(residual, residual) / square;
  for (let i = 0; i < step.length; i++) direction[i] = memory * direction[i] - residual[i];
  return meets;
}

/** The t ≥ 0 with ‖p + t d‖ = Δ, as the root of a quadratic; pᵀd ≥ 0 in conjugate gradients, so that no digits are lost. */
function distanceToBoundary(step: Float64Array, direction: Float64Array, radius: number): number {
  const size = norm(direction);
  const along = dot(step, direction) / size;
  const room = Math.max(radius * radius - dot(step, step), 0);
  return room / (along + Math.sqrt(along * along + room)) / size;
}
