import { NumericalError, OptionError, requireNumber, solveSymmetricPositiveDefinite } from "@uphill/core-math";
import { type LinearQuadraticOptions, linearSystem, type LinearSystem } from "./linear-quadratic.js";

/** What {@link riccatiSolution} returns. Row-major. */
export interface RiccatiSolution {
  /** K, `[m, n]`: the best control is u = −K x. */
  readonly gain: Float64Array;
  /** P, `[n, n]`, symmetric: the best return from x is −xᵀ P x − c. */
  readonly cost: Float64Array;
  /** c: what noise costs from any state, γ σ² tr P / (1 − γ). */
  readonly noiseCost: number;
}

/** P has settled where no element moves by more than this part of the largest. */
const TOLERANCE = 1e-14;
const MOST_ITERATIONS = 100_000;

/**
 * The best policy of `linearQuadratic` over unlimited time, and its return:
 *
 *     P = Q + γ Aᵀ P A − γ² Aᵀ P B (R + γ Bᵀ P B)⁻¹ Bᵀ P A,   K = γ (R + γ Bᵀ P B)⁻¹ Bᵀ P A
 *     V*(x) = −xᵀ P x − γ σ² tr P / (1 − γ)
 *
 * P is found by iterating its equation from Q, which is value iteration. (Bertsekas 2017, sections 3.1 and 4.2, with
 * √γ A and √γ B for A and B.)
 *
 * @param options - The system.
 * @param gamma - γ in [0, 1]; below 1 where there is noise.
 * @returns K, P and c.
 * @throws as `linearQuadratic`; OptionError for γ out of range; NumericalError where P does not settle within 100 000
 *   iterations, as where no control can hold the system.
 */
export function riccatiSolution(options: LinearQuadraticOptions, gamma: number): RiccatiSolution {
  const system = linearSystem(options);
  requireNumber("gamma", gamma, { least: 0, most: 1 });
  if (gamma === 1 && system.noise > 0) throw new OptionError("gamma: expected a number below 1 where there is noise, got 1");
  let cost = system.stateCost;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const { gain, next } = improved(system, cost, gamma);
    const settled = difference(next, cost) <= TOLERANCE * largest(next);
    cost = next;
    if (!(largest(next) < Number.MAX_VALUE)) break;
    if (settled) return { gain, cost, noiseCost: noiseCost(system, cost, gamma) };
  }
  throw new NumericalError("transition and control: expected a system that control can hold; the cost does not settle");
}

/** One iteration: K from P, and the next P = Q + γ Aᵀ P (A − B K), made symmetric to the bit. */
function improved(system: LinearSystem, cost: Float64Array, gamma: number) {
  const { states: n, controls: m, transition, control, stateCost, controlCost } = system;
  const costControl = product(cost, control, n, n, m);
  const weight = transposedProduct(control, costControl, n, m, m).map((value, i) => controlCost[i] + gamma * value);
  const pull = transposedProduct(costControl, transition, n, m, n).map((value) => gamma * value);
  const gain = solveSymmetricPositiveDefinite(weight, pull);
  const held = product(control, gain, n, m, n).map((value, i) => transition[i] - value);
  const moved = transposedProduct(transition, product(cost, held, n, n, n), n, n, n);
  const next = stateCost.map((value, i) => value + (gamma * (moved[i] + moved[(i % n) * n + Math.floor(i / n)])) / 2);
  return { gain, next };
}

function noiseCost({ states, noise }: LinearSystem, cost: Float64Array, gamma: number): number {
  let trace = 0;
  for (let i = 0; i < states; i++) trace += cost[i * states + i];
  return noise === 0 ? 0 : (gamma * noise * noise * trace) / (1 - gamma);
}

/** A B for A `[rows, inner]` and B `[inner, columns]`. */
function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, element) => {
    const [row, column] = [Math.floor(element / columns), element % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[row * inner + k] * b[k * columns + column];
    return sum;
  });
}

/** Aᵀ B for A `[inner, rows]` and B `[inner, columns]`. */
function transposedProduct(a: Float64Array, b: Float64Array, inner: number, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, element) => {
    const [row, column] = [Math.floor(element / columns), element % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[k * rows + row] * b[k * columns + column];
    return sum;
  });
}

function difference(a: Float64Array, b: Float64Array): number {
  return largest(a.map((value, i) => value - b[i]));
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
