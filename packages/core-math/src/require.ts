import { describe } from "./describe.js";
import { OptionError, ShapeError } from "./errors.js";

/** Bounds of a number: `least` and `most` are allowed themselves, `above` and `below` are not. */
export interface NumberRange {
  readonly least?: number;
  readonly most?: number;
  readonly above?: number;
  readonly below?: number;
}

/**
 * The sentence of every error about an argument: `<argument>: expected <allowed>, got <what came>`.
 *
 * @param argument - The argument's name as the caller wrote it, such as `gamma` or `rewards[3]`.
 * @param allowed - What would have been right, such as `a number in [0, 1]`.
 * @param value - What came; shown by {@link describe}.
 */
export function expectation(argument: string, allowed: string, value: unknown): string {
  return `${argument}: expected ${allowed}, got ${describe(value)}`;
}

/**
 * A range in words, to follow the kind of number that it bounds: ` in [0, 1)`, ` ≥ 1`, ` < 0`.
 *
 * @param range - Bounds.
 * @returns The words with a space before them; nothing for a range without bounds.
 */
export function rangeText({ least, most, above, below }: NumberRange = {}): string {
  const low = least ?? above;
  const high = most ?? below;
  if (low !== undefined && high !== undefined) {
    return ` in ${least === undefined ? "(" : "["}${low}, ${high}${most === undefined ? ")" : "]"}`;
  }
  if (low !== undefined) return `${least === undefined ? " > " : " ≥ "}${low}`;
  if (high !== undefined) return `${most === undefined ? " < " : " ≤ "}${high}`;
  return "";
}

/**
 * The value, if it is a finite number in the range.
 *
 * @param argument - Name for the message.
 * @param value - What the caller passed.
 * @param range - Bounds; unbounded where left out.
 * @returns `value`.
 * @throws OptionError where `value` is no number, is NaN or infinite, or is out of range.
 */
export function requireNumber(argument: string, value: unknown, range: NumberRange = {}): number {
  if (typeof value === "number" && Number.isFinite(value) && inRange(value, range)) return value;
  throw new OptionError(expectation(argument, `a finite number${rangeText(range)}`, value));
}

/**
 * The value, if it is an integer that a double holds exactly (|value| < 2⁵³) and in the range.
 *
 * @param argument - Name for the message.
 * @param value - What the caller passed.
 * @param range - Bounds; unbounded where left out.
 * @returns `value`.
 * @throws OptionError where `value` is no number, no safe integer, or out of range.
 */
export function requireInteger(argument: string, value: unknown, range: NumberRange = {}): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && inRange(value, range)) return value;
  throw new OptionError(expectation(argument, `an integer${rangeText(range)}`, value));
}

/**
 * The value, if it is `true` or `false`.
 *
 * @throws OptionError for anything else.
 */
export function requireBoolean(argument: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new OptionError(expectation(argument, "true or false", value));
}

/**
 * The value, if it is a string that is not empty.
 *
 * @throws OptionError for anything else.
 */
export function requireString(argument: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new OptionError(expectation(argument, "a non-empty string", value));
}

/**
 * The value, if it is one of the choices.
 *
 * @param choices - The allowed strings, in the order in which the message lists them.
 * @throws OptionError for anything else.
 */
export function requireOneOf<const C extends string>(argument: string, value: unknown, choices: readonly C[]): C {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new OptionError(expectation(argument, `one of ${choices.map(describe).join(", ")}`, value));
}

/**
 * The value, if it is an object and neither null nor an array.
 *
 * @returns `value`, its properties still unknown.
 * @throws OptionError for anything else.
 */
export function requireObject(argument: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new OptionError(expectation(argument, "an object", value));
}

/**
 * The value, if it is an array or a typed array of numbers, of the given length. Its elements are not looked at.
 *
 * @param length - The length it must have; any length where left out.
 * @throws OptionError where `value` is neither an array nor a typed array (a `DataView` and a string are neither);
 *   ShapeError where its length differs.
 */
export function requireArray<A extends ArrayLike<number>>(argument: string, value: A, length?: number): A {
  if (!isNumberArray(value)) throw new OptionError(expectation(argument, "an array or typed array of numbers", value));
  if (length !== undefined && value.length !== length) {
    throw new ShapeError(`${argument}: expected length ${length}, got ${describe(value)}`);
  }
  return value;
}

function isNumberArray(value: unknown): boolean {
  if (Array.isArray(value)) return true;
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return false;
  return !(value instanceof BigInt64Array || value instanceof BigUint64Array);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inRange(value: number, { least, most, above, below }: NumberRange): boolean {
  if (least !== undefined && !(value >= least)) return false;
  if (most !== undefined && !(value <= most)) return false;
  if (above !== undefined && !(value > above)) return false;
  return below === undefined || value < below;
}
