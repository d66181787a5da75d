import { describe, FormatError, OptionError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";

/** The key of the object that stands for a number which JSON has no way to write. */
const NUMBER_KEY = "$number";

/** Deeper than any real state; a value that contains itself meets it too. */
const MAX_DEPTH = 200;

const SPECIAL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

/**
 * Plain data as JSON text from which {@link decodeJson} returns the same data, bit for bit.
 *
 * JSON has no NaN, no infinities, and `JSON.stringify` loses the sign of −0. They are written as
 * `{"$number":"NaN"}`, `"Infinity"`, `"-Infinity"`, `"-0"`. Keys of the data that start with `$` get a second `$`, so
 * no data can be mistaken for such a number.
 *
 * @param argument - Name for errors.
 * @param value - Plain data: null, booleans, numbers, strings, arrays and plain objects of these. A member that is
 *   undefined counts as absent.
 * @param indent - Spaces a level, for people to read; where 0, all is on one line.
 * @returns JSON text.
 * @throws OptionError naming the place of a value that JSON would drop or change (a typed array, a Date, a function, a
 *   value that contains itself).
 */
export function encodeJson(argument: string, value: JsonValue, indent = 0): string {
  return JSON.stringify(written(value, argument, 0), undefined, indent);
}

/**
 * The data that {@link encodeJson} wrote.
 *
 * @param argument - Name for errors.
 * @param text - The JSON text.
 * @returns The data.
 * @throws FormatError where the text is no JSON or holds a number form that is not known.
 */
export function decodeJson(argument: string, text: string): JsonValue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${argument}: expected valid JSON, got ${describe(text)}`, { cause });
  }
  return read(value, argument, 0);
}

function written(value: unknown, place: string, depth: number): JsonValue {
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { [NUMBER_KEY]: describe(value) };
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (depth === MAX_DEPTH) {
    throw new OptionError(`${place.slice(0, 80)}…: expected plain data at most ${MAX_DEPTH} levels deep, got more`);
  }
  if (Array.isArray(value)) {
    return Array.from(value, (element: unknown, index) => written(element, `${place}[${index}]`, depth + 1));
  }
  if (!isPlainObject(value)) throw new OptionError(`${place}: expected plain data, got ${describe(value)}`);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.map(([key, member]) => [
      key.startsWith("$") ? `$${key}` : key,
      written(member, `${place}.${key}`, depth + 1),
    ]),
  );
}

function read(value: unknown, place: string, depth: number): JsonValue {
  if (typeof value !== "object" || value === null) return value as JsonValue;
  if (depth === MAX_DEPTH) {
    throw new FormatError(`${place.slice(0, 80)}…: expected data at most ${MAX_DEPTH} levels deep, got more`);
  }
  if (Array.isArray(value)) {
    return value.map((element: unknown, index) => read(element, `${place}[${index}]`, depth + 1));
  }
  const entries = Object.entries(value) as [string, unknown][];
  if (Object.hasOwn(value, NUMBER_KEY)) return readSpecialNumber(entries, place);
  return Object.fromEntries(
    entries.map(([key, member]) => [
      key.startsWith("$$") ? key.slice(1) : key,
      read(member, `${place}.${key}`, depth + 1),
    ]),
  );
}

function readSpecialNumber(entries: readonly [string, unknown][], place: string): number {
  const [, name] = entries[0];
  const number = SPECIAL_NUMBERS.get(String(name));
  if (number === undefined || entries.length > 1) {
    const names = [...SPECIAL_NUMBERS.keys()].join(", ");
    throw new FormatError(`${place}: expected ${NUMBER_KEY} alone with one of ${names}, got ${describe(name)}`);
  }
  return number;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
