import { compile, evaluate, input, Store } from "@uphill/autodiff";
import { OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectClose } from "../test/close.js";
import { dense } from "./dense.js";
import type { DenseOptions } from "./dense.js";

test("example: y = x W + b", () => {
  const layer = dense(new Random(1), { name: "layer", inputs: 2, outputs: 1 });
  const [kernel, bias] = layer.parameters;
  const store = new Store();
  const x = input("x", ["batch", 2]);
  const program = compile({ inputs: { x }, outputs: { y: layer.apply(x) }, store });
  store.write(kernel, [10, 1]);
  store.write(bias, [0.5]);
  expect(program.run({ x: [1, 2, 3, 4] }).y).toEqual(Float32Array.of(12.5, 34.5));
});

test("variables carry the layer's name, the kernel before the bias", () => {
  const { parameters } = dense(new Random(1), { name: "policy/output", inputs: 3, outputs: 2 });
  expect(parameters.map(({ name, shape }) => [name, shape])).toEqual([
    ["policy/output/kernel", [3, 2]],
    ["policy/output/bias", [2]],
  ]);
  expect([...parameters[1].initial]).toEqual([0, 0]);
});

test("without a bias there is only the kernel", () => {
  const layer = dense(new Random(1), { name: "layer", inputs: 2, outputs: 2, bias: false });
  expect(layer.parameters.map(({ name }) => name)).toEqual(["layer/kernel"]);
  expect(evaluate(layer.apply(input("x", ["batch", 2])), { x: [0, 0] })).toEqual(Float64Array.of(0, 0));
});

test("a layer is linear in its input, and 0 maps to the bias", () => {
  const layer = dense(new Random(4), { name: "layer", inputs: 3, outputs: 2, initializer: "lecunNormal" });
  const x = input("x", ["batch", 3]);
  const y = layer.apply(x);
  const vector = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      const sum = a.map((value, i) => value + b[i]);
      const [ya, yb, ySum] = [a, b, sum].map((value) => evaluate(y, { x: value }) as Float64Array);
      expectClose(ySum, [ya[0] + yb[0], ya[1] + yb[1]], 1e-12);
    }),
  );
});

test("the kernel depends on stream and name only, and the stream is not consumed", () => {
  const options = { name: "b", inputs: 4, outputs: 4 };
  const random = new Random(7);
  const alone = dense(random, options).parameters[0].initial;
  dense(random, { ...options, name: "a" });
  const after = dense(random, options).parameters[0].initial;
  expect(after).toEqual(alone);
  expect(dense(random, { ...options, name: "a" }).parameters[0].initial).not.toEqual(alone);
  expect(random.random()).toBe(new Random(7).random());
});

test("initialiser and gain are the caller's, by name or as a function", () => {
  const kernel = (options: Partial<DenseOptions>) =>
    dense(new Random(2), { name: "layer", inputs: 3, outputs: 3, ...options }).parameters[0].initial;
  const unit = kernel({ initializer: "orthogonal" });
  expect(kernel({})).toEqual(unit);
  expectClose(kernel({ gain: 2 }), Array.from(unit, (value) => 2 * value), 1e-7);
  expect([...kernel({ initializer: "zeros" })]).toEqual(Array(9).fill(0));
  const ones = (_: Random, inputs: number, outputs: number) => new Float32Array(inputs * outputs).fill(1);
  expect([...kernel({ initializer: ones })]).toEqual(Array(9).fill(1));
});

test("wrong options are named", () => {
  const make = (options: object) => () => dense(new Random(1), { name: "layer", inputs: 2, outputs: 2, ...options });
  expect(make({ name: "" })).toThrow('dense name: expected a non-empty string, got ""');
  expect(make({ inputs: 0 })).toThrow("layer inputs: expected an integer ≥ 1, got 0");
  expect(make({ outputs: 2.5 })).toThrow("layer outputs: expected an integer ≥ 1, got 2.5");
  expect(make({ gain: Infinity })).toThrow("gain: expected a finite number, got Infinity");
  expect(make({ bias: 1 })).toThrow("layer bias: expected true or false, got 1");
  expect(make({ initializer: "ortogonal" })).toThrow('layer initializer: expected one of "orthogonal"');
  expect(make({ initializer: () => new Float32Array(3) })).toThrow(ShapeError);
  expect(() => dense(new Random(1), undefined as unknown as DenseOptions)).toThrow(OptionError);
});

test("an input of another shape or dtype is refused when the layer is applied", () => {
  const layer = dense(new Random(1), { name: "layer", inputs: 2, outputs: 2 });
  expect(() => layer.apply(input("x", ["batch", 3]))).toThrow("layer input: expected shape [batch, 2], got [batch, 3]");
  expect(() => layer.apply(input("x", [2]))).toThrow(ShapeError);
  expect(() => layer.apply(input("x", ["batch", 2], "int32"))).toThrow("layer input: expected a float32 tensor, got int32");
  expect(() => layer.apply([1, 2] as never)).toThrow("layer input: expected a float32 tensor, got [1, 2]");
});
