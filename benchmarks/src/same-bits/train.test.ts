import { expect, test } from "vitest";
import recorded from "./recorded.json" with { type: "json" };
import { hashOf } from "./hash.js";
import { sameBits } from "./train.js";

test("a hash is FNV-1a's, and tells one bit", () => {
  // The bytes of 0 are four zeros: (((basis · p) · p) · p) · p modulo 2⁶⁴.
  const [basis, prime] = [0xcbf29ce484222325n, 0x100000001b3n];
  expect(hashOf([[0]])).toBe(BigInt.asUintN(64, basis * prime ** 4n).toString(16));
  expect(hashOf([[1, 2]])).toBe(hashOf([[1], [2]]));
  expect(hashOf([[1]])).not.toBe(hashOf([[1 + 2 ** -23]]));
  expect(hashOf([[0]])).not.toBe(hashOf([[-0]]));
});

test("plain SIMD trains to the bits that were recorded in other engines", () => {
  const { training, functions } = recorded;
  expect(sameBits()).toEqual({ training, functions });
});
