import { compile, evaluate, float32, grad, input, interpreter } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError, softplus } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derivativeCheck, expectClose, numbersBetween, run } from "../test/harness.js";
import { affineCoupling } from "./affine-coupling.js";
import type { Bijector } from "./bijector.js";
import { chain } from "./chain.js";
import { planar } from "./planar.js";
import { tanhSquash } from "./tanh-squash.js";

const size = 3;
const parameters = {
  weight: input("weight", ["batch", size]),
  direction: input("direction", ["batch", size]),
  bias: input("bias", ["batch"]),
};
/** Small networks of one tanh layer, with the input "direction" as their weights. */
const conditioner = (changed: number) => (kept: Tensor) => {
  const bent = kept.sum(-1, true).add(parameters.bias.reshape(["batch", 1])).tanh();
  const weights = parameters.direction.slice(1, 0, changed);
  return { logScale: weights.mul(bent).mul(0.5), shift: weights.add(bent) };
};
const coupling = (kept: "first" | "last") => affineCoupling({ size, kept, conditioner: conditioner(2) });
const squash = tanhSquash({ size, low: [-1, 0, -5], high: [1, 0.5, 5] });

/** `saturates`: whether what it squashes may be so far out that float64 loses the way back. */
interface Case {
  readonly name: string;
  readonly bijector: Bijector;
  readonly saturates?: true;
}

const chained = chain([planar(parameters), coupling("first"), coupling("last"), planar(parameters), squash]);
const cases: readonly Case[] = [
  { name: "planar", bijector: planar(parameters) },
  { name: "affineCoupling that keeps the first", bijector: coupling("first") },
  { name: "affineCoupling that keeps the last", bijector: coupling("last") },
  { name: "tanhSquash", bijector: squash },
  { name: "chain of all", bijector: chained, saturates: true },
];
const x = input("x", ["batch", size]);
const inputs = [...Object.values(parameters), x];
const feeds = fc.record({
  weight: numbersBetween(0.3, 1, size),
  direction: numbersBetween(-1, 1, size),
  bias: numbersBetween(-1, 1, 1),
  x: numbersBetween(-1, 1, size),
});

/** log |det| of a matrix of three rows. */
function logDeterminant([a, b, c, d, e, f, g, h, i]: readonly number[]): number {
  return Math.log(Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)));
}

describe.each(cases)("$name", ({ bijector, saturates }) => {
  const forward = bijector.forward(x);
  const back = bijector.inverse(forward.value);
  const there = bijector.inverse(x);

  test("inverse after forward is the identity, and their log-determinants cancel", () => {
    const sum = forward.logDeterminant.add(back.logDeterminant);
    const outputs = { x: back.value, sum, y: forward.value, again: bijector.forward(back.value).value };
    fc.assert(
      fc.property(feeds, (values) => {
        const result = run(inputs, outputs, values);
        // The way back from the box stops where float32 does, 6e-8 before the edge.
        expectClose(result.again, result.y, saturates ? 1e-7 : 1e-9);
        if (saturates) return;
        expectClose(result.x, values.x, 1e-9);
        expectClose(result.sum, [0], 1e-9);
      }),
    );
  });

  test("inverse is right in float32 too", () => {
    // What was found makes y again: x itself may hardly matter, where a layer is flat or squashes.
    const outputs = { y: forward.value, again: bijector.forward(back.value).value };
    fc.assert(
      fc.property(feeds, (values) => {
        const { y, again } = run(inputs, outputs, values, float32);
        expectClose(again, y, 1e-5);
      }),
    );
  });

  test("the log-determinant is that of a numerical Jacobian", () => {
    const outputs = { y: forward.value, logDeterminant: forward.logDeterminant };
    fc.assert(
      fc.property(feeds, (values) => {
        const step = 1e-5;
        const at = (k: number, change: number) => run(inputs, outputs, { ...values, x: values.x.with(k, values.x[k] + change) }).y;
        // Rows are inputs here, columns outputs: the determinant is the same.
        const jacobian = [0, 1, 2].flatMap((k) => {
          const [above, below] = [at(k, step), at(k, -step)];
          return above.map((y, i) => (y - below[i]) / (2 * step));
        });
        expectClose(run(inputs, outputs, values).logDeterminant, [logDeterminant(jacobian)], saturates ? 1e-5 : 1e-6);
      }),
    );
  });

  test("derivatives of both directions are central differences, in parameters and values", () => {
    const both = [forward, there].map(({ value, logDeterminant: det }) => value.square().sum([1]).add(det));
    const checks = both.map((numbers) => derivativeCheck(numbers, inputs, inputs, 1e-6));
    fc.assert(
      fc.property(feeds, (values) => {
        checks[0]({ ...values, x: values.x.map((each) => each / 2) });
        checks[1]({ ...values, x: values.x.map((each) => 0.2 + each / 10) });
      }),
      { numRuns: 20 },
    );
  });

  test("withParameters makes the same map", () => {
    const same = bijector.withParameters(bijector.parameters).forward(x);
    const outputs = { a: forward.value, b: same.value };
    const { a, b } = run(inputs, outputs, { weight: [1, 2, 3], direction: [0, 1, -1], bias: [0.5], x: [0.1, 0.2, 0.3] });
    expect(a).toEqual(b);
  });
});

test("example: a planar flow along the axis that it looks at", () => {
  const one = planar({ weight: input("w", [1]), direction: input("u", [1]), bias: input("b", []) });
  const { value } = one.forward(input("z", [1, 1]));
  // û = (−1 + softplus(w u))/w where there is one dimension.
  expectClose(evaluate(value, { w: [2], u: [3], b: 0.5, z: [0.25] }) as Float64Array, [0.25 + ((softplus(6) - 1) / 2) * Math.tanh(1)], 1e-14);
});

test("planar's inverse is exact for any slope above −1 and any value, in a fixed number of steps", () => {
  const w = input("w", ["batch", 1]);
  const one = planar({ weight: w, direction: input("u", ["batch", 1]), bias: input("b", ["batch"]) });
  const y = input("y", ["batch", 1]);
  const back = one.inverse(y).value;
  const again = one.forward(back).value;
  const program = [interpreter, float32].map((backend) =>
    compile({ inputs: { w, u: one.parameters["direction"], b: one.parameters["bias"], y }, outputs: { again, back }, backend }),
  );
  fc.assert(
    fc.property(fc.double({ min: -12, max: 12, noNaN: true }), fc.double({ min: -7, max: 7, noNaN: true }), (u, exponent) => {
      // Slopes softplus(u) − 1 from −1 + 6e-6 to 11; values from 1e-3 to 1e3.
      const value = (exponent < 0 ? -1 : 1) * Math.exp(Math.abs(exponent) * 2 - 7);
      const [double, single] = program.map((each) => each.run({ w: [1], u: [u], b: [0], y: [value] }));
      const error = ({ again: made }: typeof double) => Math.abs((made as ArrayLike<number>)[0] - value);
      // y is a difference of two numbers of the size of x, at a slope near −1.
      const scale = Math.abs(value) + Math.abs((double.back as ArrayLike<number>)[0]);
      expect(error(double)).toBeLessThan(1e-14 * scale);
      expect(error(single)).toBeLessThan(2e-6 * scale);
    }),
    { numRuns: 300 },
  );
});

test("planar's inverse has its derivative also where nothing is bent", () => {
  const one = planar({ weight: input("w", [1]), direction: input("u", [1]), bias: input("b", []) });
  const y = input("y", [1, 1]);
  const [slope] = grad(one.inverse(y).value.sum(), [y]);
  // dx/dy = 1/(1 + w û) at y = 0, where w û = softplus(w u) − 1.
  expectClose(evaluate(slope, { w: [1], u: [2], b: 0, y: [0] }) as Float64Array, [1 / softplus(2)], 1e-14);
});

test("a planar flow without weights is a shift", () => {
  const values = { weight: [0, 0, 0], direction: [1, 2, 3], bias: [0.5], x: [1, 1, 1] };
  const moved = planar(parameters).forward(x);
  const outputs = { y: moved.value, det: moved.logDeterminant, slope: grad(moved.value.sum(), [parameters.weight])[0] };
  const result = run(inputs, outputs, values);
  expectClose(result.y, [1, 2, 3].map((u) => 1 + u * Math.tanh(0.5)), 1e-14);
  expect(result.det).toEqual([0]);
  expect(result.slope.every(Number.isFinite)).toBe(true);
});

test("a chain takes its layers in order", () => {
  const first = affineCoupling({ size: 2, kept: "first", conditioner: (kept) => ({ logScale: kept.mul(0), shift: kept }) });
  const second = affineCoupling({ size: 2, kept: "last", conditioner: (kept) => ({ logScale: kept.mul(0), shift: kept }) });
  const { value } = chain([first, second]).forward(input("z", [1, 2]));
  // (1, 10) → (1, 11) → (12, 11).
  expect(evaluate(value, { z: [1, 10] })).toEqual(Float64Array.of(12, 11));
});

test("what does not fit is refused", () => {
  expect(() => planar({ ...parameters, bias: input("b", []) })).toThrow("planar bias: expected shape [batch], got []");
  expect(() => planar(parameters).forward(input("z", [4, 2]))).toThrow("planar x: expected shape [batch, 3], got [4, 2]");
  expect(() => affineCoupling({ size: 1, kept: "first", conditioner: conditioner(1) })).toThrow(OptionError);
  expect(() => affineCoupling({ size: 2, kept: "both" as never, conditioner: conditioner(1) })).toThrow(OptionError);
  expect(() => affineCoupling({ size: 2, kept: "first" } as never)).toThrow("affineCoupling conditioner: expected a function");
  expect(() => coupling("first").forward(input("z", ["batch", 4]))).toThrow("affineCoupling x: expected a last axis of length 3, got shape [batch, 4]");
  const wrong = affineCoupling({ size: 3, kept: "first", conditioner: (kept) => ({ logScale: kept, shift: kept }) });
  expect(() => wrong.forward(x)).toThrow("affineCoupling conditioner logScale: expected shape [batch, 2], got [batch, 1]");
  expect(() => chain([])).toThrow("chain bijectors: expected an array of at least one bijector, got []");
  expect(() => chain([x as never])).toThrow("chain bijectors[0]: expected a bijector, got a Tensor");
  expect(() => tanhSquash({ size: 2, low: 1 })).toThrow(OptionError);
  expect(() => tanhSquash({ size: 2, low: [0] })).toThrow(ShapeError);
});
