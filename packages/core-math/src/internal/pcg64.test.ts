import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Pcg64 } from "./pcg64.js";
import { generateState } from "./seed-sequence.js";

interface SeedReference {
  readonly words8_uint32: readonly number[];
  readonly state: string;
  readonly steps: readonly [string, readonly (string | number)[]][];
}

const reference = JSON.parse(
  readFileSync(new URL("../../test/reference/gymnasium-rng.json", import.meta.url), "utf8"),
) as { readonly seeds: Readonly<Record<string, SeedReference>> };

test.each(Object.entries(reference.seeds))("seed %s: NumPy's start and raw 64-bit outputs", (_, seed) => {
  const bits = new Pcg64(Uint32Array.from(seed.words8_uint32));
  expect(hexadecimal(bits.state)).toBe(BigInt(seed.state));
  const [name, outputs] = seed.steps[0];
  expect(name).toBe("raw64");
  for (const output of outputs) {
    bits.next64();
    expect(hexadecimal([bits.low, bits.high])).toBe(BigInt(output));
  }
});

test("a 64-bit output serves two draws of 32 bits, low half first, whatever is drawn in between", () => {
  const bits = new Pcg64(generateState([1], [], 8));
  const same = new Pcg64(generateState([1], [], 8));
  same.next64();
  const { low, high } = same;
  expect(bits.next32()).toBe(low);
  bits.next64();
  expect(bits.next32()).toBe(high);
  same.next64();
  same.next64();
  expect(bits.next32()).toBe(same.low);
});

test("a thousand steps are those of 128-bit arithmetic", () => {
  const bits = new Pcg64(generateState([99], [], 8));
  const mask = (1n << 128n) - 1n;
  const words = Array.from(generateState([99], [], 8), BigInt);
  const increment = (((words[5] << 96n) | (words[4] << 64n) | (words[7] << 32n) | words[6]) << 1n) & mask | 1n;
  let state = hexadecimal(bits.state);
  for (let i = 0; i < 1000; i++) {
    state = (state * 0x2360ed051fc65da44385df649fccf645n + increment) & mask;
    const folded = (state >> 64n) ^ (state & 0xffffffffffffffffn);
    const rotation = state >> 122n;
    const rotated = ((folded >> rotation) | (folded << (64n - rotation))) & 0xffffffffffffffffn;
    bits.next64();
    expect(hexadecimal(bits.state)).toBe(state);
    expect(hexadecimal([bits.low, bits.high])).toBe(rotated);
  }
});

function hexadecimal(words: ArrayLike<number>): bigint {
  return Array.from(words).reduceRight((value, word) => (value << 32n) | BigInt(word), 0n);
}
