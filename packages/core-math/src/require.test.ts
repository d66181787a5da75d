import fc from "fast-check";
import { expect, test } from "vitest";
import { OptionError, ShapeError } from "./errors.js";
import {
  expectation,
  rangeText,
  requireArray,
  requireBoolean,
  requireInteger,
  requireNumber,
  requireObject,
  requireOneOf,
  requireString,
} from "./require.js";

test("an error about an argument is one sentence of a fixed form", () => {
  expect(expectation("gamma", "a finite number in [0, 1]", 1.5)).toBe(
    "gamma: expected a finite number in [0, 1], got 1.5",
  );
});

test.each([
  [{}, ""],
  [{ least: 0, most: 1 }, " in [0, 1]"],
  [{ above: 0, below: 1 }, " in (0, 1)"],
  [{ least: 1 }, " ≥ 1"],
  [{ above: 1 }, " > 1"],
  [{ most: -1 }, " ≤ -1"],
  [{ below: -1 }, " < -1"],
])("the range %j is written%s", (range, text) => {
  expect(rangeText(range)).toBe(text);
  expect(rangeText()).toBe("");
});

test("what is allowed comes back unchanged", () => {
  fc.assert(
    fc.property(fc.double({ min: -3, max: 7, noNaN: true }), (value) => {
      expect(requireNumber("x", value, { least: -3, most: 7 })).toBe(value);
    }),
  );
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(requireInteger("n", value)).toBe(value);
    }),
  );
  const values = new Float64Array(3);
  expect(requireArray("values", values, 3)).toBe(values);
  expect(requireArray("values", [1, 2])).toEqual([1, 2]);
  expect(requireBoolean("flag", false)).toBe(false);
  expect(requireString("name", "a")).toBe("a");
  expect(requireOneOf("kind", "b", ["a", "b"])).toBe("b");
  expect(requireObject("options", { a: 1 })).toEqual({ a: 1 });
});

test.each<[string, () => unknown, string]>([
  ["NaN", () => requireNumber("x", Number.NaN), "x: expected a finite number, got NaN"],
  ["infinity", () => requireNumber("x", Infinity, { least: 0 }), "x: expected a finite number ≥ 0, got Infinity"],
  ["a string", () => requireNumber("x", "1", { above: 0 }), 'x: expected a finite number > 0, got "1"'],
  ["too large", () => requireNumber("x", 2, { least: 0, most: 1 }), "x: expected a finite number in [0, 1], got 2"],
  ["an open bound", () => requireNumber("x", 1, { least: 0, below: 1 }), "x: expected a finite number in [0, 1), got 1"],
  ["an open low bound", () => requireNumber("x", 0, { above: 0, most: 1 }), "x: expected a finite number in (0, 1], got 0"],
  ["a high bound", () => requireNumber("x", 2, { most: 1 }), "x: expected a finite number ≤ 1, got 2"],
  ["an open high bound", () => requireNumber("x", 1, { below: 1 }), "x: expected a finite number < 1, got 1"],
  ["a fraction", () => requireInteger("n", 0.5, { least: 1 }), "n: expected an integer ≥ 1, got 0.5"],
  ["an unsafe integer", () => requireInteger("n", 2 ** 53), "n: expected an integer, got 9007199254740992"],
  ["no boolean", () => requireBoolean("flag", 0), "flag: expected true or false, got 0"],
  ["an empty string", () => requireString("name", ""), 'name: expected a non-empty string, got ""'],
  ["no choice", () => requireOneOf("kind", "c", ["a", "b"]), 'kind: expected one of "a", "b", got "c"'],
  ["an array for an object", () => requireObject("options", [1]), "options: expected an object, got [1]"],
  ["null for an object", () => requireObject("options", null), "options: expected an object, got null"],
])("%s is refused with an OptionError", (_, call, message) => {
  expect(call).toThrow(OptionError);
  expect(call).toThrow(message);
});

test.each([new DataView(new ArrayBuffer(8)), new BigInt64Array(3), "abc", { length: 3 }, undefined])(
  "%o is no array of numbers",
  (value) => {
    expect(() => requireArray("values", value as unknown as number[], 3)).toThrow(OptionError);
  },
);

test("a wrong length is a ShapeError that says both lengths", () => {
  expect(() => requireArray("values", new Float32Array(2), 3)).toThrow(ShapeError);
  expect(() => requireArray("values", new Float32Array(2), 3)).toThrow(
    "values: expected length 3, got a Float32Array of length 2",
  );
});
