import { mountainCarContinuous, pendulum } from "@uphill/envs";
import { decodeCheckpoint } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { trained, weights } from "../../training/test/agents.js";
import { paid, smallOffPolicy as small } from "../test/off-policy.js";
import { ddpg, ddpgAlgorithm, sac, sacAlgorithm, td3, td3Algorithm } from "./index.js";

const prioritized = { ...small, priorityExponent: 0.7 };

describe.each([ddpgAlgorithm, td3Algorithm, sacAlgorithm])("$name with priorities", (algorithm) => {
  test("stopped, stored and resumed is as never stopped", async () => {
    const whole = algorithm.create(mountainCarContinuous, prioritized, 5);
    await trained(whole, 640);
    const first = algorithm.create(mountainCarContinuous, prioritized, 5);
    for await (const { iteration } of first.train({ steps: 640 })) if (iteration === 6) break;
    const checkpoint = first.checkpoint();
    const priorities = decodeCheckpoint(checkpoint).tensors["replay/priorities"].data as Float64Array;
    expect(priorities).toHaveLength(300);
    // Those that were drawn have the size of their own errors.
    expect(new Set(priorities).size).toBeGreaterThan(100);
    const second = algorithm.resume(checkpoint, mountainCarContinuous);
    await trained(second);
    expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
    expect(decodeCheckpoint(second.checkpoint()).tensors).toEqual(decodeCheckpoint(whole.checkpoint()).tensors);
  });

  test("learns otherwise than without, weights count, and an exponent of 0 is without", async () => {
    const run = async (options: object) => {
      const agent = algorithm.create(pendulum, { ...small, ...options }, 1);
      await trained(agent, 256);
      return weights(agent.policy.store);
    };
    const plain = await run({});
    expect(await run({ priorityExponent: 0, importanceExponent: 1 })).toEqual(plain);
    const weighted = await run({ priorityExponent: 0.7, importanceExponent: 1 });
    expect(weighted).not.toEqual(plain);
    expect(await run({ priorityExponent: 0.7, importanceExponent: 0 })).not.toEqual(weighted);
  });
});

test.each([
  ["terminates", 1],
  ["is truncated", 2],
] as const)("where an episode %s, a step is still worth %d at γ = ½", async (ends, worth) => {
  const options = { env: paid(ends), ...prioritized, gamma: 0.5, learningRate: 0.01, targetRate: 0.05, updatesPerStep: 1 };
  for (const agent of [ddpg(options), td3(options), sac({ ...options, temperature: 0 })]) {
    expect((await trained(agent, 1600)).at(-1)!.meanQ).toBeCloseTo(worth, 1);
  }
});
