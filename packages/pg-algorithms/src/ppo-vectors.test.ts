import { cartPole, type Discrete, type EnvironmentDefinition } from "@uphill/envs";
import { onWorkers } from "@uphill/envs/node";
import { expect, inject, it } from "vitest";
import { ppo } from "./ppo.js";

/** What a short run reports, and the weights that it ends with. */
async function train(env: EnvironmentDefinition<Discrete>, seed: number) {
  const settings = { environments: 4, rolloutSteps: 32, minibatchSize: 64, epochs: 2, deterministic: true };
  const agent = ppo({ env, seed, ...settings, normalizeRewards: true, normalizeObservations: true });
  const reports = [];
  try {
    for await (const report of agent.train({ steps: 1024 })) {
      const { episodes, meanReturn, meanLength, policyLoss, klNats } = report;
      reports.push({ episodes, meanReturn, meanLength, policyLoss, klNats });
    }
    return { reports, checkpoint: agent.checkpoint() };
  } finally {
    agent.close();
  }
}

it("trains to the same bits through a native vector, the adapter over single environments, and worker threads", async () => {
  const modules = inject("workerModules");
  const threaded = await onWorkers({
    module: `${modules}envs.js`,
    export: "cartPole",
    workers: 2,
    script: `${modules}environment-worker.js`,
  });
  for (const seed of [1, 2]) {
    const native = await train(cartPole, seed);
    expect(native.reports.at(-1)?.episodes).toBeGreaterThan(10);
    expect((await train({ ...cartPole, makeBatch: undefined }, seed)).reports).toEqual(native.reports);
    expect((await train(threaded as EnvironmentDefinition<Discrete>, seed)).reports).toEqual(native.reports);
    expect((await train(cartPole, seed + 10)).reports).not.toEqual(native.reports);
  }
});
