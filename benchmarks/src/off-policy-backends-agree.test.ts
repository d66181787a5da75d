import { ddpg, resumeSac, sac, td3 } from "@uphill/actor-critic";
import { webAssembly } from "@uphill/autodiff";
import type { AnyBackend } from "@uphill/autodiff";
import { pendulum } from "@uphill/envs";
import { onnxRuntime } from "@uphill/onnx-runtime";
import { expect, test } from "vitest";
import { storeDifference } from "../test/store-difference.js";
import { CapturedPrograms } from "./models/captured-programs.js";

const options = { env: pendulum, seed: 1, bufferCapacity: 1000, warmUpSteps: 40, batchSize: 32, hiddenWidths: [128, 128] };

test.each([
  ["SAC", (backend: AnyBackend) => sac({ ...options, backend })],
  ["SAC with a value network", (backend: AnyBackend) => sac({ ...options, bootstrap: "valueNetwork", backend })],
  ["TD3", (backend: AnyBackend) => td3({ ...options, backend })],
  ["DDPG", (backend: AnyBackend) => ddpg({ ...options, backend })],
] as const)("updates of %s agree on ONNX Runtime and WebAssembly", async (_, make) => {
  const programs = new CapturedPrograms(make);
  const [native, portable] = [programs.on(onnxRuntime(), 32), programs.on(webAssembly(), 32)];
  for (let n = 0; n < 100; n++) {
    for (const [k, run] of native.runs.entries()) {
      expect(await run()).toBe(true);
      expect(await portable.runs[k]()).toBe(true);
    }
    if (n === 0) expect(storeDifference(native.store, portable.store)).toBeLessThan(1e-5);
  }
  expect(storeDifference(native.store, portable.store)).toBeLessThan(1e-3);
});

test("an agent learns on ONNX Runtime, acts at once, and goes on elsewhere", async () => {
  const agent = sac({ ...options, backend: onnxRuntime() });
  const before = agent.policy.store.copy();
  for await (const { criticLoss } of agent.train({ steps: 100 })) expect(Number.isFinite(criticLoss)).toBe(true);
  expect(storeDifference(agent.policy.store, before)).toBeGreaterThan(0);
  const resumed = resumeSac(agent.checkpoint(), pendulum);
  const observation = [1, 0, 0.5];
  expect(resumed.policy.act(observation)).toEqual(agent.policy.act(observation));
  for await (const { updates } of resumed.train({ steps: 10 })) expect(updates).toBeGreaterThan(60);
});
