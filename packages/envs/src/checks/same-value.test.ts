import fc from "fast-check";
import { expect, test } from "vitest";
import { sameValue } from "./same-value.js";

test("every value is the same as its copy", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(sameValue(value, structuredClone(value))).toBe(true);
    }),
  );
});

test("what differs in one part is not the same", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [0, -0],
    [1, "1"],
    [null, {}],
    [
      [1, 2],
      [1, 3],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: 1 }, { b: 1 }],
    [{ a: { b: [1] } }, { a: { b: [2] } }],
    [Float32Array.of(1), Float32Array.of(2)],
    [Float32Array.of(1), Float64Array.of(1)],
    [new Map(), new Map()],
  ];
  for (const [a, b] of pairs) expect(sameValue(a, b)).toBe(false);
  expect(sameValue({ at: Float32Array.of(1, Number.NaN) }, { at: Float32Array.of(1, Number.NaN) })).toBe(true);
});
