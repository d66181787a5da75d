import { OptionError } from "./errors.js";
import { evaluated } from "./internal/evaluated.js";
import { requireInteger, requireNumber } from "./require.js";

/** Where {@link findRoot} looks, and when it stops. */
export interface FindRootOptions {
  /** One end of the bracket. */
  readonly lower: number;
  /** The other end, above `lower`; the function has opposite signs at the two. */
  readonly upper: number;
  /** Half the width of the bracket to reach, beside the rounding of x; at least 0. Default 1e-12. */
  readonly tolerance?: number;
  /** Evaluations at the most, beside those of the two ends. Default 200. */
  readonly maxIterations?: number;
}

/** What {@link findRoot} found. */
export interface FindRootResult {
  /** Where the function is nearest to 0, of the two ends of the last bracket. */
  readonly root: number;
  /** The function's value there. */
  readonly value: number;
  /** Evaluations beside those of the two ends. */
  readonly iterations: number;
  /** Why it stopped. */
  readonly reason: "converged" | "maxIterations";
}

/** The ends of a bracket and the end before, with the function's values. */
interface Bracket {
  x1: number;
  f1: number;
  x2: number;
  f2: number;
  x3: number;
  f3: number;
}

/**
 * A root of a continuous function between two points at which its signs differ, by Chandrupatla's method: inverse
 * quadratic interpolation where three points promise that it is safe, bisection elsewhere. It needs fewer evaluations
 * than Brent's where roots are flat, and never leaves the bracket. (Chandrupatla 1997.)
 *
 * @param f - The function; its values may be infinite, but not NaN.
 * @param options - The bracket, and when to stop: once the root is known to `tolerance` + 4·2⁻⁵² |root|.
 * @returns The root, the value there, and the reason.
 * @throws OptionError for an option out of range, or values of one sign at both ends; NumericalError where the function
 *   returns what is no number.
 */
export function findRoot(f: (x: number) => number, options: FindRootOptions): FindRootResult {
  const bracket = startingBracket(f, options);
  const tolerance = requireNumber("tolerance", options.tolerance ?? 1e-12, { least: 0 });
  const maxIterations = requireInteger("maxIterations", options.maxIterations ?? 200, { least: 0 });
  for (let iterations = 0, t = 0.5; ; iterations++) {
    const { x1, f1, x2, f2 } = bracket;
    const [root, value] = Math.abs(f1) < Math.abs(f2) ? [x1, f1] : [x2, f2];
    const least = (tolerance + 4 * Number.EPSILON * Math.abs(root)) / Math.abs(x2 - x1);
    if (value === 0 || least > 0.5) return { root, value, iterations, reason: "converged" };
    if (iterations === maxIterations) return { root, value, iterations, reason: "maxIterations" };
    if (iterations > 0) t = Math.min(1 - least, Math.max(least, fraction(bracket)));
    narrow(bracket, f, x1 + t * (x2 - x1));
  }
}

function startingBracket(f: (x: number) => number, options: FindRootOptions): Bracket {
  const lower = requireNumber("lower", options.lower);
  const upper = requireNumber("upper", options.upper, { above: lower });
  if (upper - lower === Infinity) throw new OptionError("upper: expected a bracket of finite width, got an overflow");
  const [atLower, atUpper] = [evaluated(f, lower), evaluated(f, upper)];
  if (atLower > 0 === atUpper > 0 && atLower !== 0 && atUpper !== 0) {
    throw new OptionError(`lower, upper: expected values of opposite signs, got ${atLower} at ${lower} and ${atUpper} at ${upper}`);
  }
  return { x1: upper, f1: atUpper, x2: lower, f2: atLower, x3: lower, f3: atLower };
}

/** How far from x1 towards x2 to go next. */
function fraction({ x1, f1, x2, f2, x3, f3 }: Bracket): number {
  const xi = (x1 - x2) / (x3 - x2);
  const phi = (f1 - f2) / (f3 - f2);
  if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
  return (f1 / (f2 - f1)) * (f3 / (f2 - f3)) + ((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * (f2 / (f3 - f2));
}

/** Makes x an end of the bracket: x1, with the function's other sign at x2. */
function narrow(bracket: Bracket, f: (x: number) => number, x: number): void {
  const value = evaluated(f, x);
  const sameSide = value > 0 === bracket.f1 > 0;
  bracket.x3 = sameSide ? bracket.x1 : bracket.x2;
  bracket.f3 = sameSide ? bracket.f1 : bracket.f2;
  if (!sameSide) {
    bracket.x2 = bracket.x1;
    bracket.f2 = bracket.f1;
  }
  bracket.x1 = x;
  bracket.f1 = value;
}
