import { ddpg, sac, td3 } from "@uphill/actor-critic";
import type { Box, EnvironmentDefinition } from "@uphill/envs";
import { mountainCarContinuous, pendulum } from "@uphill/envs";
import { encodeOnnx, verifyOnnx } from "@uphill/onnx-runtime";
import { expect, test } from "vitest";

const small = { batchSize: 32, hiddenWidths: [16, 16], stepsPerReport: 100, normalizeObservations: true };
const agents = {
  ddpg: (env: EnvironmentDefinition<Box>) => ddpg({ env, ...small }),
  td3: (env: EnvironmentDefinition<Box>) => td3({ env, ...small }),
  sac: (env: EnvironmentDefinition<Box>) => sac({ env, ...small }),
  "sac with noise that depends on the state": (env: EnvironmentDefinition<Box>) => sac({ env, ...small, stateDependentNoise: true }),
};

test.each(Object.entries(agents))("%s exports its policy, squashed into the bounds and normalised, to 1e-5", async (_name, make) => {
  for (const env of [pendulum, mountainCarContinuous]) {
    const agent = make(env);
    for await (const _ of agent.train({ steps: 300 }));
    const verification = await verifyOnnx(agent.policy, encodeOnnx(agent.policy), { env, episodes: 2 });
    expect(verification.passed, verification.summary).toBe(true);
    expect(verification.largest.relative).toBeLessThan(1e-5);
    agent.close();
  }
});
