import { expect, test } from "vitest";
import { boundedInteger, maskedInteger } from "./bounded.js";
import type { Pcg64 } from "./pcg64.js";

/** A generator that gives the listed outputs: 64 bits each, or 32. */
function scripted(outputs: readonly bigint[]): Pcg64 {
  let drawn = 0;
  const next = (): bigint => {
    if (drawn === outputs.length) throw new Error("drew more than the script holds");
    return outputs[drawn++];
  };
  const bits = {
    low: 0,
    high: 0,
    next64(): void {
      const value = next();
      [bits.low, bits.high] = [Number(value & 0xffffffffn), Number(value >> 32n)];
    },
    next32: () => Number(next()),
  };
  return bits as unknown as Pcg64;
}

test("the high word of the product is the draw", () => {
  expect(boundedInteger(scripted([0x80000001n]), 10)).toBe(5);
  expect(boundedInteger(scripted([0xffffffffn]), 10)).toBe(9);
  expect(boundedInteger(scripted([0x8000000000000000n]), 2 ** 40)).toBe(2 ** 39);
});

test("draws that would make some values likelier are drawn again", () => {
  // 2³² mod 10 = 6 and 2⁶⁴ mod (3·2⁴⁰) = 2⁴⁰: low words below those are rejected, and those themselves are not.
  expect(boundedInteger(scripted([0n, 0x80000000n, 0x80000001n]), 10)).toBe(5);
  const n = 3 * 2 ** 40;
  expect(boundedInteger(scripted([0n, 0x8000000000000000n, 0x8000000000000001n]), n)).toBe(n / 2);
  const accepted = ((2n << 64n) + (1n << 40n)) / BigInt(n);
  expect((accepted * BigInt(n)) % (1n << 64n)).toBe(1n << 40n);
  expect(boundedInteger(scripted([accepted]), n)).toBe(2);
  expect(boundedInteger(scripted([accepted - 1n]), n)).toBe(1);
});

test("one value takes nothing, 2³² values all 32 bits", () => {
  expect(boundedInteger(scripted([]), 1)).toBe(0);
  expect(boundedInteger(scripted([0xdeadbeefn]), 2 ** 32)).toBe(0xdeadbeef);
});

test("masked draws are repeated until one is in range", () => {
  expect(maskedInteger(scripted([0xffn, 0x16n, 0x15n]), 5)).toBe(5);
  expect(maskedInteger(scripted([0xffffffffn]), 2 ** 32 - 1)).toBe(2 ** 32 - 1);
});
