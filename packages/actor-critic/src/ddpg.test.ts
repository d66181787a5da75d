import { evaluate, grad, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { box, cartPole, mountainCarContinuous, pendulum } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { target, trained, weights } from "../../training/test/agents.js";
import { paid, smallOffPolicy as small } from "../test/off-policy.js";
import { ddpg, ddpgAlgorithm, ddpgLosses } from "./index.js";

describe("learning", () => {
  test("a continuous action within its bounds", async () => {
    const agent = ddpg({ env: target, ...small, updatesPerStep: 1, learningRate: 0.01, noiseScale: 0.3 });
    await trained(agent, 1500);
    expect(Math.abs(agent.policy.act([0])[0] - 0.7)).toBeLessThan(0.2);
  });
});

describe("laws", () => {
  test.each([
    ["terminates", 1],
    ["is truncated", 2],
  ] as const)("where an episode %s, a step is worth %d at γ = ½", async (ends, worth) => {
    const agent = ddpg({ env: paid(ends), ...small, gamma: 0.5, learningRate: 0.01, targetRate: 0.05, updatesPerStep: 1 });
    expect((await trained(agent, 1600)).at(-1)!.meanQ).toBeCloseTo(worth, 1);
  });

  test("a rate of 1 every k updates copies both networks, and between them the targets stand still", async () => {
    const agent = ddpg({ env: pendulum, ...small, targetRate: 1, targetInterval: 4, stepsPerReport: 4, updateInterval: 4 });
    const { store } = agent.policy;
    const read = (name: string) => [...store.read(store.find(`${name}/output/kernel`)!)];
    const equal: number[] = [];
    for await (const { updates } of agent.train({ steps: 80 })) {
      const same = [["critic", "targetCritic"], ["policy", "targetPolicy"]].every(([one, other]) => read(one).every((weight, i) => weight === read(other)[i]));
      if (same && updates > 0) equal.push(updates);
    }
    expect(equal).toEqual([4, 8, 12]);
  });

  test("one soft step moves a target by τ towards the new weights", async () => {
    const agent = ddpg({ env: pendulum, ...small, targetRate: 0.25, stepsPerReport: 4, updateInterval: 4 });
    const { store } = agent.policy;
    const read = (name: string) => [...store.read(store.find(`${name}/output/kernel`)!)];
    let before = read("targetCritic");
    for await (const { updates } of agent.train({ steps: 60 })) {
      const [now, critic] = [read("targetCritic"), read("critic")];
      if (updates > 0) now.forEach((weight, i) => expect(weight).toBeCloseTo(before[i] + 0.25 * (critic[i] - before[i]), 5));
      before = now;
    }
  });

  test("actions of any bounds are explored and learned within them", async () => {
    const seen: number[] = [];
    const make = () => ({
      observationSpace: box({ low: -1, high: 1, shape: [1] }),
      actionSpace: box({ low: [2, -8], high: [3, -2] }),
      reset: () => Float32Array.of(0),
      step: (action: Float32Array) => {
        seen.push(...action);
        return { observation: Float32Array.of(0), reward: -((action[0] - 2.25) ** 2) - (action[1] + 4) ** 2, terminated: true, truncated: false };
      },
    });
    const agent = ddpg({ env: { id: "Offset-v0", make }, ...small, updatesPerStep: 1, learningRate: 0.01, noiseScale: 1 });
    await trained(agent, 2000);
    seen.forEach((action, i) => expect(i % 2 === 0 ? action >= 2 && action <= 3 : action >= -8 && action <= -2).toBe(true));
    expect(seen.filter((_, i) => i % 2 === 0 && i < 64).some((action) => action < 2.3)).toBe(true);
    const [first, second] = agent.policy.act([0]);
    expect(Math.abs(first - 2.25)).toBeLessThan(0.2);
    expect(Math.abs(second + 4)).toBeLessThan(1);
  });
});

test("the losses, by hand, and the target is fixed", () => {
  const [storedQ, policyQ, y, weight] = ["storedQ", "policyQ", "y", "weight"].map((name) => input(name, ["batch"]));
  const feeds = { storedQ: [1, 2.5], policyQ: [2, 4], y: [2, 2], weight: [0.5, 1] };
  const { errors, ...losses } = ddpgLosses({ storedQ, target: y, policyQ });
  const [toTarget, toStored] = grad(losses.criticLoss, [y, storedQ]);
  const result = evaluate({ ...losses, toTarget, toStored }, feeds);
  expect(result).toEqual({ criticLoss: 0.625, policyLoss: -3, toTarget: Float64Array.of(0, 0), toStored: Float64Array.of(-1, 0.5) });
  expect(evaluate(errors, feeds)).toEqual(Float64Array.of(1, 0.5));
  expect(evaluate(ddpgLosses({ storedQ, target: y, policyQ, weight }).criticLoss, feeds)).toBe(0.375);
});

describeAgent(ddpgAlgorithm, small, 640, [pendulum, mountainCarContinuous]);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a discrete environment", { env: cartPole }, 'got "CartPole-v1" with a discrete space'],
    ["actions without bounds", { env: { id: "Free-v0", make: () => ({ ...target(), actionSpace: box({ low: -Infinity, high: Infinity, shape: [1] }) }) } }, "with a box without bounds"],
    ["a batch larger than the buffer", { batchSize: 301 }, "batchSize: expected at most bufferCapacity = 300, got 301"],
    ["a buffer of fewer transitions than environments", { bufferCapacity: 3, environments: 4 }, "bufferCapacity: expected at least environments = 4, got 3"],
    ["an unknown noise", { noise: "pink" }, "noise"],
  ])("%s", (_, options, message) => {
    expect(() => ddpg({ env: pendulum, ...small, ...options })).toThrow(OptionError);
    expect(() => ddpg({ env: pendulum, ...small, ...options })).toThrow(message);
  });

  test("a Q that diverges names the update and the loss, and nothing is lost", async () => {
    const agent = ddpg({ env: paid("is truncated", 1e30), ...small });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/ddpg update 1: expected finite losses.* criticLoss Infinity.* after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
  });
});
