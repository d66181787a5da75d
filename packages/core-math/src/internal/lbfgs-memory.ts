import { addScaled, dot } from "./vector.js";

/** sᵀy must exceed this share of yᵀy for a pair to count: curvature that rounding could have made is none. */
const LEAST_CURVATURE = 2 ** -52;

/** A move s, the change y of the gradient along it, and sᵀy. */
interface Pair {
  readonly move: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/**
 * The last moves and changes of the gradient, which stand for an approximation H of the inverse Hessian: symmetric,
 * positive definite, with H y = s for the last pair. (Nocedal and Wright 2006, section 7.2.)
 */
export class LbfgsMemory {
  readonly #capacity: number;
  #pairs: readonly Pair[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  clear(): void {
    this.#pairs = [];
  }

  /** The inverse curvature sᵀy / yᵀy of the last pair, from which H begins; `otherwise` where there is none. */
  scale(otherwise: number): number {
    const last = this.#pairs.at(-1);
    return last === undefined ? otherwise : last.curvature / dot(last.change, last.change);
  }

  /** Takes a pair in, and drops the oldest beyond its capacity; leaves out one along which the objective curves down. */
  push(move: Float64Array, change: Float64Array): void {
    const curvature = dot(move, change);
    if (!(curvature > LEAST_CURVATURE * dot(change, change))) return;
    this.#pairs = [...this.#pairs, { move, change, curvature }].slice(-this.#capacity);
  }

  /** out ← H v, by two passes over the pairs (algorithm 7.4), where H begins as `scale` times the identity. */
  multiply(vector: Float64Array, scale: number, out: Float64Array): void {
    const shares = this.#pairs.map(() => 0);
    out.set(vector);
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { move, change, curvature } = this.#pairs[k];
      shares[k] = dot(move, out) / curvature;
      addScaled(out, -shares[k], change);
    }
    for (let i = 0; i < out.length; i++) out[i] *= scale;
    for (let k = 0; k < this.#pairs.length; k++) {
      const { move, change, curvature } = this.#pairs[k];
      addScaled(out, shares[k] - dot(change, out) / curvature, move);
    }
  }
}
