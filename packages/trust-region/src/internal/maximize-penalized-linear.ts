import { exp, log, log1p } from "@uphill/core-math";
import { lessLogOnePlus } from "./less-log-one-plus.js";
import { rootOfDecreasing } from "./root-of-decreasing.js";

/** Distances of log u and log D between which the roots lie: all that float64 can tell apart. */
const FARTHEST = 300;

/**
 * The distributions p̃ that maximise, over rows g and actions a,
 *
 *     Σ_g w_g · p̃_g − C max_g KL(p_g ‖ p̃_g)
 *
 * For a bound D on the divergences each row is on its own, with the multiplier λ_g(D) = the slope of its best w_g · p̃_g.
 * These fall as D grows; the best D is where they sum to C.
 *
 * @param weights - w, [G, A].
 * @param prior - p, [G, A]; rows without probability are left out.
 * @param actions - A.
 * @param penalty - C ≥ 0.
 * @returns p̃, [G, A].
 */
export function maximizePenalizedLinear(
  weights: Float64Array,
  prior: Float64Array,
  actions: number,
  penalty: number,
): Float64Array {
  const result = prior.slice();
  const rows: Row[] = [];
  for (let start = 0; start < prior.length; start += actions) {
    const row = readRow(weights.subarray(start, start + actions), result.subarray(start, start + actions));
    if (row !== undefined) rows.push(row);
  }
  if (penalty === 0) for (const row of rows) moveToBest(row);
  else if (rows.length > 0) moveToBalance(rows, penalty);
  return result;
}

/** A row whose weights differ where it has probability. */
interface Row {
  /** p, and in the end p̃. */
  readonly probabilities: Float64Array;
  /** (max w − w)/range, in [0, 1]. */
  readonly gaps: Float64Array;
  /** max w − min w. */
  readonly range: number;
}

function readRow(weights: Float64Array, probabilities: Float64Array): Row | undefined {
  let most = -Infinity;
  let least = Infinity;
  for (let a = 0; a < weights.length; a++) {
    if (probabilities[a] === 0) continue;
    most = Math.max(most, weights[a]);
    least = Math.min(least, weights[a]);
  }
  const range = most - least;
  return range > 0 ? { probabilities, gaps: weights.map((w) => (most - w) / range), range } : undefined;
}

function moveToBest({ probabilities, gaps }: Row): void {
  const mass = probabilities.reduce((sum, p, a) => sum + (gaps[a] === 0 ? p : 0), 0);
  for (let a = 0; a < gaps.length; a++) probabilities[a] = gaps[a] === 0 ? probabilities[a] / mass : 0;
}

function moveToBalance(rows: readonly Row[], penalty: number): void {
  const excess = (logDivergence: number): number => {
    const divergence = exp(logDivergence);
    return rows.reduce((sum, row) => sum + multiplier(row, nearness(row, divergence)), 0) - penalty;
  };
  const divergence = exp(rootOfDecreasing(excess, -FARTHEST, log(FARTHEST)));
  for (const row of rows) {
    const u = nearness(row, divergence);
    const scale = multiplier(row, u) / row.range;
    for (let a = 0; a < row.gaps.length; a++) row.probabilities[a] *= scale / (u + row.gaps[a]);
  }
}

/** λ = 1 / Σ p/(ν − w), with ν − w = range (u + gap). */
function multiplier({ probabilities, gaps, range }: Row, u: number): number {
  return range / probabilities.reduce((sum, p, a) => sum + p / (u + gaps[a]), 0);
}

/** The u = (ν − max w)/range at which KL(p ‖ p̃) = D. The divergence falls as u rises. */
function nearness(row: Row, divergence: number): number {
  return exp(rootOfDecreasing((logU) => divergenceAt(row, exp(logU)) - divergence, -FARTHEST, FARTHEST));
}

/**
 * KL(p ‖ p̃) = Σ p log(u + gap) + log Σ p/(u + gap): with z = (gap − mean)/(u + mean), Σ p z = 0, it is
 * log(1 + Σ p z²/(1 + z)) − Σ p (z − log(1 + z)), which keeps its digits where u is large.
 */
function divergenceAt({ probabilities, gaps }: Row, u: number): number {
  const mean = probabilities.reduce((sum, p, a) => sum + p * gaps[a], 0);
  let first = 0;
  let second = 0;
  for (let a = 0; a < gaps.length; a++) {
    if (probabilities[a] === 0) continue;
    const z = (gaps[a] - mean) / (u + mean);
    const onePlus = (gaps[a] + u) / (u + mean);
    first += probabilities[a] * lessLogOnePlus(z, onePlus);
    second += (probabilities[a] * z * z) / onePlus;
  }
  return log1p(second) - first;
}
