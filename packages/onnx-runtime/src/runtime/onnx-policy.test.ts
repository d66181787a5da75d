import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { input, Store, variable } from "@uphill/autodiff";
import { FileError, FormatError, NumericalError, OptionError, ShapeError, StateError } from "@uphill/core-math";
import { box, cartPole, discrete, makeEnvironment, pendulum } from "@uphill/envs";
import * as onnxRuntimeWeb from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { makePolicy } from "../../test/make-policy.js";
import { modelOf } from "../../test/run-expressions.js";
import { encodeOnnx } from "../policy/encode-onnx.js";
import type { ExportablePolicy } from "../policy/exportable-policy.js";
import { decodeModel, encodeModel } from "../protobuf/model-bytes.js";
import { OnnxPolicy } from "./onnx-policy.js";
import type { OnnxRuntime } from "./onnx-runtime.js";

const cartPoleFile = encodeOnnx(makePolicy({ env: cartPole, hidden: [16, 16] }));
const pendulumFile = encodeOnnx(makePolicy({ env: pendulum, hidden: [16], activation: "relu", normalized: true }));

describe("example", () => {
  test("a file plays its environment", async () => {
    const policy = await OnnxPolicy.load(cartPoleFile, { env: cartPole });
    const environment = makeEnvironment(cartPole);
    let observation = environment.reset({ seed: 1 });
    for (let step = 0; step < 5; step++) {
      const action = await policy.act(observation);
      expect(policy.actionSpace.contains(action)).toBe(true);
      observation = environment.step(action).observation;
    }
    await policy.close();
  });

  test("it says what it was made for", async () => {
    const policy = await OnnxPolicy.load(pendulumFile);
    expect(policy.environmentId).toBe("Pendulum-v1");
    expect(policy.algorithm).toBe("none");
    expect(policy.distribution).toBe("diagonalNormal");
    expect(policy.observationSpace.equals(pendulum.make().observationSpace)).toBe(true);
    expect(policy.actionSpace.equals(pendulum.make().actionSpace)).toBe(true);
    await policy.close();
  });

  test("a path loads like the bytes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "uphill-load-"));
    await writeFile(join(folder, "policy.onnx"), cartPoleFile);
    const policy = await OnnxPolicy.load(join(folder, "policy.onnx"));
    expect([0, 1]).toContain(await policy.act([0, 0, 0, 0]));
    await policy.close();
    await rm(folder, { recursive: true });
  });
});

describe("laws", () => {
  const observations = Array.from({ length: 20 }, (_, row) => Array.from({ length: 3 }, (__, i) => Math.fround(((row * 5 + i * 3) % 11) / 6 - 0.8)));

  test("many at once are as one by one, in rows or in one array", async () => {
    const policy = await OnnxPolicy.load(pendulumFile, { env: pendulum });
    const together = await policy.actBatch(observations);
    expect(await policy.actBatch(observations.flat())).toEqual(together);
    expect(await policy.actBatch(Float32Array.from(observations.flat()))).toEqual(together);
    for (const [row, observation] of observations.entries()) {
      const alone = await policy.act(observation);
      expect(alone).toHaveLength(1);
      // Another number of rows may take another order of summation.
      expect(alone[0]).toBeCloseTo(together[row], 5);
    }
    const { action, mean, logStandardDeviation } = await policy.outputs(observations);
    expect(action).toEqual(together);
    expect([mean.length, logStandardDeviation.length]).toEqual([20, 20]);
    await policy.close();
  });

  test("onnxruntime-web, on WebAssembly, gives what onnxruntime-node gives", async () => {
    onnxRuntimeWeb.env.wasm.numThreads = 1;
    for (const [file, size] of [[cartPoleFile, 4], [pendulumFile, 3]] as const) {
      const [node, web] = [await OnnxPolicy.load(file), await OnnxPolicy.load(file, { runtime: onnxRuntimeWeb })];
      const rows = Array.from({ length: 50 }, (_, row) => Array.from({ length: size }, (__, i) => ((row * 5 + i * 3) % 11) / 6 - 0.8));
      const [expected, actual] = [await node.outputs(rows), await web.outputs(rows)];
      expect(Object.keys(actual)).toEqual(Object.keys(expected));
      for (const [name, values] of Object.entries(expected)) {
        values.forEach((value, i) => expect(actual[name][i]).toBeCloseTo(value, 5));
      }
      await node.close();
      await web.close();
    }
  });
});

describe("errors", () => {
  test("observations of a wrong length or that are not finite", async () => {
    const policy = await OnnxPolicy.load(cartPoleFile);
    await expect(policy.act([0, 0, 0])).rejects.toThrow(ShapeError);
    await expect(policy.act([0, 0, 0])).rejects.toThrow("observation: expected length 4, got");
    await expect(policy.act([0, NaN, 0, 0])).rejects.toThrow(NumericalError);
    await expect(policy.act([0, NaN, 0, 0])).rejects.toThrow("observation[1]: expected a finite number that float32 holds, got NaN");
    await expect(policy.act([0, 0, 0, 1e300])).rejects.toThrow("got 1e+300");
    await expect(policy.act("four" as unknown as number[])).rejects.toThrow(OptionError);
    await expect(policy.actBatch([])).rejects.toThrow(ShapeError);
    await expect(policy.actBatch([1, 2, 3, 4, 5])).rejects.toThrow("observations: expected a positive multiple of 4 numbers");
    await expect(policy.actBatch([[0, 0, 0, 0], [0, 0, 0]])).rejects.toThrow("observations[1]: expected length 4");
    await expect(policy.actBatch([[0, 0, 0, 0], [0, 0, Infinity, 0]])).rejects.toThrow("observations[1][2]: expected a finite number");
    await policy.close();
  });

  test("a policy that was closed", async () => {
    const policy = await OnnxPolicy.load(cartPoleFile);
    await policy.close();
    await policy.close();
    await expect(policy.act([0, 0, 0, 0])).rejects.toThrow(StateError);
  });

  test("a policy for another environment", async () => {
    await expect(OnnxPolicy.load(cartPoleFile, { env: pendulum })).rejects.toThrow(ShapeError);
    await expect(OnnxPolicy.load(cartPoleFile, { env: pendulum })).rejects.toThrow("file: expected a policy for observations of length 3, got one for length 4");
    const threeActions = () => ({
      observationSpace: box({ low: -1, high: 1, shape: [4] }),
      actionSpace: discrete(3),
      reset: () => new Float32Array(4),
      step: () => ({ observation: new Float32Array(4), reward: 0, terminated: false, truncated: false }),
    });
    await expect(OnnxPolicy.load(cartPoleFile, { env: threeActions })).rejects.toThrow(
      'file: expected a policy for the actions {"kind":"discrete","n":3}, got one for {"kind":"discrete","n":2}',
    );
  });

  test("a file cut short anywhere, in one sentence that names it", async () => {
    for (let length = 0; length < cartPoleFile.length; length += length < cartPoleFile.length - 600 ? 17 : 1) {
      const cut = cartPoleFile.subarray(0, length);
      const error: unknown = await OnnxPolicy.load(cut).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FormatError);
      expect((error as FormatError).message).toMatch(/^file: expected [^\n]+$/);
    }
  });

  test("a damaged graph", async () => {
    const model = decodeModel("file", cartPoleFile.slice());
    model.graph.node[0].opType = "NoSuchOperator";
    await expect(OnnxPolicy.load(encodeModel(model))).rejects.toThrow(FormatError);
    await expect(OnnxPolicy.load(encodeModel(model))).rejects.toThrow("file: expected a model that ONNX Runtime loads");
  });

  test("an output that another tool has given another type", async () => {
    const model = decodeModel("file", cartPoleFile.slice());
    const cast = model.graph.node.find(({ output }) => output[0] === "action")!;
    cast.attribute[0].i = 7n;
    model.graph.output.find(({ name }) => name === "action")!.type!.value.value!.elemType = 7;
    const policy = await OnnxPolicy.load(encodeModel(model));
    await expect(policy.act([0, 0, 0, 0])).rejects.toThrow(FormatError);
    await expect(policy.act([0, 0, 0, 0])).rejects.toThrow('output "action": expected float32 or int32 numbers, got a BigInt64Array of length 1');
    await policy.close();
  });

  test("a graph that fails as it runs", async () => {
    const table = variable("table", [2], [0, 1]);
    const lookup: ExportablePolicy = {
      observationSpace: box({ low: 0, high: 9 }),
      actionSpace: discrete(2),
      store: new Store(),
      environmentId: "Lookup-v0",
      algorithm: "by hand",
      distribution: (x) => ({ kind: "table", parameters: { score: table.gather(x.reshape(["batch"]).toInt()) } }),
      action: ({ parameters }) => parameters.score.toInt(),
    };
    const policy = await OnnxPolicy.load(encodeOnnx(lookup));
    expect(await policy.act([1])).toBe(1);
    await expect(policy.act([5])).rejects.toThrow(StateError);
    await expect(policy.act([5])).rejects.toThrow(/^OnnxPolicy: expected the graph to run, got [^\n]*$/);
    await policy.close();
  });

  test("a model that is not Uphill's", async () => {
    const x = input("observation", ["batch", 4]);
    const foreign = modelOf({ observation: x }, { action: x.sum(1).toInt() });
    await expect(OnnxPolicy.load(foreign)).rejects.toThrow(FormatError);
    await expect(OnnxPolicy.load(foreign)).rejects.toThrow(
      'file: expected a policy that Uphill exported, got an ONNX model without the metadata "uphill.format"',
    );
  });

  test("metadata that is damaged or of a later version", async () => {
    const changed = (key: string, value: string) => {
      const model = decodeModel("file", cartPoleFile.slice());
      for (const entry of model.metadataProps) if (entry.key === key) entry.value = value;
      return encodeModel(model);
    };
    await expect(OnnxPolicy.load(changed("uphill.format", "2"))).rejects.toThrow('file: expected a policy of format 1, got format "2"');
    await expect(OnnxPolicy.load(changed("uphill.actionSpace", "{"))).rejects.toThrow(FormatError);
    await expect(OnnxPolicy.load(changed("uphill.actionSpace", '{"kind":"discrete"}'))).rejects.toThrow(FormatError);
    await expect(OnnxPolicy.load(changed("uphill.observationSpace", '{"kind":"discrete","n":2}'))).rejects.toThrow(
      'file: expected a box as "uphill.observationSpace", got a discrete space',
    );
  });

  test("a runtime that is none", async () => {
    const load = OnnxPolicy.load(cartPoleFile, { runtime: { run: 1 } as unknown as OnnxRuntime });
    await expect(load).rejects.toThrow("runtime: expected the module onnxruntime-node or onnxruntime-web, got an object");
  });

  test("a path that cannot be read, and what is no path", async () => {
    await expect(OnnxPolicy.load("no/such/file.onnx")).rejects.toThrow(FileError);
    await expect(OnnxPolicy.load("no/such/file.onnx")).rejects.toThrow("no/such/file.onnx: cannot be read: there is no such file");
    await expect(OnnxPolicy.load("")).rejects.toThrow(OptionError);
    await expect(OnnxPolicy.load(undefined as unknown as string)).rejects.toThrow("file: expected a path or the file's bytes in a Uint8Array, got undefined");
  });
});
