import { Store } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { box, multiBinary, multiDiscrete } from "@uphill/envs";
import type { Environment, EnvironmentDefinition, MultiBinary, MultiDiscrete } from "@uphill/envs";
import { Policy, policyNetwork } from "@uphill/training";
import { expect, test } from "vitest";
import { encodeOnnx } from "../policy/encode-onnx.js";
import { decodeModel, encodeModel } from "../protobuf/model-bytes.js";
import { OnnxPolicy } from "../runtime/onnx-policy.js";
import { verifyOnnx } from "./verify-onnx.js";

type Choices = MultiDiscrete | MultiBinary;

/** Shows two random numbers, whatever the choices. */
function dials(actionSpace: Choices): EnvironmentDefinition<Choices> {
  const observationSpace = box({ low: [-1, -1], high: [1, 1] });
  const make = (): Environment<Choices> => {
    let random = new Random(0);
    let steps = 0;
    const observe = () => Float32Array.of(random.uniform(-1, 1), random.uniform(-1, 1));
    return {
      observationSpace,
      actionSpace,
      reset({ seed } = {}) {
        if (seed !== undefined) random = new Random(seed);
        steps = 0;
        return observe();
      },
      step: () => ({ observation: observe(), reward: 0, terminated: ++steps === 20, truncated: false }),
    };
  };
  return { id: "Dials-v0", make };
}

test.each([multiDiscrete([3, 2, 4]), multiBinary(3)])("a policy over $kind actions agrees with its file", async (actionSpace) => {
  const env = dials(actionSpace);
  const { observationSpace } = env.make();
  const layers = { hiddenWidths: [8], activation: "tanh" } as const;
  const { distribution } = policyNetwork(new Random(1), { ...layers, observationSpace, actionSpace });
  const policy = new Policy({ environmentId: env.id, algorithm: "ppo", observationSpace, actionSpace, store: new Store(), distribution });
  const bytes = encodeOnnx(policy);
  const { passed, outputs } = await verifyOnnx(policy, bytes, { env });
  expect(passed).toBe(true);
  expect(Object.keys(outputs)).toEqual(["logits", "action"]);

  const file = await OnnxPolicy.load(bytes, { env });
  expect(file.actionSpace.equals(actionSpace)).toBe(true);
  for (const observation of [[0.3, -0.9], [-1, 0.2], [0.5, 0.5]]) {
    expect(await file.act(observation)).toEqual(policy.act(observation));
  }
  const both = await file.actBatch([[0.3, -0.9], [-1, 0.2]]);
  expect([...both]).toEqual([...policy.act([0.3, -0.9]), ...policy.act([-1, 0.2])]);
  await file.close();

  // One component that takes the least probable of its choices is enough to fail.
  const model = decodeModel("file", bytes);
  const choice = model.graph.node.find(({ opType }) => opType === "ArgMax")!;
  choice.opType = "ArgMin";
  expect((await verifyOnnx(policy, encodeModel(model), { env })).passed).toBe(false);
});
