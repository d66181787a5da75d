import { FormatError, OptionError, Random, StateError } from "@uphill/core-math";
import { box, discrete, makeEnvironment, pendulum } from "@uphill/envs";
import { addJsonLines, decodeCheckpoint, evaluatePolicy, ReplayBuffer } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { trained, weights } from "../../training/test/agents.js";
import { ddpg, ddpgAlgorithm, resumeDdpg, resumeSac, resumeTd3, sac, sacAlgorithm, td3, td3Algorithm } from "./index.js";

const small = { hiddenWidths: [16], batchSize: 32, stepsPerReport: 100, learningRate: 0.003, targetRate: 0.05 } as const;

/** What random actions do on Pendulum, by way of lines of JSON. */
async function randomPendulum(count: number) {
  const env = makeEnvironment(pendulum);
  const random = new Random(1);
  const transitions = new ReplayBuffer({ count: 1, ...env }, { capacity: count });
  let observation = [...env.reset({ seed: 1 })];
  await addJsonLines(transitions, Array.from({ length: count }, () => {
    const action = [random.uniform(-2, 2)];
    const { observation: next, reward, terminated, truncated } = env.step(Float32Array.from(action));
    const line = JSON.stringify({ observation, action, reward, nextObservation: [...next], terminated, truncated });
    observation = [...(truncated ? env.reset() : next)];
    return line;
  }));
  return transitions;
}

/** One state, one action; earns −(a − 0.3)², so that the best action is 0.3. */
const lines = Array.from({ length: 200 }, (_, k) => {
  const action = -1 + (2 * k) / 199;
  return JSON.stringify({ observation: [0], action: [action], reward: -((action - 0.3) ** 2), nextObservation: [0], terminated: true });
});

async function bufferOf(given: readonly string[], capacity = given.length) {
  const space = box({ low: -1, high: 1 });
  const buffer = new ReplayBuffer({ count: 1, observationSpace: space, actionSpace: space }, { capacity });
  await addJsonLines(buffer, given);
  return buffer;
}

const all = [
  { name: "ddpg", make: ddpg, resume: resumeDdpg },
  { name: "td3", make: td3, resume: resumeTd3 },
  { name: "sac", make: sac, resume: resumeSac },
] as const;

describe.each(all)("$name from stored transitions", ({ make, resume }) => {
  test("learns what is best, and reports updates as steps", async () => {
    const agent = make({ transitions: await bufferOf(lines), ...small, seed: 1, ...(make === sac && { temperature: 0.01 }) });
    const reports = await trained(agent, 1500);
    expect(reports).toHaveLength(15);
    expect(reports.at(-1)).toMatchObject({ steps: 1500, updates: 1500, episodes: 0, meanReturn: NaN });
    expect(reports.at(-1)!.criticLoss).toBeLessThan(0.01);
    expect(Math.abs(agent.policy.act([0])[0] - 0.3)).toBeLessThan(0.15);
  });

  test.each([{}, { priorityExponent: 0.6, normalizeObservations: true }])(
    "stopped, stored and resumed without any environment is as never stopped: %o",
    async (more) => {
      const whole = make({ transitions: await bufferOf(lines), ...small, ...more });
      await trained(whole, 500);
      const first = make({ transitions: await bufferOf(lines), ...small, ...more });
      for await (const { iteration } of first.train({ steps: 500 })) if (iteration === 2) break;
      const second = resume(first.checkpoint());
      await trained(second);
      expect(second.steps).toBe(500);
      expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
      expect(decodeCheckpoint(second.checkpoint()).tensors).toEqual(decodeCheckpoint(whole.checkpoint()).tensors);
    },
  );

  test.each<[string, object, string]>([
    ["a batch larger than all of them", { batchSize: 201 }, "batchSize: expected at most 200, as many as there are transitions, got 201"],
    ["an environment beside them", { env: pendulum }, "env: expected none beside transitions"],
    ["scaled rewards", { normalizeRewards: true }, "normalizeRewards: expected false"],
    ["a list in place of a buffer", { transitions: [] }, "transitions: expected a ReplayBuffer, got"],
    ["a name that is none", { environmentId: 1 }, "environmentId"],
    ["a name beside an environment", { transitions: undefined, env: pendulum, environmentId: "Mine" }, "environmentId: expected none without transitions"],
  ])("refuses %s", async (_, options, message) => {
    const transitions = await bufferOf(lines);
    expect(() => make({ transitions, ...small, ...options })).toThrow(OptionError);
    expect(() => make({ transitions, ...small, ...options })).toThrow(message);
  });

  test("refuses actions that are choices", () => {
    const transitions = new ReplayBuffer({ count: 1, observationSpace: box({ low: -1, high: 1 }), actionSpace: discrete(2) }, { capacity: 9 });
    expect(() => make({ transitions, ...small } as never)).toThrow("transitions: expected ones whose actions are numbers within finite bounds (a box), got a discrete space");
  });

  test("says where there are too few of them yet", async () => {
    const agent = make({ transitions: await bufferOf(lines.slice(0, 10), 50), ...small });
    await expect(trained(agent, 10)).rejects.toThrow(StateError);
    await expect(trained(agent, 10)).rejects.toThrow("expected a buffer of at least 32 transitions, a batch, got one of 10");
  });
});

describe.each([ddpgAlgorithm, td3Algorithm, sacAlgorithm])("$name, as command lines see it", (algorithm) => {
  test("goes on from a checkpoint of the environment's name alone", async () => {
    const transitions = await randomPendulum(300);
    const agent = algorithm.createOffline!({ transitions, environmentId: "Pendulum-v1" }, { hiddenWidths: [8], batchSize: 16 }, 0);
    await trained(agent, 20);
    const resumed = algorithm.resume(agent.checkpoint(), pendulum);
    expect(resumed.steps).toBe(20);
    await trained(resumed, 20);
    expect((await evaluatePolicy(resumed.policy, pendulum, { episodes: 1, seed: 1 })).lengths[0]).toBe(200);
    const other = { ...pendulum, id: "Other-v0" };
    expect(() => algorithm.resume(agent.checkpoint(), other)).toThrow(FormatError);
  });
});

test("SAC learns to swing Pendulum up from what random actions did", async () => {
  const transitions = await randomPendulum(4000);
  const agent = sac({ transitions, seed: 1, hiddenWidths: [32, 32], batchSize: 64, gamma: 0.95, learningRate: 2e-3, stepsPerReport: 1000 });
  await trained(agent, 2500);
  // A random policy gets −1,200.
  expect((await evaluatePolicy(agent.policy, pendulum, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(-700);
});
