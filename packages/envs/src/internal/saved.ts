import { expectation, FormatError } from "@uphill/core-math";
import type { JsonValue } from "../json.js";

/** The numbers that JSON loses, under the names that stand for them in saved text. */
const NAMED: ReadonlyMap<string, number> = new Map([
  ["-0", -0],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Numbers as JSON values, to the bit: those that JSON cannot write become strings (`"-0"`, `"Infinity"`). */
export function savedNumbers(values: ArrayLike<number>): JsonValue[] {
  return Array.from(values, (value) => {
    if (Object.is(value, -0)) return "-0";
    return Number.isFinite(value) ? value : String(value);
  });
}

/**
 * The numbers that {@link savedNumbers} wrote.
 *
 * @param argument - Name for the message.
 * @param saved - What was read.
 * @param length - How many there must be; any number where left out.
 * @throws FormatError where `saved` is no list of saved numbers of that length.
 */
export function readNumbers(argument: string, saved: unknown, length?: number): number[] {
  const values = readList(argument, saved, length);
  return values.map((value, index) => {
    const number = typeof value === "string" ? NAMED.get(value) : value;
    if (typeof number === "number") return number;
    throw new FormatError(expectation(`${argument}[${index}]`, "a saved number", value));
  });
}

/**
 * A saved list of counts.
 *
 * @throws FormatError where it is no list of `length` integers in [0, most].
 */
export function readCounts(argument: string, saved: unknown, length: number, most: number): readonly number[] {
  return readList(argument, saved, length).map((value, i) => readInteger(`${argument}[${i}]`, value, 0, most));
}

/**
 * The elements of a saved list.
 *
 * @throws FormatError where `saved` is no array, or not of the given length.
 */
export function readList(argument: string, saved: unknown, length?: number): readonly JsonValue[] {
  if (Array.isArray(saved) && (length === undefined || saved.length === length)) return saved;
  throw new FormatError(expectation(argument, length === undefined ? "a list" : `a list of ${length} elements`, saved));
}

/**
 * The fields of a saved object.
 *
 * @throws FormatError where `saved` is no object.
 */
export function readFields(argument: string, saved: unknown): Readonly<Record<string, JsonValue>> {
  if (isObject(saved)) return saved;
  throw new FormatError(expectation(argument, "a saved object", saved));
}

/**
 * A saved finite number.
 *
 * @throws FormatError for anything else.
 */
export function readNumber(argument: string, saved: unknown): number {
  if (typeof saved === "number" && Number.isFinite(saved)) return saved;
  throw new FormatError(expectation(argument, "a finite number", saved));
}

/**
 * A saved integer of the given range.
 *
 * @throws FormatError for anything else.
 */
export function readInteger(argument: string, saved: unknown, least: number, most: number): number {
  if (typeof saved === "number" && Number.isInteger(saved) && saved >= least && saved <= most) return saved;
  throw new FormatError(expectation(argument, `an integer in [${least}, ${most}]`, saved));
}

/**
 * Throws unless a state was saved by the environment that is to take it.
 *
 * @throws FormatError where `saved` is another name.
 */
export function requireSavedBy(id: string, saved: unknown): void {
  if (saved !== id) throw new FormatError(expectation("state.id", `a state of ${id}`, saved));
}

/**
 * A saved flag.
 *
 * @throws FormatError for anything but true and false.
 */
export function readFlag(argument: string, saved: unknown): boolean {
  if (typeof saved === "boolean") return saved;
  throw new FormatError(expectation(argument, "true or false", saved));
}

function isObject(value: unknown): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
