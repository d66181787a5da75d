import { cos, exp, log, Random, sin, tanh } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { arrayFunction } from "../../../../test/vector-math.js";
import { enableRelaxedSimd } from "../../../node/enable-relaxed-simd.js";
import { sigmoid, softplus } from "../../../primitives/elementwise.js";
import { ModuleAssembler } from "../assembler.js";
import { mathEmitters, mathFunction } from "./math-function.js";
import type { MathName } from "./math-function.js";
import { VectorCode } from "./vector-code.js";

const names = Object.keys(mathEmitters) as MathName[];
const forms = enableRelaxedSimd() ? [{ relaxed: false }, { relaxed: true }] : [{ relaxed: false }];

/** 2x/√π · exp(−x²) · Σ (2x²)ᵏ/(1·3·5···(2k + 1)). */
function erf(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [1, 1];
  for (let k = 1; term > sum * 2 ** -54; k++) sum += term *= (2 * x * x) / (2 * k + 1);
  return x * ((2 / Math.sqrt(Math.PI)) * exp(-x * x) * sum);
}

const truths: Readonly<Record<MathName, (x: number) => number>> = { exp, log, tanh, sigmoid, softplus, sin, cos, erf };

/** As documented: units in the last place from the correctly rounded value, fused or not. */
const bounds: Readonly<Record<MathName, number>> = {
  exp: 1, log: 2, tanh: 2, sigmoid: 2, softplus: 2, sin: 2, cos: 2, erf: 3,
};

/** How many float32 lie between two finite ones. */
function distance(a: number, b: number): number {
  const [i, j] = new Int32Array(Float32Array.of(a, b).buffer);
  const place = (bits: number) => (bits < 0 ? -(2 ** 31) - bits : bits);
  return Math.abs(place(i) - place(j));
}

/** Whether a result must be right to the bit: a zero with its sign, an infinity, or NaN. */
function isSpecial(value: number): boolean {
  return value === 0 || !Number.isFinite(value);
}

/** Compares a function's results with the truth; says where it fails and returns the largest distance. */
function largestDistance(name: MathName, input: Float32Array, output: Float32Array, expected: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < input.length; i++) {
    if (output[i] === expected[i] && output[i] !== 0) continue;
    const special = isSpecial(output[i]) || isSpecial(expected[i]);
    if (special && !Object.is(output[i], expected[i])) {
      throw new Error(`${name}(${input[i]}): expected ${expected[i]}, got ${output[i]}`);
    }
    if (!special) largest = Math.max(largest, distance(output[i], expected[i]));
  }
  return largest;
}

/** Applies a function to as many values as are given. */
function apply(name: MathName, options: { relaxed: boolean }, values: ArrayLike<number>, called = false): Float32Array {
  const length = (values.length + 3) & ~3;
  const { input, output, run } = arrayFunction(name, options, length, called ? "called" : "in place");
  input.set(values);
  run();
  return output.slice(0, values.length);
}

function everydayValues(count: number): Float32Array {
  const random = new Random(7);
  return Float32Array.from({ length: count }, () => random.uniform(-20, 20));
}

/** Everyday values among ones of all magnitudes, infinities and NaN. */
function mixedValues(count: number): Float32Array {
  const random = new Random(8);
  const bits = Int32Array.from({ length: count }, () => random.integer(2 ** 32));
  const values = new Float32Array(bits.buffer);
  everydayValues(count).forEach((value, i) => {
    if (i % 3 !== 0) values[i] = value;
  });
  values.set([Infinity, NaN, -Infinity, 0, -0], 10);
  return values;
}

test("the hyperbolic tangent of four numbers", () => {
  const results = apply("tanh", { relaxed: false }, [0, 0.5, -1, 20]);
  [0, 0.46211716, -0.76159416, 1].forEach((value, i) => expect(results[i]).toBeCloseTo(value, 6));
});

describe("laws", () => {
  test.each(names)("%s is as near to the truth as documented, at all magnitudes", (name) => {
    const length = 1 << 15;
    const stride = 4093;
    const functions = forms.map((form) => arrayFunction(name, form, length));
    const expected = new Float32Array(length);
    const patterns = new Uint32Array(length);
    const values = new Float32Array(patterns.buffer);
    const worst = forms.map(() => 0);
    for (let start = 0; start < 2 ** 32; start += stride * length) {
      for (let i = 0; i < length; i++) patterns[i] = Math.min(start + stride * i, 2 ** 32 - 1);
      for (let i = 0; i < length; i++) expected[i] = truths[name](values[i]);
      functions.forEach(({ input, output, run }, form) => {
        input.set(values);
        run();
        worst[form] = Math.max(worst[form], largestDistance(name, values, output, expected));
      });
    }
    for (const largest of worst) expect(largest).toBeLessThanOrEqual(bounds[name]);
  });

  test.each(names)("%s is as near to the truth as documented, at everyday arguments", (name) => {
    const values = everydayValues(100_000).map((x) => (name === "log" ? Math.abs(x) : x));
    const expected = values.map(truths[name]);
    for (const form of forms) {
      expect(largestDistance(name, values, apply(name, form, values), expected)).toBeLessThanOrEqual(bounds[name]);
    }
  });

  test.each(names)("a lane of %s does not depend on the others", (name) => {
    const values = mixedValues(4001);
    for (const form of forms) {
      const backwards = apply(name, form, values.toReversed()).reverse();
      expect(apply(name, form, values)).toEqual(backwards);
    }
  });

  test.each(names)("%s gives the same bits called and in place", (name) => {
    const values = mixedValues(4000);
    for (const form of forms) expect(apply(name, form, values, true)).toEqual(apply(name, form, values));
  });

  test.each(["tanh", "sin", "erf"] as const)("%s is odd and stays within ±1", (name) => {
    const values = mixedValues(4000);
    for (const form of forms) {
      const results = apply(name, form, values);
      expect(apply(name, form, values.map((x) => -x))).toEqual(results.map((y) => -y));
      for (const y of results) expect(Math.abs(y) > 1).toBe(false);
    }
  });

  // These change only with a function's code: a change that users see.
  test.each<[MathName, digest: string]>([
    ["exp", "33ede444"],
    ["log", "dadaf155"],
    ["tanh", "df2d1806"],
    ["sigmoid", "21ad6ec1"],
    ["softplus", "dffbe66e"],
    ["sin", "d4d9cbd2"],
    ["cos", "e22c881c"],
    ["erf", "57965331"],
  ])("%s without relaxed SIMD has the same bits in every engine", (name, digest) => {
    const values = mixedValues(20_000).map((x) => (Number.isFinite(x) ? x : 1));
    const results = apply(name, { relaxed: false }, name === "log" ? values.map(Math.abs) : values);
    let hash = 0x811c9dc5;
    for (const byte of new Uint8Array(results.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
    expect((hash >>> 0).toString(16)).toBe(digest);
  });
});

/** The smallest float32 above 0, and the largest. */
const [TINY, HUGE] = [2 ** -149, (2 - 2 ** -23) * 2 ** 127];

describe.each(forms)("special values, $relaxed", (form) => {
  test.each<[MathName, readonly (readonly [x: number, y: number])[]]>([
    ["exp", [[0, 1], [-0, 1], [TINY, 1], [Infinity, Infinity], [-Infinity, 0], [HUGE, Infinity], [-HUGE, 0]]],
    ["exp", [[-104, 0], [-103.98, 0], [-103.97, TINY], [88.8, Infinity], [88.72284, Infinity]]],
    ["log", [[1, 0], [0, -Infinity], [-0, -Infinity], [Infinity, Infinity], [-Infinity, NaN], [-1, NaN], [-TINY, NaN]]],
    ["tanh", [[0, 0], [-0, -0], [TINY, TINY], [-TINY, -TINY], [Infinity, 1], [-Infinity, -1], [9.5, 1], [-HUGE, -1]]],
    ["sigmoid", [[0, 0.5], [-0, 0.5], [TINY, 0.5], [Infinity, 1], [-Infinity, 0], [-103.97, TINY], [-104, 0]]],
    ["softplus", [[Infinity, Infinity], [-Infinity, 0], [-103.97, TINY], [-104, 0], [HUGE, HUGE], [-HUGE, 0]]],
    ["sin", [[0, 0], [-0, -0], [TINY, TINY], [-TINY, -TINY], [Infinity, NaN], [-Infinity, NaN]]],
    ["cos", [[0, 1], [-0, 1], [TINY, 1], [Infinity, NaN], [-Infinity, NaN]]],
    ["erf", [[0, 0], [-0, -0], [TINY, TINY], [-TINY, -TINY], [Infinity, 1], [-Infinity, -1], [4, 1], [-HUGE, -1]]],
  ])("%s", (name, pairs) => {
    const results = apply(name, form, pairs.map(([x]) => x));
    expect([...results]).toEqual(pairs.map(([, y]) => y));
  });

  test.each(names)("%s of NaN", (name) => {
    expect(apply(name, form, [NaN, 1, -NaN, 2])).toEqual(expect.objectContaining({ 0: NaN, 2: NaN }));
  });

  // From mpmath with 120 digits. The second and third are very near multiples of π/2.
  test.each([
    [HUGE, -0.5218765233336585, 0.8530210398303042],
    [16367173 * 2 ** 72, 1, -1.6147697982476211e-9],
    [12438944 * 2 ** 104, 4.624949951738393e-8, -1],
    [2 ** 100, -0.8721836054182673, 0.48917865697472146],
    [-3.000000060122632e20, -0.8375477680104182, -0.5463641059776592],
    [1e10, -0.4875060250875107, 0.873119622676856],
    [2049, 0.6300284601512355, 0.7765720439208864],
  ])("sine and cosine of %d", (x, sine, cosine) => {
    expect(distance(apply("sin", form, [x])[0], sine)).toBeLessThanOrEqual(2);
    expect(distance(apply("cos", form, [x])[0], cosine)).toBeLessThanOrEqual(2);
  });
});

test("functions in one loop share constants, of which 0 and −0 are two", () => {
  new ModuleAssembler().addFunction("f", { parameters: [], results: [] }, (f) => {
    const code = new VectorCode(new ModuleAssembler(), f, { relaxed: false });
    expect(code.constants([1, 1.5, 1])).toEqual([code.constant(1), code.constant(1.5), code.constant(1)]);
    expect(new Set([0, -0].map((value) => code.constant(value).index)).size).toBe(2);
    expect(code.integer(1)).not.toEqual(code.constant(1));
  });
});

test("a function is added to a module once", () => {
  const module = new ModuleAssembler();
  const first = mathFunction(module, "sin", { relaxed: false });
  expect(mathFunction(module, "sin", { relaxed: false })).toBe(first);
  expect(mathFunction(module, "sin", { relaxed: true })).not.toBe(first);
  expect(mathFunction(module, "cos", { relaxed: false }).index).toBe(first.index + 2);
});
