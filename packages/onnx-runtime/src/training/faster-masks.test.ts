import { constant, grad, input } from "@uphill/autodiff";
import { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { encodeGraph } from "../graph/encode-graph.js";
import { inOrder } from "../graph/order.js";
import type { Value } from "../graph/value.js";
import { lower } from "../lowering/lower.js";
import { fasterMasks } from "./faster-masks.js";

const x = input("x", ["batch"]);

const operatorsOf = (outputs: Readonly<Record<string, Value>>) =>
  inOrder(Object.values(outputs)).flatMap((value) => (value.kind === "node" ? [value.operator] : []));

describe("example", () => {
  test("a ReLU's derivative reads its result, by one operator", () => {
    const y = x.relu();
    const { outputs } = lower({ inputs: { x }, outputs: { y, slope: grad(y.sum(), [x])[0] } });
    expect(operatorsOf(outputs)).toEqual(expect.arrayContaining(["Less", "Cast", "Relu"]));
    const faster = fasterMasks(outputs);
    expect(operatorsOf(faster).filter((one) => ["Less", "Cast", "Relu", "HardSigmoid"].includes(one))).toEqual(["Relu", "HardSigmoid"]);
    const mask = inOrder(Object.values(faster)).find((value) => value.kind === "node" && value.operator === "HardSigmoid");
    expect(mask?.kind === "node" && mask.inputs[0]).toBe(faster["y"]);
  });
});

describe("laws", () => {
  test.each([
    ["beside its ReLU", { y: x.relu(), mask: constant(0).less(x).toFloat() }],
    ["before its ReLU", { mask: constant(0).less(x).toFloat(), y: x.relu() }],
    ["alone", { mask: constant(0).less(x).toFloat() }],
  ])("0 and 1 as before, from the smallest normal numbers to infinity: %s", async (_, expressions) => {
    const { inputs, outputs } = lower({ inputs: { x }, outputs: expressions });
    const bytes = encodeGraph({ name: "masks", inputs, outputs: fasterMasks(outputs) });
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const values = [-Infinity, -3e38, -1, -1.2e-38, -0, 0, 1.2e-38, 1e-30, 0.5, 1, 3e38, Infinity];
    const { mask } = await session.run({ x: new OnnxTensor("float32", Float32Array.from(values), [values.length]) });
    await session.release();
    expect([...(mask.data as Float32Array)]).toEqual(values.map((value) => (value > 0 ? 1 : 0)));
  });

  test("other comparisons stay", () => {
    const outputs = { negative: x.less(0).toFloat(), one: constant(1).less(x).toFloat(), whole: constant(0).less(x) };
    const lowered = lower({ inputs: { x }, outputs }).outputs;
    expect(operatorsOf(fasterMasks(lowered))).toEqual(operatorsOf(lowered));
  });
});
