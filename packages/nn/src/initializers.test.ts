import { OptionError, Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectClose } from "../test/close.js";
import orthogonalReference from "../test/reference/orthogonal.json" with { type: "json" };
import { initializers, lecunNormal, lecunUniform, orthogonal, zeros } from "./initializers.js";
import type { InitializerName } from "./initializers.js";

const sizes = fc.record({
  seed: fc.nat(),
  inputs: fc.integer({ min: 1, max: 24 }),
  outputs: fc.integer({ min: 1, max: 24 }),
  gain: fc.constantFrom(0.01, 1, Math.SQRT2, 5),
});
const names = Object.keys(initializers) as InitializerName[];

/** Products of all pairs of columns (or rows) of a row-major matrix. */
function products(kernel: Float32Array, inputs: number, outputs: number, ofColumns: boolean): number[] {
  const [count, length] = ofColumns ? [outputs, inputs] : [inputs, outputs];
  const at = (k: number, i: number) => (ofColumns ? kernel[i * outputs + k] : kernel[k * outputs + i]);
  const result: number[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += at(a, i) * at(b, i);
      result.push(sum);
    }
  }
  return result;
}

test("example: the columns of a tall orthogonal kernel are unit vectors at right angles", () => {
  const kernel = orthogonal(new Random(1), 3, 2);
  expectClose(products(kernel, 3, 2, true), [1, 0, 0, 1], 1e-6);
});

test("the shorter side of an orthogonal kernel is orthonormal, times the gain", () => {
  fc.assert(
    fc.property(sizes, ({ seed, inputs, outputs, gain }) => {
      const kernel = orthogonal(new Random(seed), inputs, outputs, gain);
      const count = Math.min(inputs, outputs);
      const identity = Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0));
      const normalized = products(kernel, inputs, outputs, inputs >= outputs).map((value) => value / gain ** 2);
      expectClose(normalized, identity, 1e-6);
    }),
  );
});

test("a wide orthogonal kernel stays orthonormal where its vectors fill the space", () => {
  const kernel = orthogonal(new Random(5), 96, 96);
  const identity = Array.from({ length: 96 * 96 }, (_, i) => (i % 97 === 0 ? 1 : 0));
  expectClose(products(kernel, 96, 96, true), identity, 1e-6);
});

test("orthogonal kernels have no preferred direction", () => {
  // Of a uniform orthogonal 3×2 matrix each element has mean 0 and square 1/3; 4,000 draws, five standard errors.
  const draws = 4000;
  const random = new Random(11);
  const mean = new Float64Array(6);
  const square = new Float64Array(6);
  for (let k = 0; k < draws; k++) {
    orthogonal(random, 3, 2).forEach((value, i) => {
      mean[i] += value / draws;
      square[i] += value ** 2 / draws;
    });
  }
  const meanError = Math.sqrt(1 / 3 / draws);
  const squareError = Math.sqrt((1 / 5 - 1 / 9) / draws); // E[x⁴] = 1/5 on the sphere in three dimensions
  for (let i = 0; i < 6; i++) {
    expect(Math.abs(mean[i])).toBeLessThan(5 * meanError);
    expect(Math.abs(square[i] - 1 / 3)).toBeLessThan(5 * squareError);
  }
});

test.each([
  ["lecunNormal", lecunNormal, 3],
  ["lecunUniform", lecunUniform, 9 / 5],
] as const)("%s has mean 0 and variance gain² / inputs", (_, initializer, kurtosis) => {
  const [inputs, outputs, gain] = [25, 800, 3];
  const kernel = initializer(new Random(3), inputs, outputs, gain);
  const variance = gain ** 2 / inputs;
  const mean = kernel.reduce((sum, value) => sum + value, 0) / kernel.length;
  const square = kernel.reduce((sum, value) => sum + value ** 2, 0) / kernel.length;
  expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / kernel.length));
  expect(Math.abs(square - variance)).toBeLessThan(5 * variance * Math.sqrt((kurtosis - 1) / kernel.length));
});

test("lecunUniform stays within gain √(3 / inputs)", () => {
  fc.assert(
    fc.property(sizes, ({ seed, inputs, outputs, gain }) => {
      const bound = Math.fround(gain * Math.sqrt(3 / inputs));
      expect(lecunUniform(new Random(seed), inputs, outputs, gain).every((value) => Math.abs(value) <= bound)).toBe(true);
    }),
  );
});

test("zeros are zeros, and draw nothing", () => {
  const random = new Random(1);
  expect([...zeros(random, 2, 3, 7)]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(random.random()).toBe(new Random(1).random());
});

test.each(names)("%s gives the same kernel for the same stream", (name) => {
  expect(initializers[name](new Random(9), 4, 6)).toEqual(initializers[name](new Random(9), 4, 6));
});

test("orthogonal agrees with NumPy's QR decomposition of the same normals", () => {
  for (const { seed, inputs, outputs, gain, kernel } of orthogonalReference.cases) {
    expectClose(orthogonal(new Random(seed), inputs, outputs, gain), kernel, 1e-7);
  }
});

test.each(names)("%s refuses sizes and gains that make no kernel", (name) => {
  const initializer = initializers[name];
  expect(() => initializer(new Random(1), 0, 2)).toThrow(`${name} inputs: expected an integer ≥ 1, got 0`);
  expect(() => initializer(new Random(1), 2, 1.5)).toThrow(`${name} outputs: expected an integer ≥ 1, got 1.5`);
  expect(() => initializer(new Random(1), 2, 2, Number.NaN)).toThrow(`${name} gain: expected a finite number, got NaN`);
  expect(() => initializer(new Random(1), 2, 2, Number.NaN)).toThrow(OptionError);
});
