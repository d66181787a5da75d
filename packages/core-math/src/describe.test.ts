import fc from "fast-check";
import { expect, test } from "vitest";
import { describe } from "./describe.js";
import { UphillError } from "./errors.js";

class Gadget {}

test.each<[unknown, string]>([
  [1.5, "1.5"],
  [Number.NaN, "NaN"],
  [-0, "-0"],
  [12n, "12n"],
  ["adam", '"adam"'],
  ["x".repeat(100), `"${"x".repeat(40)}…"`],
  [undefined, "undefined"],
  [null, "null"],
  [true, "true"],
  [Symbol("s"), "Symbol(s)"],
  [[1, "a", null], '[1, "a", null]'],
  [[[1], [2]], "an array of length 2"],
  [Array.from({ length: 9 }, () => 0), "an array of length 9"],
  [new Float32Array(3), "a Float32Array of length 3"],
  [new Int32Array(3), "an Int32Array of length 3"],
  [new Uint8Array(3), "a Uint8Array of length 3"],
  [new ArrayBuffer(3), "an ArrayBuffer"],
  [new URL("https://example.com"), "a URL"],
  [new UphillError("wrong"), "an UphillError"],
  [new DataView(new ArrayBuffer(1)), "a DataView"],
  [{ length: 3 }, "an object"],
  [Object.create(null), "an object"],
  [new Gadget(), "a Gadget"],
  [new Error("e"), "an Error"],
  [Math.sin, "the function sin"],
  [() => 0, "a function"],
])("%o is described as %s", (value, text) => {
  expect(describe(value)).toBe(text);
});

test("any value gives one short line and never throws", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }), (value) => {
      const text = describe(value);
      expect(text).not.toContain("\n");
      expect(text.length).toBeLessThan(220);
    }),
  );
});
