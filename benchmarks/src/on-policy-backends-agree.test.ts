import { a2c, actorCritic } from "@uphill/actor-critic";
import type { AnyBackend } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { box } from "@uphill/envs";
import type { Box, Environment } from "@uphill/envs";
import { onnxRuntime } from "@uphill/onnx-runtime";
import { klPenalty, normalizedGradient, npg, policyGradient, ppo, reinforce, resumePpo, trpl, trpo } from "@uphill/pg-algorithms";
import type { Agent } from "@uphill/training";
import { expect, test } from "vitest";
import { storeDifference } from "../test/store-difference.js";

/**
 * Three numbers at random, of which an action is to be near the product of two; episodes of eight steps. What comes does
 * not depend on actions, and rewards change smoothly with them: runs that differ a little go on to do so.
 */
function near(): Environment<Box> {
  let random = new Random(0);
  let [time, observation] = [0, new Float32Array(3)];
  const next = (): Float32Array => (observation = Float32Array.from({ length: 3 }, () => random.uniform(-1, 1)));
  return {
    observationSpace: box({ low: -1, high: 1, shape: [3] }),
    actionSpace: box({ low: -1, high: 1, shape: [1] }),
    reset: ({ seed } = {}) => {
      if (seed !== undefined) random = new Random(seed);
      time = 0;
      return next();
    },
    step: ([action]) => {
      const reward = -((action - observation[0] * observation[1]) ** 2);
      return { observation: next(), reward, terminated: false, truncated: ++time === 8 };
    },
  };
}

const steps = 32;
const networks = { env: near, seed: 1, hiddenWidths: [64, 64], environments: 4 };
const rollout = { ...networks, rolloutSteps: steps / 4 };
const fit = { ...rollout, valueEpochs: 1, valueMinibatchSize: steps };
// Conjugate gradients magnify rounding: at this radius to 1e-6 after 100 steps, at ten times as much to the bound.
const natural = { ...fit, klRadius: 1e-3 };
const whole = { ...rollout, epochs: 1, minibatchSize: steps };

/** Agents whose iterations are updates from {@link steps} steps. */
const agents: Readonly<Record<string, (backend?: AnyBackend) => Agent<Box>>> = {
  REINFORCE: (backend) => reinforce({ ...fit, baseline: "value", ...(backend && { backend }) }),
  "the policy gradient": (backend) => policyGradient({ ...fit, minibatchSize: steps, ...(backend && { backend }) }),
  "normalised gradients": (backend) => normalizedGradient({ ...fit, ...(backend && { backend }) }),
  "natural gradients": (backend) => npg({ ...natural, ...(backend && { backend }) }),
  TRPO: (backend) => trpo({ ...natural, ...(backend && { backend }) }),
  "KL-penalised optimisation": (backend) => klPenalty({ ...whole, ...(backend && { backend }) }),
  PPO: (backend) => ppo({ ...whole, ...(backend && { backend }) }),
  "trust-region layers": (backend) => trpl({ ...whole, projection: "frobenius", ...(backend && { backend }) }),
  A2C: (backend) => a2c({ ...rollout, updatesPerReport: 1, ...(backend && { backend }) }),
  "the online actor-critic": (backend) => actorCritic({ ...networks, environments: steps, updatesPerReport: 1, ...(backend && { backend }) }),
};

test.each(Object.entries(agents))("%s agrees on ONNX Runtime and WebAssembly", async (_, make) => {
  const pair = [make(onnxRuntime()), make()];
  const start = pair[0].policy.store.copy();
  for (const [iterations, bound] of [[1, 1e-5], [99, 1e-3]]) {
    for (const agent of pair) for await (const { steps: taken } of agent.train({ steps: iterations * steps })) expect(taken).toBeGreaterThan(0);
    expect(storeDifference(pair[0].policy.store, pair[1].policy.store)).toBeLessThan(bound);
  }
  expect(storeDifference(pair[0].policy.store, start)).toBeGreaterThan(0.01);
});

test("a projection that is no expression is refused", () => {
  expect(() => trpl({ ...whole, projection: "kl", backend: onnxRuntime() })).toThrow(
    "diagonalKlProjection: expected what ONNX has operators for, got a host operation",
  );
});

test("a run goes on elsewhere", async () => {
  const agent = agents["PPO"](onnxRuntime());
  for await (const { steps: taken } of agent.train({ steps: 2 * steps })) expect(taken).toBeGreaterThan(0);
  const others = [resumePpo(agent.checkpoint(), near, onnxRuntime()), resumePpo(agent.checkpoint(), near)];
  for (const other of others) for await (const { steps: taken } of other.train({ steps })) expect(taken).toBeGreaterThan(0);
  expect(storeDifference(others[0].policy.store, others[1].policy.store)).toBeLessThan(1e-5);
});
