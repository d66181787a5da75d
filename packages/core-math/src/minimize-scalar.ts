import { OptionError } from "./errors.js";
import { evaluated } from "./internal/evaluated.js";
import { requireInteger, requireNumber } from "./require.js";

/** Where {@link minimizeScalar} looks, and when it stops. */
export interface MinimizeScalarOptions {
  /** The least argument. */
  readonly lower: number;
  /** The largest argument, above `lower`. */
  readonly upper: number;
  /** How near to the minimum to come, beside 1.5e-8 |x|, closer than which values do not tell; above 0. Default 1e-10. */
  readonly tolerance?: number;
  /** Evaluations at the most, at least 1. Default 200. */
  readonly maxIterations?: number;
}

/** What {@link minimizeScalar} found. */
export interface MinimizeScalarResult {
  /** The best argument that was tried. */
  readonly x: number;
  /** The function's value there. */
  readonly value: number;
  /** Evaluations. */
  readonly iterations: number;
  /** Why it stopped. */
  readonly reason: "converged" | "maxIterations";
}

/** The golden section's smaller part, (3 − √5)/2. */
const GOLDEN = (3 - Math.sqrt(5)) / 2;

/** √(2⁻⁵²): nearer to a minimum than this, relative, a function's values differ by less than their rounding. */
const ROOT_EPSILON = 2 ** -26;

/** The interval that holds the minimum, the three best points, and the last two moves. */
interface Search {
  low: number;
  high: number;
  x: number;
  fx: number;
  w: number;
  fw: number;
  v: number;
  fv: number;
  move: number;
  earlier: number;
}

/**
 * A minimum of a function on an interval, by Brent's method: parabolas through the three best points where they shrink
 * the interval fast enough, the golden section elsewhere. Where the function has one minimum in the interval, it is that
 * one; the ends themselves are approached but never tried. (Brent 1973, chapter 5.)
 *
 * @param f - The function; its values may be infinite, but not NaN.
 * @param options - The interval, and when to stop.
 * @returns The argument, the value there, and the reason.
 * @throws OptionError for an option out of range; NumericalError where the function returns what is no number.
 */
export function minimizeScalar(f: (x: number) => number, options: MinimizeScalarOptions): MinimizeScalarResult {
  const low = requireNumber("lower", options.lower);
  const high = requireNumber("upper", options.upper, { above: low });
  if (high - low === Infinity) throw new OptionError("upper: expected an interval of finite width, got an overflow");
  const tolerance = requireNumber("tolerance", options.tolerance ?? 1e-10, { above: 0 });
  const maxIterations = requireInteger("maxIterations", options.maxIterations ?? 200, { least: 1 });
  const x = low + GOLDEN * (high - low);
  const fx = evaluated(f, x);
  const search: Search = { low, high, x, fx, w: x, fw: fx, v: x, fv: fx, move: 0, earlier: 0 };
  for (let iterations = 1; ; iterations++) {
    const least = ROOT_EPSILON * Math.abs(search.x) + tolerance / 3;
    const middle = 0.5 * search.low + 0.5 * search.high;
    const near = Math.abs(search.x - middle) <= 2 * least - 0.5 * (search.high - search.low);
    if (near || iterations === maxIterations) {
      return { x: search.x, value: search.fx, iterations, reason: near ? "converged" : "maxIterations" };
    }
    if (!moveByParabola(search, least)) moveByGoldenSection(search);
    const move = Math.abs(search.move) >= least ? search.move : search.move < 0 ? -least : least;
    const u = search.x + move;
    include(search, u, evaluated(f, u));
  }
}

/** Aims at the lowest point of the parabola through the three points; false where that is not to be trusted. */
function moveByParabola(search: Search, least: number): boolean {
  const { low, high, x, fx, w, fw, v, fv, earlier } = search;
  if (Math.abs(earlier) <= least) return false;
  const r = (x - w) * (fx - fv);
  const q = (x - v) * (fx - fw);
  const numerator = (x - w) * r - (x - v) * q;
  const denominator = 2 * (q - r);
  const move = numerator / denominator;
  // A NaN or an infinity, from points on a line or from values that overflow, is not trusted either.
  if (!(Math.abs(move) < 0.5 * Math.abs(earlier) && x + move > low && x + move < high)) return false;
  search.earlier = search.move;
  const atEnd = x + move - low < 2 * least || high - (x + move) < 2 * least;
  search.move = atEnd ? (x < 0.5 * low + 0.5 * high ? least : -least) : move;
  return true;
}

function moveByGoldenSection(search: Search): void {
  const { low, high, x } = search;
  search.earlier = x < 0.5 * low + 0.5 * high ? high - x : low - x;
  search.move = GOLDEN * search.earlier;
}

/** Takes a new point in: it bounds the interval, or moves the bound to where x was and becomes x. */
function include(search: Search, u: number, fu: number): void {
  const { x, fx, w, fw, v, fv } = search;
  if (fu <= fx) {
    if (u < x) search.high = x;
    else search.low = x;
    Object.assign(search, { x: u, fx: fu, w: x, fw: fx, v: w, fv: fw });
    return;
  }
  if (u < x) search.low = u;
  else search.high = u;
  if (fu <= fw || w === x) Object.assign(search, { w: u, fw: fu, v: w, fv: fw });
  else if (fu <= fv || v === x || v === w) Object.assign(search, { v: u, fv: fu });
}
