import { evaluate, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { cartPole, mountainCarContinuous, pendulum } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { target, trained, weights } from "../../training/test/agents.js";
import { paid, smallOffPolicy as small } from "../test/off-policy.js";
import { td3, td3Algorithm, td3Losses } from "./index.js";

describe("learning", () => {
  test("a continuous action within its bounds", async () => {
    const agent = td3({ env: target, ...small, updatesPerStep: 1, learningRate: 0.01 });
    await trained(agent, 1500);
    expect(agent.policy.act([0])[0]).toBeCloseTo(0.7, 1);
  });
});

describe("laws", () => {
  test.each([
    ["terminates", 1],
    ["is truncated", 2],
  ] as const)("where an episode %s, a step is worth %d at γ = ½", async (ends, worth) => {
    const agent = td3({ env: paid(ends), ...small, gamma: 0.5, learningRate: 0.01, targetRate: 0.05, updatesPerStep: 1 });
    expect((await trained(agent, 1600)).at(-1)!.meanQ).toBeCloseTo(worth, 1);
  });

  test("the policy and the targets move once in so many updates", async () => {
    const agent = td3({ env: pendulum, ...small, policyDelay: 3, updateInterval: 4, updatesPerStep: 0.25, stepsPerReport: 4 });
    const { store } = agent.policy;
    const read = (name: string) => [...store.read(store.find(`${name}/output/kernel`)!)];
    const moved: Record<string, number[]> = { policy: [], targetPolicy: [], critic1: [], targetCritic0: [] };
    let before: Record<string, number[]> = {};
    for await (const { updates } of agent.train({ steps: 72 })) {
      const now = Object.fromEntries(Object.keys(moved).map((name) => [name, read(name)]));
      for (const name of Object.keys(moved)) {
        if (updates > 0 && before[name].some((weight, i) => weight !== now[name][i])) moved[name].push(updates);
      }
      before = now;
    }
    expect(moved).toEqual({ policy: [3, 6, 9], targetPolicy: [3, 6, 9], critic1: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], targetCritic0: [3, 6, 9] });
  });

  test("exploring by a process, actions stay within the bounds and the run is as never stopped", async () => {
    const options = { env: pendulum, ...small, noise: "ornsteinUhlenbeck", noiseScale: 3, noiseTimeStep: 1 } as const;
    const whole = td3(options);
    await trained(whole, 512);
    const first = td3(options);
    for await (const { steps } of first.train({ steps: 512 })) if (steps === 256) break;
    const second = td3Algorithm.resume(first.checkpoint(), pendulum);
    await trained(second);
    expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
  });
});

test("the losses, by hand", () => {
  const [q0, q1, policyQ, y] = ["q0", "q1", "policyQ", "y"].map((name) => input(name, ["batch"]));
  const losses = td3Losses({ storedQ: [q0, q1], target: y, policyQ });
  const { criticLoss, policyLoss } = evaluate(losses, { q0: [1, 2], q1: [3, 5], policyQ: [2, 4], y: [2, 2] });
  expect([criticLoss, policyLoss]).toEqual([(1 + 0) / 2 + (1 + 9) / 2, -3]);
});

describeAgent(td3Algorithm, small, 640, [pendulum, mountainCarContinuous]);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a discrete environment", { env: cartPole }, 'got "CartPole-v1" with a discrete space'],
    ["a batch larger than the buffer", { batchSize: 301 }, "batchSize: expected at most bufferCapacity = 300, got 301"],
    ["a buffer of fewer transitions than environments", { bufferCapacity: 3, environments: 4 }, "bufferCapacity: expected at least environments = 4, got 3"],
    ["no delay", { policyDelay: 0 }, "policyDelay"],
  ])("%s", (_, options, message) => {
    expect(() => td3({ env: pendulum, ...small, ...options })).toThrow(OptionError);
    expect(() => td3({ env: pendulum, ...small, ...options })).toThrow(message);
  });

  test("a Q that diverges names the update and the loss, and nothing is lost", async () => {
    const agent = td3({ env: paid("is truncated", 1e30), ...small });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/td3 update 1: expected finite losses.* criticLoss Infinity.* after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});
