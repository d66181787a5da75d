import { FormatError, OptionError, Random, ShapeError } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import * as onnxRuntimeWeb from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { makePolicy } from "../../test/make-policy.js";
import type { PolicyOptions } from "../../test/make-policy.js";
import { encodeOnnx } from "../policy/encode-onnx.js";
import { decodeModel, encodeModel } from "../protobuf/model-bytes.js";
import type { Model } from "../protobuf/model-bytes.js";
import { verifyOnnx } from "./verify-onnx.js";

/** The file with something changed. */
function changed(bytes: Uint8Array, change: (model: Model) => void): Uint8Array {
  const model = decodeModel("file", bytes.slice());
  change(model);
  return encodeModel(model);
}

/** The file with one number of a constant multiplied. */
function scaled(bytes: Uint8Array, name: string, index: number, factor: number): Uint8Array {
  return changed(bytes, ({ graph }) => {
    const { rawData } = graph.initializer.find((tensor) => tensor.name === name)!;
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    view.setFloat32(4 * index, view.getFloat32(4 * index, true) * factor, true);
  });
}

/** Name and number of elements of every weight tensor in a file. */
function weightsOf(bytes: Uint8Array): [string, number][] {
  return decodeModel("file", bytes)
    .graph.initializer.filter(({ name }) => /^(layer|observation|logStandardDeviation)/.test(name))
    .map(({ name, rawData }) => [name, rawData.length / 4]);
}

const kinds: readonly PolicyOptions[] = [
  { env: cartPole, hidden: [64, 64] },
  { env: cartPole, hidden: [64, 64], outputGain: 0.01, normalized: true },
  { env: pendulum, hidden: [32, 32], activation: "relu" },
  { env: pendulum, hidden: [32], activation: "softplus", normalized: true },
  { env: cartPole, hidden: [32, 32], activation: "gelu" },
  { env: cartPole, hidden: [] },
];

describe("example", () => {
  test("a file agrees with the policy that it was made from", async () => {
    const policy = makePolicy({ env: cartPole, hidden: [64, 64], seed: 1 });
    const verification = await verifyOnnx(policy, encodeOnnx(policy));
    expect(verification.passed).toBe(true);
    expect(Object.keys(verification.outputs)).toEqual(["logits", "action"]);
    expect(verification.largest.relative).toBeLessThan(1e-5);
    expect(verification.weights).toEqual({ compared: 4 * 64 + 64 + 64 * 64 + 64 + 64 * 2 + 2, missing: [] });
    expect(verification.summary).toMatch(/^\d+ observations compared, largest relative difference \S+ in logits at .*, within the tolerance of 0.00001; 4610 weights equal$/);
  });

  test("one weight altered by a thousandth is found and named", async () => {
    const policy = makePolicy({ env: cartPole, hidden: [64, 64], seed: 1 });
    const verification = await verifyOnnx(policy, scaled(encodeOnnx(policy), "layer1/weights", 77, 1.001));
    expect(verification.passed).toBe(false);
    expect(verification.weights.different).toMatchObject({ variable: "layer1/weights", index: 77, relative: expect.closeTo(1e-3, 6) as number });
    expect(verification.summary).toContain("weight 77 of layer1/weights is");
  });
});

describe("laws", () => {
  test("policies of all kinds agree with their files on all observations, far edges included", async () => {
    for (const kind of kinds) {
      for (const seed of [0, 1, 2]) {
        const policy = makePolicy({ ...kind, seed });
        const verification = await verifyOnnx(policy, encodeOnnx(policy), { seed, episodes: 2 });
        expect(verification.summary).toContain("within the tolerance");
        expect(verification.passed).toBe(true);
        // Far below the tolerance, so that what comes near it is a fault.
        expect(verification.largest.relative).toBeLessThan(3e-6);
      }
    }
  }, 60_000);

  test("whichever weight is altered by a thousandth, it fails", async () => {
    const random = new Random(1);
    for (const kind of kinds) {
      const policy = makePolicy({ ...kind, seed: 5 });
      const bytes = encodeOnnx(policy);
      for (const [name, count] of weightsOf(bytes)) {
        for (let trial = 0; trial < 2; trial++) {
          const altered = scaled(bytes, name, random.integer(count), random.random() < 0.5 ? 1.001 : 0.999);
          expect((await verifyOnnx(policy, altered, { episodes: 1 })).passed).toBe(false);
        }
      }
    }
  }, 120_000);

  test("it is found in a file that another tool has rewritten with lists of floats", async () => {
    const policy = makePolicy({ env: cartPole, hidden: [16], seed: 1 });
    const rewritten = (factor: number) =>
      changed(encodeOnnx(policy), ({ graph }) => {
        const tensor = graph.initializer.find(({ name }) => name === "layer0/weights")!;
        const view = new DataView(tensor.rawData.buffer, tensor.rawData.byteOffset, tensor.rawData.byteLength);
        tensor.floatData = Array.from({ length: tensor.rawData.length / 4 }, (_, i) => view.getFloat32(4 * i, true) * (i === 9 ? factor : 1));
        // An empty field would still be there.
        delete (tensor as Partial<typeof tensor>).rawData;
      });
    expect(await verifyOnnx(policy, rewritten(1))).toMatchObject({ passed: true, weights: { missing: [] } });
    expect((await verifyOnnx(policy, rewritten(1.001))).weights.different).toMatchObject({ variable: "layer0/weights", index: 9 });
  });

  // Without names there is nothing to compare but outputs. A weight of the last layer weighs enough for that.
  test("outputs alone show a weight of the last layer that is altered by a hundredth", async () => {
    const random = new Random(2);
    for (const seed of [0, 1, 2]) {
      const policy = makePolicy({ env: pendulum, hidden: [64, 64], seed });
      const bytes = encodeOnnx(policy);
      for (const [name, count] of [["layer2/weights", 64], ["layer2/bias", 1]] as const) {
        const altered = changed(scaled(bytes, name, random.integer(count), 1.01), ({ graph }) => {
          for (const tensor of graph.initializer) tensor.name = `renamed/${tensor.name}`;
          for (const node of graph.node) node.input = node.input.map((input) => (graph.initializer.some((t) => t.name === `renamed/${input}`) ? `renamed/${input}` : input));
        });
        const { passed, weights, largest } = await verifyOnnx(policy, altered);
        expect(weights.compared).toBe(0);
        expect(weights.missing).toContain(name);
        expect(passed).toBe(false);
        expect(largest.relative).toBeGreaterThan(1e-5);
      }
    }
  }, 60_000);

  test("the same seed finds the same", async () => {
    const policy = makePolicy({ env: pendulum, hidden: [16], seed: 3 });
    const bytes = encodeOnnx(policy);
    expect(await verifyOnnx(policy, bytes, { seed: 4 })).toEqual(await verifyOnnx(policy, bytes, { seed: 4 }));
  });

  test("onnxruntime-web passes as well", async () => {
    onnxRuntimeWeb.env.wasm.numThreads = 1;
    for (const env of [cartPole, pendulum] as readonly EnvironmentDefinition[]) {
      const policy = makePolicy({ env, hidden: [64, 64], normalized: true });
      const { passed, largest } = await verifyOnnx(policy, encodeOnnx(policy), { runtime: onnxRuntimeWeb, episodes: 2 });
      expect(passed).toBe(true);
      expect(largest.relative).toBeLessThan(3e-6);
    }
  });
});

describe("a file that differs", () => {
  const discrete = makePolicy({ env: cartPole, hidden: [16], seed: 1 });
  const continuous = makePolicy({ env: pendulum, hidden: [16], seed: 1, outputGain: 20 });

  test("another action fails, though all parameters agree", async () => {
    const worst = changed(encodeOnnx(discrete), ({ graph }) => {
      const choose = graph.node.find(({ opType }) => opType === "ArgMax")!;
      choose.opType = "ArgMin";
    });
    const verification = await verifyOnnx(discrete, worst);
    expect(verification.outputs.logits.relative).toBeLessThan(1e-5);
    expect(verification.largest.output).toBe("action");
    expect(verification.passed).toBe(false);
  });

  test("bounds that are not those of the space fail", async () => {
    const bytes = encodeOnnx(continuous);
    const bound = decodeModel("file", bytes).graph.node.find(({ opType }) => opType === "Min")!.input[1];
    const verification = await verifyOnnx(continuous, scaled(bytes, bound, 0, 1.01));
    expect(verification.largest.output).toBe("action");
    expect(verification.largest.relative).toBeCloseTo(0.01, 4);
    expect(verification.passed).toBe(false);
  });

  test("a fault that no episode meets is found at the edges", async () => {
    const policy = makePolicy({ env: cartPole, hidden: [16], seed: 1, normalized: true });
    const bytes = encodeOnnx(policy);
    const bound = decodeModel("file", bytes).graph.node.find(({ opType }) => opType === "Min")!.input[1];
    const { passed, largest } = await verifyOnnx(policy, scaled(bytes, bound, 0, 1.1), { episodes: 2 });
    expect(passed).toBe(false);
    expect(largest.place).toMatch(/^(every|element)/);
  });

  test("another operator fails, and the summary says where", async () => {
    const wrong = changed(encodeOnnx(discrete), ({ graph }) => {
      graph.node.find(({ opType }) => opType === "Tanh")!.opType = "Softsign";
    });
    const { passed, summary, weights } = await verifyOnnx(discrete, wrong);
    expect(passed).toBe(false);
    expect(weights.different).toBeUndefined();
    expect(summary).toMatch(/beyond the tolerance of 0.00001; \d+ weights equal$/);
  });

  test("outputs that are not numbers fail", async () => {
    const broken = scaled(encodeOnnx(discrete), "layer0/bias", 0, NaN);
    const { passed, largest } = await verifyOnnx(discrete, broken);
    expect(passed).toBe(false);
    expect(largest.relative).toBe(Infinity);
  });
});

describe("errors", () => {
  const policy = makePolicy({ env: cartPole, hidden: [8] });
  const bytes = encodeOnnx(policy);

  test("a truncated file", async () => {
    await expect(verifyOnnx(policy, bytes.subarray(0, 500))).rejects.toThrow(FormatError);
  });

  test("a file for other observations, or without an output of the policy", async () => {
    const other = makePolicy({ env: pendulum, hidden: [8] });
    await expect(verifyOnnx(other, bytes)).rejects.toThrow(ShapeError);
    await expect(verifyOnnx(other, bytes)).rejects.toThrow("file: expected a policy for observations of length 3, got one for length 4");
    const renamed = changed(bytes, ({ graph }) => {
      graph.output[0].name = "scores";
      for (const node of graph.node) {
        node.input = node.input.map((name) => (name === "logits" ? "scores" : name));
        node.output = node.output.map((name) => (name === "logits" ? "scores" : name));
      }
    });
    await expect(verifyOnnx(policy, renamed)).rejects.toThrow('file: expected an output "logits" of 2 numbers an observation, got none');
  });

  test("an environment that Uphill does not know, or of other observations", async () => {
    const own = { ...policy, environmentId: "My-v0" };
    await expect(verifyOnnx(own, bytes)).rejects.toThrow(OptionError);
    await expect(verifyOnnx(own, bytes)).rejects.toThrow("env: expected the policy's environment");
    expect((await verifyOnnx(own, bytes, { env: cartPole, episodes: 1 })).passed).toBe(true);
    await expect(verifyOnnx(policy, bytes, { env: pendulum })).rejects.toThrow("env: expected observations of length 4, got length 3");
  });

  test("options out of range", async () => {
    await expect(verifyOnnx(policy, bytes, { episodes: 0 })).rejects.toThrow("episodes: expected an integer ≥ 1, got 0");
    await expect(verifyOnnx(policy, bytes, { tolerance: 0 })).rejects.toThrow("tolerance: expected a finite number > 0, got 0");
    await expect(verifyOnnx(policy, bytes, { seed: -1 })).rejects.toThrow("seed: expected an integer ≥ 0, got -1");
  });
});
