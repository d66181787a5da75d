import { compile, evaluate, grad, input } from "@uphill/autodiff";
import type { Tensor, Variable } from "@uphill/autodiff";
import { OptionError, Random, ShapeError } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyNetwork, valueNetwork } from "./networks.js";
import type { PolicyNetworkOptions } from "./networks.js";

const observationSpace = box({ low: -1, high: 1, shape: [3] });
const layers = { hiddenWidths: [8, 4], activation: "tanh" } as const;
const choosing: PolicyNetworkOptions = { ...layers, observationSpace, actionSpace: discrete(5) };
const moving: PolicyNetworkOptions = {
  ...layers,
  observationSpace,
  actionSpace: box({ low: -2, high: 2, shape: [2] }),
};

const observation = input("observation", ["batch", 3]);
const batches = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });

function initialValues(parameters: readonly Variable[]): readonly number[][] {
  return parameters.map(({ initial }) => [...initial]);
}

/** Checks that a sum over two observations, and actions where it needs some, depends on every parameter. */
function expectGradients(sum: Tensor, parameters: readonly Variable[], action?: Tensor): void {
  const outputs = Object.fromEntries(grad(sum, parameters).map((gradient, k) => [parameters[k].name, gradient]));
  const program = compile({ inputs: { observation, ...(action && { action }) }, outputs });
  const actions = action?.dtype === "int32" ? [1, 0] : [1, 0, -1, 2];
  const results = program.run({ observation: [0.3, -0.2, 0.9, 0.1, 0.5, -0.7], ...(action && { action: actions }) });
  for (const [name, gradient] of Object.entries(results)) {
    expect(
      (gradient as Float32Array).some((x) => x !== 0),
      name,
    ).toBe(true);
  }
}

describe("policyNetwork", () => {
  it("starts from uniform weights of variance 1 / inputs where told to, the last layer no smaller", () => {
    const start = { hiddenWidths: [64, 64], initialWeights: "lecunUniform" } as const;
    const { parameters } = policyNetwork(new Random(1), { ...choosing, ...start });
    const kernels = parameters.filter(({ name }) => name.endsWith("kernel"));
    for (const { name, initial, shape } of kernels) {
      const bound = Math.sqrt(3 / shape[0]);
      expect(Math.max(...initial.map(Math.abs)), name).toBeGreaterThan(0.9 * bound);
      expect(Math.max(...initial.map(Math.abs)), name).toBeLessThanOrEqual(bound);
    }
    const value = valueNetwork(new Random(1), { ...layers, ...start, observationSpace });
    expect(Math.max(...value.parameters.at(-2)!.initial.map(Math.abs))).toBeGreaterThan(0.9 * Math.sqrt(3 / 64));
  });

  it("chooses among a discrete space's actions, nearly uniformly at first", () => {
    const { distribution, parameters } = policyNetwork(new Random(1), choosing);
    expect(parameters.map(({ name, shape }) => [name, ...shape])).toEqual([
      ["policy/hidden0/kernel", 3, 8],
      ["policy/hidden0/bias", 8],
      ["policy/hidden1/kernel", 8, 4],
      ["policy/hidden1/bias", 4],
      ["policy/output/kernel", 4, 5],
      ["policy/output/bias", 5],
    ]);
    const { logits } = distribution(observation).parameters;
    fc.assert(
      fc.property(batches, (numbers) => {
        const values = evaluate(logits, { observation: numbers }) as Float64Array;
        // |f(s)| ≤ 0.01 ‖h‖, and four tanh units have a norm of at most 2.
        expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.02);
      }),
    );
  });

  it("moves around a mean with a spread that does not depend on the observation", () => {
    const initialLogStandardDeviation = -0.5;
    const { distribution, parameters } = policyNetwork(new Random(1), { ...moving, initialLogStandardDeviation });
    const { kind, parameters: shown } = distribution(observation);
    expect(kind).toBe("diagonalNormal");
    expect(shown["logStandardDeviation"]).toBe(parameters.at(-1));
    expect(parameters.at(-1)?.name).toBe("policy/logStandardDeviation");
    expect(parameters.at(-1)?.initial).toEqual(Float32Array.of(-0.5, -0.5));
    expect(policyNetwork(new Random(1), moving).parameters.at(-1)?.initial).toEqual(Float32Array.of(0, 0));
  });

  it("chooses among the actions that a mask allows", () => {
    const { distribution } = policyNetwork(new Random(1), choosing);
    const mask = input("mask", ["batch", 5], "int32");
    const feeds = { observation: [0.3, -0.2, 0.9], mask: [0, 1, 0, 1, 0] };
    const { all, some } = evaluate(
      { all: distribution(observation).parameters["logits"], some: distribution(observation, mask).parameters["logits"] },
      feeds,
    );
    const [, second, , fourth] = all as Float64Array;
    expect([...(some as Float64Array)]).toEqual([-Infinity, second, -Infinity, fourth, -Infinity]);
  });

  it("with noise that depends on the state, spreads as the last hidden layer says", () => {
    const options = { ...moving, stateDependentNoise: true, initialLogStandardDeviation: Math.log(0.5) };
    const { distribution, parameters } = policyNetwork(new Random(1), options);
    expect(parameters.at(-1)).toMatchObject({ name: "policy/logStandardDeviation", shape: [5, 2] });
    const p = distribution(observation);
    expect(p.kind).toBe("stateDependentNormal");
    const { mean, features } = evaluate({ mean: p.mean(), features: p.parameters["features"] }, { observation: [0, 0, 0] });
    expect([...(mean as Float64Array)]).toEqual([0, 0]);
    // tanh of nothing is 0: what is left is the constant feature, so that the density exists.
    expect([...(features as Float64Array)]).toEqual([0, 0, 0, 0, 1e-3]);
    const density = evaluate(p.logProbability(input("action", ["batch", 2])), { observation: [0, 0, 0], action: [0, 0] });
    expect((density as Float64Array)[0]).toBeCloseTo(-2 * (Math.log(0.5e-3) + 0.5 * Math.log(2 * Math.PI)), 5);
    // The plain policy has the same mean.
    const plain = policyNetwork(new Random(1), moving).distribution(observation).mean();
    expect(evaluate(p.mean(), { observation: [0.1, -1, 0.4] })).toEqual(evaluate(plain, { observation: [0.1, -1, 0.4] }));
  });

  it("passes gradients to every parameter", () => {
    const choice = input("action", ["batch"], "int32");
    const vector = input("action", ["batch", 2]);
    for (const [options, action] of [
      [choosing, choice],
      [moving, vector],
      [{ ...moving, stateDependentNoise: true }, vector],
    ] as const) {
      const { distribution, parameters } = policyNetwork(new Random(1), options);
      expectGradients(distribution(observation).logProbability(action).sum(), parameters, action);
    }
  });

  it("starts as the stream says, and consumes nothing of it", () => {
    const weights = (seed: number) => initialValues(policyNetwork(new Random(seed), choosing).parameters);
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
    const random = new Random(1);
    policyNetwork(random, choosing);
    expect(random.state()).toEqual(new Random(1).state());
  });
});

describe("valueNetwork", () => {
  it("gives one number for each observation", () => {
    const { value, parameters } = valueNetwork(new Random(1), { ...layers, observationSpace });
    expect(value(observation).shape).toEqual(["batch"]);
    expect(parameters.map(({ name }) => name).filter((name) => !name.startsWith("value/"))).toEqual([]);
    const values = evaluate(value(observation), { observation: [0, 0, 0, 1, 1, 1] }) as Float64Array;
    expect(values).toHaveLength(2);
    expect(values[0]).toBe(0);
    expect(values[1]).not.toBe(0);
    expectGradients(value(observation).sum(), parameters);
  });

  it("shares no initial weights with the policy of the same stream", () => {
    const [policy] = policyNetwork(new Random(1), choosing).parameters;
    const [value] = valueNetwork(new Random(1), { ...layers, observationSpace }).parameters;
    expect(value.shape).toEqual(policy.shape);
    expect(value.initial).not.toEqual(policy.initial);
  });

  it("is linear where there are no hidden layers", () => {
    const { value } = valueNetwork(new Random(1), { hiddenWidths: [], activation: "tanh", observationSpace });
    const [unit, thrice] = evaluate(value(observation), { observation: [1, 2, 3, 3, 6, 9] }) as Float64Array;
    expect(thrice).toBeCloseTo(3 * unit, 10);
  });
});

describe("kernels", () => {
  it.each([
    ["hidden", "policy/hidden1/kernel", Math.SQRT2],
    ["a policy's output", "policy/output/kernel", 0.01],
    ["a value's output", "value/output/kernel", 1],
  ])("of %s start orthogonal, with their gain", (_, name, gain) => {
    const { parameters } = name.startsWith("policy")
      ? policyNetwork(new Random(1), { ...choosing, actionSpace: discrete(2) })
      : valueNetwork(new Random(1), { ...layers, observationSpace });
    const kernel = parameters.find((parameter) => parameter.name === name) as Variable;
    const gram = evaluate(kernel.transpose().matmul(kernel)) as Float64Array;
    const columns = kernel.shape[1];
    gram.forEach((product, at) => {
      const diagonal = at % columns === Math.floor(at / columns);
      expect(product).toBeCloseTo(diagonal ? gain * gain : 0, 6);
    });
  });
});

describe("networks refuse", () => {
  it.each<[string, object, string]>([
    ["a width of 0", { hiddenWidths: [0] }, "policy/hidden0 outputs: expected an integer ≥ 1, got 0"],
    ["an unknown activation", { activation: "tahn" }, "policy activation: expected one of"],
    [
      "a spread that is none",
      { initialLogStandardDeviation: NaN },
      "initialLogStandardDeviation: expected a finite number, got NaN",
    ],
  ])("%s", (_, changes, message) => {
    expect(() => policyNetwork(new Random(1), { ...moving, ...changes })).toThrow(OptionError);
    expect(() => policyNetwork(new Random(1), { ...moving, ...changes })).toThrow(message);
  });

  it("noise that depends on the state where actions are a choice", () => {
    const message = "stateDependentNoise: expected a box of actions, got a discrete space";
    expect(() => policyNetwork(new Random(1), { ...choosing, stateDependentNoise: true })).toThrow(new OptionError(message));
  });

  it("a stream that is none, and observations of another length", () => {
    const message = "random: expected a Random, got 1";
    expect(() => policyNetwork(1 as unknown as Random, choosing)).toThrow(new OptionError(message));
    expect(() => valueNetwork(1 as unknown as Random, choosing)).toThrow(new OptionError(message));
    expect(() => valueNetwork(new Random(1), choosing).value(input("x", ["batch", 4]))).toThrow(ShapeError);
  });
});
