import { conjugateGradient } from "../conjugate-gradient.js";
import type { Box } from "./box.js";
import type { LbfgsMemory } from "./lbfgs-memory.js";
import { dot } from "./vector.js";
import type { Point } from "./wolfe-search.js";

/** A move to a bound goes a trifle beyond and is cut there, lest rounding leave the coordinate beside it. */
const BEYOND = 1 + 2 ** -40;

/**
 * The direction p in which to search: coordinates that a scaled gradient step would push to or past a bound are held, and
 * go to that bound; the others minimise the quadratic model gᵀp + ½ pᵀH⁻¹p, given those.
 *
 * With a force λ on the held coordinates A alone, p = −H (g + λ), so that λ solves H_AA λ_A = −(H g)_A − p_A.
 */
export function boundedDirection(box: Box, { x, gradient }: Point, memory: LbfgsMemory): Float64Array {
  const scale = memory.scale(1 / Math.max(1, Math.sqrt(dot(gradient, gradient))));
  const held = heldCoordinates(box, x, gradient, scale);
  const moves = held.map((i) => (gradient[i] > 0 ? box.lower[i] : box.upper[i]) - x[i]);
  const forced = gradient.slice();
  const direction = new Float64Array(x.length);
  memory.multiply(forced, scale, direction);
  if (held.length > 0 && held.length < x.length) {
    addForces(memory, scale, held, moves.map((move, k) => -direction[held[k]] - move), forced);
    memory.multiply(forced, scale, direction);
  }
  for (let i = 0; i < x.length; i++) direction[i] = -direction[i];
  held.forEach((i, k) => (direction[i] = moves[k] * BEYOND));
  return direction;
}

/** Where a gradient step meets a bound, or stands at it already and points outwards. */
function heldCoordinates(box: Box, x: Float64Array, gradient: Float64Array, scale: number): number[] {
  const held: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const target = x[i] - scale * gradient[i];
    if (gradient[i] !== 0 && (target <= box.lower[i] || target >= box.upper[i])) held.push(i);
  }
  return held;
}

/** Adds the λ with (H λ)_A = wanted. H is a multiple of the identity but for twice as many ranks as there are pairs. */
function addForces(memory: LbfgsMemory, scale: number, held: readonly number[], wanted: number[], forced: Float64Array): void {
  const forces = new Float64Array(forced.length);
  const product = new Float64Array(forced.length);
  const operator = (x: Float64Array, out: Float64Array): void => {
    forces.fill(0);
    held.forEach((i, k) => (forces[i] = x[k]));
    memory.multiply(forces, scale, product);
    held.forEach((i, k) => (out[k] = product[i]));
  };
  const { x } = conjugateGradient(operator, wanted, { maxIterations: 2 * held.length + 10 });
  held.forEach((i, k) => (forced[i] += x[k]));
}
