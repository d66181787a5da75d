import { compile, input } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectMean } from "../../test/harness.js";
import { standardGumbel } from "./gumbel.js";

const u = input("u", ["n"]);
const program = compile({ inputs: { u }, outputs: { gumbel: standardGumbel(u) } });
const gumbel = (values: ArrayLike<number>): Float32Array => program.run({ u: values }).gumbel as Float32Array;

test("example: u = 1 − 1/e gives 0", () => {
  expect(gumbel([1 - Math.exp(-1)])[0]).toBeCloseTo(0, 6);
});

test("float32 gives −log(−log(1 − u)) for u of any size", () => {
  fc.assert(
    fc.property(fc.double({ min: -52, max: -0.01, noNaN: true }), (exponent) => {
      const value = Math.fround(2 ** exponent);
      const expected = -Math.log(-Math.log1p(-value));
      expect(Math.abs(gumbel([value])[0] - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
    }),
  );
});

test("it is finite at 0 and at 1", () => {
  const [atZero, atOne] = gumbel([0, 1]);
  expect(atZero).toBeCloseTo(54 * Math.LN2, 4);
  expect(atOne).toBeCloseTo(-Math.log(24 * Math.LN2), 4);
});

test("its mean is Euler's constant and its variance π²/6", () => {
  const noise = new Float32Array(50_000);
  new Random(3).fillRandom(noise);
  const values = [...gumbel(noise)];
  expectMean(values, 0.5772156649015329);
  expectMean(values.map((value) => (value - 0.5772156649015329) ** 2), Math.PI ** 2 / 6);
});
