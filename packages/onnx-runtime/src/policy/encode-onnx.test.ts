import { evaluate, input, Store, variable } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import { box, cartPole, discrete, pendulum } from "@uphill/envs";
import { Policy, policyNetwork } from "@uphill/training";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/expect-close.js";
import { makePolicy } from "../../test/make-policy.js";
import { runModel } from "../../test/run-expressions.js";
import { decodeModel } from "../protobuf/model-bytes.js";
import type { ValueInfoProto } from "../protobuf/messages.js";
import { encodeOnnx } from "./encode-onnx.js";
import type { ExportablePolicy } from "./exportable-policy.js";

const describeValue = ({ name, type }: ValueInfoProto) => {
  const tensor = type?.value.value;
  return `${name}: ${tensor?.elemType} [${tensor?.shape?.dim.map(({ value }) => value.value).join(", ")}]`;
};

/** A policy of a user's own: a linear rule, without any package but autodiff. */
function thresholdPolicy(changes: Partial<ExportablePolicy> = {}): ExportablePolicy & { weights: ReturnType<typeof variable> } {
  const weights = variable("weights", [2, 1], [1, -2]);
  const store = new Store();
  store.adopt(weights);
  return {
    observationSpace: box({ low: -1, high: 1, shape: [2] }),
    actionSpace: discrete(2),
    store,
    environmentId: "Two-v0",
    algorithm: "by hand",
    distribution: (observation) => ({ kind: "threshold", parameters: { score: observation.matmul(weights) } }),
    action: ({ parameters }) => parameters.score.greater(0).reshape(["batch"]),
    ...changes,
    weights,
  };
}

describe("example", () => {
  test("a policy for CartPole gives logits and an action", () => {
    const model = decodeModel("file", encodeOnnx(makePolicy({ env: cartPole, hidden: [8] })));
    expect(model.graph.name).toBe("CartPole-v1");
    expect(model.graph.input.map(describeValue)).toEqual(["observation: 1 [batch, 4]"]);
    expect(model.graph.output.map(describeValue)).toEqual(["logits: 1 [batch, 2]", "action: 6 [batch]"]);
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([["", 18n]]);
    expect(model.irVersion).toBe(8n);
    expect(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]))).toMatchObject({
      "uphill.format": "1",
      "uphill.environment": "CartPole-v1",
      "uphill.algorithm": "none",
      "uphill.distribution": "categorical",
      "uphill.actionSpace": '{"kind":"discrete","n":2}',
    });
  });

  test("a policy for Pendulum gives mean, log standard deviation and an action, each with a row an observation", () => {
    const { graph } = decodeModel("file", encodeOnnx(makePolicy({ env: pendulum, hidden: [8], normalized: true })));
    expect(graph.output.map(describeValue)).toEqual([
      "mean: 1 [batch, 1]",
      "logStandardDeviation: 1 [batch, 1]",
      "action: 1 [batch, 1]",
    ]);
    expect(graph.initializer.map(({ name }) => name)).toEqual(expect.arrayContaining(["observation/mean", "layer0/weights", "layer1/bias"]));
  });

  test("a Policy of the training package is one to export", () => {
    const { observationSpace, actionSpace } = pendulum.make();
    const spaces = { observationSpace, actionSpace };
    const store = new Store();
    const network = policyNetwork(new Random(1), { ...spaces, hiddenWidths: [8], activation: "tanh", initialLogStandardDeviation: 0 });
    const distribution = (observation: Tensor) => network.distribution(observation);
    const policy = new Policy({ ...spaces, store, distribution, environmentId: "Pendulum-v1", algorithm: "ppo" });
    const model = decodeModel("file", encodeOnnx(policy));
    expect(model.graph.output.map(({ name }) => name)).toEqual(["mean", "logStandardDeviation", "action"]);
    expect(model.graph.initializer.map(({ name }) => name)).toEqual(expect.arrayContaining(network.parameters.map(({ name }) => name)));
  });

  test("a policy of one's own needs no more than expressions and spaces", async () => {
    const observation = { data: Float32Array.of(0.5, 0.1, 0.1, 0.5), shape: [2, 2] };
    const { score, action } = await runModel(encodeOnnx(thresholdPolicy()), { observation });
    expect([...score.data]).toEqual([expect.closeTo(0.3, 6), expect.closeTo(-0.9, 6)]);
    expect([...action.data]).toEqual([1, 0]);
  });
});

describe("laws", () => {
  test("ONNX Runtime gives what the policy's expressions give, for any number of observations", async () => {
    const settings = fc.record({
      env: fc.constantFrom(cartPole, pendulum),
      hidden: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 3 }),
      activation: fc.constantFrom("tanh" as const, "relu" as const, "gelu" as const, "softplus" as const),
      normalized: fc.boolean(),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(settings, fc.integer({ min: 1, max: 9 }), async (options, rows) => {
        const policy = makePolicy(options);
        const { size } = policy.observationSpace;
        const data = Float32Array.from({ length: rows * size }, (_, i) => ((i * 7) % 13) / 5 - 1.2);
        const results = await runModel(encodeOnnx(policy), { observation: { data, shape: [rows, size] } });
        const observation = input("observation", ["batch", size]);
        const distribution = policy.distribution(observation);
        const outputs: Record<string, Tensor> = { ...distribution.parameters, action: policy.action(distribution) };
        const batched = Object.entries(outputs).filter(([, { shape }]) => shape[0] === "batch");
        const expected = evaluate(Object.fromEntries(batched), { observation: data }, policy.store);
        for (const [name, values] of Object.entries(expected)) expectClose(results[name].data, values as Float64Array);
      }),
      { numRuns: 40 },
    );
  });

  test("the same policy gives the same bytes, and another weight gives others", () => {
    const policy = thresholdPolicy();
    const bytes = encodeOnnx(policy);
    expect(encodeOnnx(policy)).toEqual(bytes);
    policy.store.write(policy.weights, [1, -2.001]);
    expect(encodeOnnx(policy)).not.toEqual(bytes);
  });

  test("actions of a box stay within its bounds", async () => {
    const policy = makePolicy({ env: pendulum, hidden: [8], outputGain: 100 });
    const data = Float32Array.from({ length: 3 * 50 }, (_, i) => ((i * 7) % 13) / 5 - 1.2);
    const { action, mean } = await runModel(encodeOnnx(policy), { observation: { data, shape: [50, 3] } });
    expect(Math.max(...mean.data.map(Math.abs))).toBeGreaterThan(2);
    expect(Math.max(...action.data.map(Math.abs))).toBe(2);
  });
});

describe("errors", () => {
  test("a weight that is not a number", () => {
    const policy = thresholdPolicy();
    policy.store.write(policy.weights, [1, NaN]);
    expect(() => encodeOnnx(policy)).toThrow(NumericalError);
    expect(() => encodeOnnx(policy)).toThrow('variable "weights": expected finite weights, got NaN');
  });

  test("an action of another type or shape than the space's", () => {
    const asNumber = thresholdPolicy({ action: ({ parameters }) => parameters.score.reshape(["batch"]) });
    expect(() => encodeOnnx(asNumber)).toThrow(ShapeError);
    expect(() => encodeOnnx(asNumber)).toThrow("action: expected int32 [batch], got float32 [batch]");
    const forBox = thresholdPolicy({ actionSpace: box({ low: -1, high: 1 }) });
    expect(() => encodeOnnx(forBox)).toThrow("action: expected float32 [batch, 1], got int32 [batch]");
  });

  test("a parameter that is called like the input", () => {
    const distribution = (observation: Tensor) => ({ kind: "own", parameters: { score: observation.sum(1, true), observation } });
    expect(() => encodeOnnx(thresholdPolicy({ distribution }))).toThrow(OptionError);
    expect(() => encodeOnnx(thresholdPolicy({ distribution }))).toThrow('got "observation"');
  });
});
