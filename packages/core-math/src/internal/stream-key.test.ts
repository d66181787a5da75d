import fc from "fast-check";
import { expect, test } from "vitest";
import { streamKey } from "./stream-key.js";

test("a name is its length and its code units, two a word", () => {
  expect(streamKey("abc")).toEqual([3, 0x00620061, 0x63]);
});

test("no two paths of names have one key", () => {
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 3, unit: "binary" }),
    fc.constantFrom("a", "b", "ab", "a\0", "\uD800", "\uD801"),
  );
  const path = fc.array(name, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(path, path, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(JSON.stringify(a.flatMap(streamKey)) === JSON.stringify(b.flatMap(streamKey))).toBe(same);
    }),
    { numRuns: 1000 },
  );
});

test("all words are 32-bit integers", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "binary" }), (name) => {
      expect(streamKey(name).every((word) => word >>> 0 === word)).toBe(true);
    }),
  );
});
