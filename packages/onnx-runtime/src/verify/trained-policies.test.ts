import { Store } from "@uphill/autodiff";
import { Random, ShapeError } from "@uphill/core-math";
import { actionMask, frameStack, makeEnvironment, mountainCar, pendulum } from "@uphill/envs";
import type { Discrete } from "@uphill/envs";
import { ActionMask, evaluatePolicy, playEpisodes, Policy, policyNetwork } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { encodeOnnx } from "../policy/encode-onnx.js";
import { decodeModel, encodeModel } from "../protobuf/model-bytes.js";
import { OnnxPolicy } from "../runtime/onnx-policy.js";
import { verifyOnnx } from "./verify-onnx.js";

const layers = { hiddenWidths: [8], activation: "tanh" } as const;
const names = { environmentId: "MountainCar-v0", algorithm: "ppo" };

describe("a policy with action masks", () => {
  const env = actionMask(mountainCar, ([position], action) => action !== (position < -0.5 ? 0 : 2));
  const { observationSpace, actionSpace } = makeEnvironment(env);

  function maskedPolicy(): Policy<Discrete> {
    const mask = new ActionMask(observationSpace, actionSpace);
    const network = policyNetwork(new Random(1), { ...layers, observationSpace: mask.seenSpace, actionSpace });
    return new Policy({
      ...names,
      observationSpace,
      actionSpace,
      actionMask: mask,
      store: new Store(),
      distribution: (observation) => network.distribution(mask.seen(observation), mask.mask(observation)),
    });
  }

  test("chooses what the mask at the end of an observation allows, and agrees with its file", async () => {
    const policy = maskedPolicy();
    const bytes = encodeOnnx(policy);
    const file = await OnnxPolicy.load(bytes);
    const masks = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
    expect(await Promise.all(masks.map(async (mask) => file.act([-0.3, 0.01, ...mask])))).toEqual([0, 1, 2]);
    const { logits, action } = await file.outputs([-0.3, 0.01, 0, 1, 0]);
    expect([...logits].map(Number.isFinite)).toEqual([false, true, false]);
    expect(action[0]).toBe(1);
    // Where nothing is allowed a file has no errors to throw: it gives the first action.
    expect(await file.act([-0.3, 0.01, 0, 0, 0])).toBe(0);
    await file.close();
    expect((await verifyOnnx(policy, bytes, { env })).passed).toBe(true);
  });

  test("a file that turns the mask around fails", async () => {
    const policy = maskedPolicy();
    const model = decodeModel("file", encodeOnnx(policy));
    const where = model.graph.node.find(({ opType }) => opType === "Where")!;
    where.input = [where.input[0], where.input[2], where.input[1]];
    expect((await verifyOnnx(policy, encodeModel(model), { env })).passed).toBe(false);
  });
});

test("a policy with noise that depends on the state agrees with its file, parameters of the noise included", async () => {
  const { observationSpace, actionSpace } = makeEnvironment(pendulum);
  const network = policyNetwork(new Random(1), { ...layers, observationSpace, actionSpace, stateDependentNoise: true });
  const distribution = network.distribution;
  const policy = new Policy({ ...names, observationSpace, actionSpace, noiseSteps: 4, store: new Store(), distribution });
  const { passed, outputs } = await verifyOnnx(policy, encodeOnnx(policy), { env: pendulum });
  expect(passed).toBe(true);
  expect(Object.keys(outputs)).toEqual(["mean", "features", "logStandardDeviation", "action"]);
});

test("a policy over windows of observations fits the environment of which they are, and agrees with its file", async () => {
  const { observationSpace, actionSpace } = makeEnvironment(frameStack(pendulum, 3));
  const { distribution } = policyNetwork(new Random(1), { ...layers, observationSpace, actionSpace });
  const policy = new Policy({ ...names, observationSpace, actionSpace, store: new Store(), distribution });
  const bytes = encodeOnnx(policy);
  const file = await OnnxPolicy.load(bytes, { env: pendulum });
  expect(file.observationSpace.shape).toEqual([3, 3]);
  const window = makeEnvironment(frameStack(pendulum, 3)).reset({ seed: 1 });
  expect((await file.act(window))[0]).toBeCloseTo(policy.act(window)[0], 5);
  const { meanReturn } = await playEpisodes({ observationSpace: file.observationSpace, act: (rows) => file.actBatch(rows) }, pendulum, { episodes: 2 });
  expect(meanReturn).toBeCloseTo((await evaluatePolicy(policy, pendulum, { episodes: 2 })).meanReturn, 1);
  await expect(OnnxPolicy.load(bytes, { env: mountainCar })).rejects.toThrow(ShapeError);
  await file.close();
  expect((await verifyOnnx(policy, bytes, { env: pendulum })).passed).toBe(true);
});
