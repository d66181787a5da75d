import { evaluate, input } from "@uphill/autodiff";
import { categorical } from "@uphill/distributions";
import type { Discrete, EnvironmentSource } from "@uphill/envs";
import type { Agent, Report } from "@uphill/training";
import { klDivergenceNats } from "@uphill/trust-region";
import { expect, test } from "vitest";
import { bandit } from "../../training/test/agents.js";
import { klPenalty, normalizedGradient, npg, policyGradient, reinforce, trpo } from "./index.js";

type Make = (options: { readonly env: EnvironmentSource<Discrete>; readonly seed: number; readonly environments: number; readonly rolloutSteps: number }) =>
  Agent<Discrete, Report & { readonly klNats: number }>;

const makers: Readonly<Record<string, Make>> = {
  klPenalty: (options) => klPenalty({ ...options, learningRate: 0.01, minibatchSize: 16 }),
  normalizedGradient: (options) => normalizedGradient({ ...options, valueMinibatchSize: 16 }),
  npg: (options) => npg({ ...options, valueMinibatchSize: 16 }),
  trpo: (options) => trpo({ ...options, valueMinibatchSize: 16 }),
  policyGradient: (options) => policyGradient({ ...options, learningRate: 0.01, valueMinibatchSize: 16 }),
  "policyGradient in minibatches": (options) =>
    policyGradient({ ...options, learningRate: 0.01, minibatchSize: 16, policyEpochs: 3, valueMinibatchSize: 16 }),
  reinforce: (options) => reinforce({ ...options, learningRate: 0.01 }),
  "reinforce with data used again": (options) => reinforce({ ...options, learningRate: 0.01, policySteps: 4 }),
};

test.each(Object.entries(makers))("%s reports the divergence between the policies before and after", async (_name, make) => {
  const agent = make({ env: bandit(), seed: 4, environments: 4, rolloutSteps: 16 });
  const { probabilities } = categorical({
    logits: agent.policy.distribution(input("observation", ["batch", 1])).parameters["logits"],
  });
  const at = () => [...(evaluate(probabilities, { observation: [0] }, agent.policy.store) as Float64Array)];
  let before = at();
  let largest = 0;
  for await (const { klNats } of agent.train({ steps: 640 })) {
    const after = at();
    // Float32 probabilities near ½: an error of some 1e-7 in log ratios of 0.1.
    expect(Math.abs(klDivergenceNats(before, after) - klNats)).toBeLessThan(1e-6);
    largest = Math.max(largest, klNats);
    before = after;
  }
  expect(largest).toBeGreaterThan(1e-5);
});
