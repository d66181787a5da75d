import { dot } from "./vector.js";

/** sᵀy must exceed this share of yᵀy for a pair to count: curvature that rounding could have made is none. */
const LEAST_CURVATURE = 2 ** -52;

/** A move and the change of the gradient along it. */
interface Pair {
  readonly move: Float64Array;
  readonly change: Float64Array;
}

/**
 * The last moves s and changes of the gradient y, which stand for an approximation H of the inverse Hessian.
 * (Nocedal and Wright 2006, algorithm 7.4.)
 */
export class LbfgsMemory {
  readonly #pairs: Pair[] = [];
  readonly #capacity: number;
  readonly #shares: Float64Array;
  readonly #curvatures: Float64Array;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#shares = new Float64Array(capacity);
    this.#curvatures = new Float64Array(capacity);
  }

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  clear(): void {
    this.#pairs.length = 0;
  }

  /** sᵀy / yᵀy of the last pair, an inverse curvature; `otherwise` where there is none. */
  scale(otherwise: number): number {
    const last = this.#pairs.at(-1);
    return last === undefined ? otherwise : dot(last.move, last.change) / dot(last.change, last.change);
  }

  /** Takes a pair in, unless the objective curves down along it; the oldest one makes room. */
  push(move: Float64Array, change: Float64Array): void {
    if (!(dot(move, change) > LEAST_CURVATURE * dot(change, change))) return;
    const recycled = this.#pairs.length === this.#capacity ? this.#pairs.shift() : undefined;
    const pair = recycled ?? { move: new Float64Array(move.length), change: new Float64Array(move.length) };
    pair.move.set(move);
    pair.change.set(change);
    this.#pairs.push(pair);
  }

  /**
   * direction ← −H g among the free coordinates, as if there were no others; 0 in those.
   *
   * @param free - 1 for a free coordinate, 0 for one that is held.
   * @param scale - The inverse curvature from which H begins.
   */
  descend(gradient: Float64Array, free: Float64Array, scale: number, direction: Float64Array): void {
    for (let i = 0; i < gradient.length; i++) direction[i] = -gradient[i] * free[i];
    const shares = this.#shares;
    const curvatures = this.#curvatures;
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { move, change } = this.#pairs[k];
      const curvature = dotAmong(free, move, change);
      curvatures[k] = curvature > LEAST_CURVATURE * dotAmong(free, change, change) ? curvature : Infinity;
      shares[k] = dot(move, direction) / curvatures[k];
      addScaledAmong(free, direction, -shares[k], change);
    }
    for (let i = 0; i < gradient.length; i++) direction[i] *= scale;
    for (let k = 0; k < this.#pairs.length; k++) {
      if (curvatures[k] === Infinity) continue;
      const { move, change } = this.#pairs[k];
      addScaledAmong(free, direction, shares[k] - dot(change, direction) / curvatures[k], move);
    }
  }
}

function dotAmong(free: Float64Array, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += free[i] * a[i] * b[i];
  return sum;
}

function addScaledAmong(free: Float64Array, a: Float64Array, scale: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] += free[i] * scale * b[i];
}
