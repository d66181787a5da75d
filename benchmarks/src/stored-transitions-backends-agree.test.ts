import { nfqca, vTracePolicyGradient } from "@uphill/actor-critic";
import type { AnyBackend } from "@uphill/autodiff";
import { log, Random } from "@uphill/core-math";
import { box } from "@uphill/envs";
import type { Box } from "@uphill/envs";
import { onnxRuntime } from "@uphill/onnx-runtime";
import { ReplayBuffer } from "@uphill/training";
import type { Policy } from "@uphill/training";
import { expect, test } from "vitest";
import { storeDifference } from "../test/store-difference.js";

const count = 64;

/** Three numbers at random, of which an action, uniform in [−1, 1], is to be near the product of two; episodes of eight steps. */
function transitions(): ReplayBuffer<Box> {
  const spaces = { count: 1, observationSpace: box({ low: -1, high: 1, shape: [3] }), actionSpace: box({ low: -1, high: 1, shape: [1] }) };
  const buffer = new ReplayBuffer(spaces, { capacity: count, keepsLogProbabilities: true });
  const random = new Random(3);
  const seen = (): Float32Array => Float32Array.from({ length: 3 }, () => random.uniform(-1, 1));
  let observations = seen();
  for (let t = 1; t <= count; t++) {
    const [action, nextObservations] = [random.uniform(-1, 1), seen()];
    buffer.add({
      observations,
      actions: Float32Array.of(action),
      logProbabilities: [-log(2)],
      rewards: [-((action - observations[0] * observations[1]) ** 2)],
      nextObservations,
      terminated: [0],
      truncated: [Number(t % 8 === 0)],
    });
    observations = nextObservations;
  }
  return buffer;
}

const shared = { transitions: transitions(), seed: 1, hiddenWidths: [64, 64] };
const epochs = { minibatchSize: count, criticEpochs: 1, policyEpochs: 1 };

/** Policies after so many updates; NFQCA's are one of its critic and one of its policy. */
const learners: Readonly<Record<string, (updates: number, backend?: AnyBackend) => Promise<Policy<Box>>>> = {
  NFQCA: async (updates, backend) => nfqca({ ...shared, ...epochs, iterations: updates, ...(backend && { backend }) }),
  "V-trace": async (updates, backend) =>
    vTracePolicyGradient({ ...shared, sequences: 4, sequenceSteps: 8, updates, ...(backend && { backend }) }),
};

test.each(Object.entries(learners))("%s agrees on ONNX Runtime and WebAssembly", async (_, learn) => {
  const stores = [];
  for (const [updates, bound] of [[1, 1e-5], [100, 1e-3]]) {
    const [native, portable] = [await learn(updates, onnxRuntime()), await learn(updates)];
    expect(storeDifference(native.store, portable.store)).toBeLessThan(bound);
    stores.push(portable.store);
  }
  expect(storeDifference(stores[1], stores[0])).toBeGreaterThan(0.01);
});
