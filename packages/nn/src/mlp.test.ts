import { compile, grad, input, Store } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import { expect, test } from "vitest";
import { expectClose } from "../test/close.js";
import reference from "../test/reference/mlp.json" with { type: "json" };
import type { ActivationName } from "./activations.js";
import type { Layer } from "./layer.js";
import { mlp } from "./mlp.js";
import type { MlpOptions } from "./mlp.js";

const base: MlpOptions = { name: "policy", inputs: 4, hidden: [8, 8], outputs: 2 };

/** The initial values of a network's variables by name. */
function initialValues({ parameters }: Layer): Record<string, ArrayLike<number>> {
  return Object.fromEntries(parameters.map(({ name, initial }) => [name, initial]));
}

function meanSquare(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value ** 2, 0) / values.length;
}

test("example: two hidden layers and an output", () => {
  const network = mlp(new Random(1), base);
  expect(network.parameters.map(({ name, shape }) => `${name} [${shape.join(", ")}]`)).toEqual([
    "policy/hidden0/kernel [4, 8]",
    "policy/hidden0/bias [8]",
    "policy/hidden1/kernel [8, 8]",
    "policy/hidden1/bias [8]",
    "policy/output/kernel [8, 2]",
    "policy/output/bias [2]",
  ]);
  expect(network.apply(input("x", ["batch", 4])).shape).toEqual(["batch", 2]);
});

test("without hidden layers a network is linear", () => {
  const { parameters } = mlp(new Random(1), { ...base, hidden: [] });
  expect(parameters.map(({ name }) => name)).toEqual(["policy/output/kernel", "policy/output/bias"]);
});

test("its halves make the whole", () => {
  const x = input("x", ["batch", 4]);
  for (const hidden of [[8, 8], []]) {
    const network = mlp(new Random(1), { ...base, hidden });
    expect([...network.hidden.parameters, ...network.output.parameters]).toEqual(network.parameters);
    const features = network.hidden.apply(x);
    expect(features.shape).toEqual(["batch", hidden.at(-1) ?? 4]);
    const outputs = { whole: network.apply(x), halves: network.output.apply(features) };
    const { whole, halves } = compile({ inputs: { x }, outputs }).run({ x: [1, -2, 3, -4] });
    expect(halves).toEqual(whole);
  }
});

test("changing one layer leaves the initial values of the others", () => {
  const random = new Random(1);
  const before = initialValues(mlp(random, base));
  const widerOutput = initialValues(mlp(random, { ...base, outputs: 5 }));
  const deeper = initialValues(mlp(random, { ...base, hidden: [8, 8, 8] }));
  for (const name of ["policy/hidden0/kernel", "policy/hidden1/kernel"]) {
    expect(widerOutput[name]).toEqual(before[name]);
    expect(deeper[name]).toEqual(before[name]);
  }
  expect(deeper["policy/output/kernel"]).toEqual(before["policy/output/kernel"]);
});

test("two networks of one stream differ, as do the layers of one network", () => {
  const random = new Random(1);
  const policy = initialValues(mlp(random, base));
  const value = initialValues(mlp(random, { ...base, name: "value" }));
  expect(value["value/hidden1/kernel"]).not.toEqual(policy["policy/hidden1/kernel"]);
  const square = initialValues(mlp(random, { ...base, hidden: [4, 4], outputs: 4 }));
  expect(square["policy/hidden1/kernel"]).not.toEqual(square["policy/hidden0/kernel"]);
});

test("gains scale hidden and output kernels: √2 and 1 by default", () => {
  // An orthonormal kernel of 8×8 has mean square 1/8.
  const square = { ...base, inputs: 8, outputs: 8 };
  const byDefault = initialValues(mlp(new Random(1), square));
  expect(meanSquare(byDefault["policy/hidden1/kernel"])).toBeCloseTo(2 / 8, 6);
  expect(meanSquare(byDefault["policy/output/kernel"])).toBeCloseTo(1 / 8, 6);
  const chosen = initialValues(mlp(new Random(1), { ...square, gain: 3, outputGain: 0.01 }));
  expect(meanSquare(chosen["policy/hidden0/kernel"])).toBeCloseTo(9 / 8, 5);
  expect(meanSquare(chosen["policy/output/kernel"])).toBeCloseTo(1e-4 / 8, 9);
  const zero = initialValues(mlp(new Random(1), { ...square, initializer: "zeros" }));
  expect(meanSquare(zero["policy/hidden0/kernel"])).toBe(0);
});

test.each(reference.cases.map((one) => [`${one.activation} ${one.dims.join("-")}`, one] as const))(
  "%s with loaded weights has PyTorch's loss and gradient",
  (_, { activation, dims, parameters, x: observations, y: targets, mse, mse_gradient }) => {
    const network = mlp(new Random(1), {
      name: "network",
      inputs: dims[0],
      hidden: dims.slice(1, -1),
      outputs: dims.at(-1)!,
      activation: activation.replace("_tanh", "") as ActivationName,
    });
    const x = input("x", ["batch", dims[0]]);
    const y = input("y", ["batch", dims.at(-1)!]);
    const loss = network.apply(x).sub(y).square().mean();
    const gradients = Object.fromEntries(grad(loss, network.parameters).map((gradient, k) => [`gradient${k}`, gradient]));
    const store = new Store();
    const program = compile({ inputs: { x, y }, outputs: { loss, ...gradients }, store });
    network.parameters.forEach((parameter, k) => store.write(parameter, parameters[k].flat()));
    const results: Record<string, number | ArrayLike<number>> = program.run({ x: observations.flat(), y: targets.flat() });
    expectClose([results["loss"] as number], [mse], 1e-5);
    mse_gradient.forEach((gradient, k) => expectClose(results[`gradient${k}`] as Float32Array, gradient.flat(), 1e-5));
  },
);

test("wrong options are named", () => {
  const make = (options: object) => () => mlp(new Random(1), { ...base, ...options });
  expect(make({ name: 3 })).toThrow("mlp name: expected a non-empty string, got 3");
  expect(make({ hidden: 64 })).toThrow("policy hidden: expected a list of widths, got 64");
  expect(make({ hidden: [8, 0] })).toThrow("policy/hidden1 outputs: expected an integer ≥ 1, got 0");
  expect(make({ inputs: -1 })).toThrow("policy/hidden0 inputs: expected an integer ≥ 1, got -1");
  expect(make({ outputs: undefined })).toThrow("policy/output outputs: expected an integer ≥ 1, got undefined");
  expect(make({ activation: "swish" })).toThrow('policy activation: expected one of "identity", "tanh"');
  expect(make({ gain: Number.NaN })).toThrow(OptionError);
  expect(() => mlp(new Random(1), base).apply(input("x", ["batch", 5]))).toThrow(
    "policy/hidden0 input: expected shape [batch, 4], got [batch, 5]",
  );
});
