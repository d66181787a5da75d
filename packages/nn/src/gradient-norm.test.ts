import { compile, evaluate, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectClose } from "../test/close.js";
import reference from "../test/reference/clipping.json" with { type: "json" };
import { clipByGlobalNorm, globalNorm } from "./gradient-norm.js";

const vector = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 5 });

/** Clips two gradients, in float32 as training does. */
function clip(a: readonly number[], b: readonly number[], maxNorm: number) {
  const inputs = { a: input("a", ["n"]), b: input("b", ["m"]) };
  const { gradients, norm } = clipByGlobalNorm([inputs.a, inputs.b], maxNorm);
  return compile({ inputs, outputs: { a: gradients[0], b: gradients[1], norm } }).run({ a, b }) as {
    a: Float32Array;
    b: Float32Array;
    norm: number;
  };
}

test("example: 3 and 4 have norm 5; clipped to 1 they are 0.6 and 0.8", () => {
  const gradients: Tensor[] = [input("a", []), input("b", [1])];
  expect(evaluate(globalNorm(gradients), { a: 3, b: [4] })).toBe(5);
  const { a, b, norm } = clip([3], [4], 1);
  expectClose([...a, ...b], [0.6, 0.8], 1e-6);
  expect(norm).toBe(5);
});

test("the clipped norm is at most maxNorm, and the direction stays", () => {
  fc.assert(
    fc.property(vector, vector, fc.double({ min: 1e-3, max: 10, noNaN: true }), (a, b, maxNorm) => {
      const { a: clippedA, b: clippedB, norm } = clip(a, b, maxNorm);
      const clipped = [...clippedA, ...clippedB];
      expect(Math.hypot(...clipped)).toBeLessThanOrEqual(maxNorm * (1 + 1e-6));
      const factor = Math.min(1, maxNorm / (norm + 1e-6));
      expectClose(clipped, [...a, ...b].map((value) => value * factor), 1e-6);
    }),
  );
});

test("gradients below maxNorm keep their bits", () => {
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      const { a: clippedA, b: clippedB } = clip(a, b, 1e6);
      expect([...clippedA, ...clippedB]).toEqual([...Float32Array.from([...a, ...b])]);
      expect(clip(a, b, Infinity).a).toEqual(clippedA);
    }),
  );
});

test("a norm that is not finite makes the gradients so", () => {
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    const { a, norm } = clip([1, bad], [2], 0.5);
    expect(Number.isFinite(norm)).toBe(false);
    expect(Number.isFinite(a[1])).toBe(false);
  }
  // 1e25 is a float32 and its square is not: it must not come out as a gradient of 0.
  const { a, norm } = clip([1e25], [2], 0.5);
  expect([norm, a[0]]).toEqual([Infinity, Infinity]);
});

test.each(reference.cases)("agrees with PyTorch's clip_grad_norm_ at maxNorm $maxNorm", (one) => {
  const gradients = reference.shapes.map((shape, k) => input(`g${k}`, shape));
  const feeds = Object.fromEntries(one.gradients.map((values, k) => [`g${k}`, values]));
  const { gradients: clipped, norm } = clipByGlobalNorm(gradients, one.maxNorm);
  expect(Math.abs((evaluate(norm, feeds) as number) / one.norm - 1)).toBeLessThan(1e-12);
  const scale = Math.max(...one.clipped.flat().map(Math.abs));
  clipped.forEach((tensor, k) => {
    const values = [evaluate(tensor, feeds)].flatMap((result) => (typeof result === "number" ? result : [...result]));
    expectClose(values.map((value) => value / scale), one.clipped[k].map((value) => value / scale), 1e-10);
  });
});

test("wrong arguments are named", () => {
  expect(() => globalNorm([])).toThrow("globalNorm tensors: expected a list of at least one tensor, got []");
  expect(() => globalNorm([input("a", [2], "int32")])).toThrow("globalNorm tensors[0]: expected a float32 tensor, got int32");
  expect(() => globalNorm([3 as never])).toThrow(OptionError);
  for (const maxNorm of [0, -1, Number.NaN, "1" as never]) {
    expect(() => clipByGlobalNorm([input("a", [])], maxNorm)).toThrow("clipByGlobalNorm maxNorm: expected a finite number > 0");
  }
});
