import { evaluate, input } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import { activations } from "./activations.js";
import type { ActivationName } from "./activations.js";

const names = Object.keys(activations) as ActivationName[];

const formulas: Record<ActivationName, (x: number) => number> = {
  identity: (x) => x,
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

function apply(name: ActivationName, values: readonly number[]): number[] {
  return [...(evaluate(activations[name](input("x", ["n"])), { x: values }) as Float64Array)];
}

test("example: relu keeps what is positive", () => {
  expect(apply("relu", [-1, 0, 2])).toEqual([0, 0, 2]);
});

test.each(names)("%s is its formula", (name) => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1 }), (values) => {
      apply(name, values).forEach((value, i) => expect(value).toBeCloseTo(formulas[name](values[i]), 12));
    }),
  );
});

test.each(names)("%s keeps shape and dtype", (name) => {
  const y = activations[name](input("x", ["batch", 3]));
  expect([y.shape, y.dtype]).toEqual([["batch", 3], "float32"]);
});
