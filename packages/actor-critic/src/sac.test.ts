import { evaluate, grad, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { cartPole, mountainCarContinuous, pendulum } from "@uphill/envs";
import { decodeCheckpoint, evaluatePolicy } from "@uphill/training";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { target, trained, weights } from "../../training/test/agents.js";
import { paid, smallOffPolicy as small } from "../test/off-policy.js";
import { sac, sacAlgorithm, sacLosses, softValue } from "./index.js";
import type { SacSettings } from "./index.js";

describe("learning", () => {
  test.each(["targetCritics", "valueNetwork"] as const)("a continuous action within its bounds, from %s", async (bootstrap) => {
    const agent = sac({ env: target, ...small, bootstrap, updatesPerStep: 1, learningRate: 0.01, temperature: 0.01 });
    const { valueLoss } = (await trained(agent, 1500)).at(-1)!;
    expect(agent.policy.act([0])[0]).toBeGreaterThan(0.5);
    expect(agent.policy.act([0])[0]).toBeLessThan(0.9);
    expect(Number.isNaN(valueLoss)).toBe(bootstrap === "targetCritics");
  });

  test("Pendulum, to better than a random policy", async () => {
    const agent = sac({ env: pendulum, seed: 2, hiddenWidths: [32, 32], batchSize: 32, learningRate: 3e-3, stepsPerReport: 1000, gamma: 0.95 });
    await trained(agent, 3000);
    // A random policy gets −1,200; this one some −300.
    expect((await evaluatePolicy(agent.policy, pendulum, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(-700);
  });
});

describe("laws", () => {
  test.each([
    ["terminates", 1],
    ["is truncated", 2],
  ] as const)("where an episode %s, a step is worth %d at γ = ½", async (ends, worth) => {
    const agent = sac({ env: paid(ends), ...small, temperature: 0, gamma: 0.5, learningRate: 0.01, targetRate: 0.05, updatesPerStep: 1 });
    const reports = await trained(agent, 1600);
    expect(reports.at(-1)!.meanQ).toBeCloseTo(worth, 1);
  });

  test("a temperature that is learned brings the entropy to its target", async () => {
    const agent = sac({ env: target, ...small, targetEntropy: -0.5, learningRate: 0.01, updatesPerStep: 1 });
    const reports = await trained(agent, 2000);
    const last = reports.slice(-10).reduce((sum, { entropy }) => sum + entropy / 10, 0);
    expect(last).toBeCloseTo(-0.5, 0);
  });

  test("how often it reports changes nothing that is learned", async () => {
    const run = async (stepsPerReport: number) => {
      const agent = sac({ env: pendulum, ...small, stepsPerReport, stateDependentNoise: true, noiseResampleSteps: 7 });
      await trained(agent, 300);
      return weights(agent.policy.store);
    };
    expect(await run(36)).toEqual(await run(300));
  });

  test("updates follow their ratio, their interval and the warm-up", async () => {
    const updates = async (settings: SacSettings) =>
      (await trained(sac({ env: pendulum, ...small, stepsPerReport: 40, ...settings }), 200)).map((report) => report.updates);
    expect(await updates({})).toEqual([2, 12, 22, 32, 42]);
    expect(await updates({ updatesPerStep: 2 })).toEqual([16, 96, 176, 256, 336]);
    expect(await updates({ updateInterval: 80 })).toEqual([0, 12, 12, 32, 32]);
    expect(await updates({ warmUpSteps: 0, batchSize: 50 })).toEqual([0, 8, 18, 28, 38]);
  });

  test("a rate of 1 every k updates copies the critics to their targets", async () => {
    const agent = sac({ env: pendulum, ...small, targetRate: 1, targetInterval: 11, stepsPerReport: 8 });
    const { store } = agent.policy;
    const differs: number[] = [];
    for await (const { updates } of agent.train({ steps: 140 })) {
      const read = (name: string) => [...store.read(store.find(`${name}/output/kernel`)!)];
      if (read("critic1").some((weight, i) => weight !== read("targetCritic1")[i])) differs.push(updates);
    }
    expect(differs).not.toContain(0);
    expect(differs).not.toContain(11);
    expect(differs).not.toContain(22);
    expect(differs.length).toBeGreaterThan(5);
  });

  test("a checkpoint holds the replay buffer", async () => {
    const agent = sac({ env: pendulum, ...small });
    await trained(agent, 400);
    expect(decodeCheckpoint(agent.checkpoint()).tensors["replay/observations"].shape).toEqual([300, 3]);
  });
});

describe("the losses", () => {
  const names = ["q0", "q1", "p0", "p1", "target", "logProbability"] as const;
  const fed = Object.fromEntries(names.map((name) => [name, input(name, ["batch"])])) as Record<(typeof names)[number], ReturnType<typeof input>>;
  const temperature = input("temperature", []);
  const losses = sacLosses({
    storedQ: [fed.q0, fed.q1],
    policyQ: [fed.p0, fed.p1],
    target: fed.target,
    logProbability: fed.logProbability,
    temperature,
  });
  const feeds = { q0: [1, 2], q1: [3, 5], p0: [1, 4], p1: [2, 3], target: [2, 2], logProbability: [-1, 0.5], temperature: 0.2 };

  test("by hand", () => {
    const { criticLoss, policyLoss, entropy } = evaluate(losses, feeds);
    expect(criticLoss).toBeCloseTo((1 + 0) / 2 + (1 + 9) / 2, 10);
    expect(policyLoss).toBeCloseTo((0.2 * -1 - 1 + 0.2 * 0.5 - 3) / 2, 10);
    expect(entropy).toBeCloseTo(0.25, 10);
    expect(evaluate(softValue([fed.p0, fed.p1], fed.logProbability, temperature), feeds)).toEqual(Float64Array.of(1.2, 2.9));
  });

  test("the policy learns from the smaller Q alone, and the target is fixed", () => {
    const one = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(one, one), fc.tuple(one, one), (p0, p1) => {
        const [g0, g1] = grad(losses.policyLoss, [fed.p0, fed.p1]).map((gradient) => evaluate(gradient, { ...feeds, p0, p1 }) as Float64Array);
        p0.forEach((_, i) => {
          expect(g0[i] + g1[i]).toBeCloseTo(-0.5, 10);
          if (p0[i] !== p1[i]) expect(p0[i] < p1[i] ? g1[i] : g0[i]).toBeCloseTo(0, 10);
        });
      }),
    );
    const [toTarget] = grad(losses.criticLoss, [fed.target]);
    expect(evaluate({ toTarget, ...losses }, feeds).toTarget).toEqual(Float64Array.of(0, 0));
  });
});

describeAgent(sacAlgorithm, small, 640, [pendulum, mountainCarContinuous]);

describe("errors", () => {
  test.each<[string, object, string]>([
    ["a discrete environment", { env: cartPole }, 'env: expected one whose actions are numbers within finite bounds (a box), got "CartPole-v1" with a discrete space'],
    ["a batch larger than the buffer", { batchSize: 301 }, "batchSize: expected at most bufferCapacity = 300, got 301"],
    ["a buffer of fewer transitions than environments", { bufferCapacity: 3, environments: 4 }, "bufferCapacity: expected at least environments = 4, got 3"],
    ["a negative temperature", { temperature: -1 }, "temperature"],
    ["an unknown form", { bootstrap: "value" }, "bootstrap"],
  ])("%s", (_, options, message) => {
    expect(() => sac({ env: pendulum, ...small, ...options })).toThrow(OptionError);
    expect(() => sac({ env: pendulum, ...small, ...options })).toThrow(message);
  });

  test("a Q that diverges names the update and the loss, and nothing is lost", async () => {
    const agent = sac({ env: paid("is truncated", 1e30), ...small });
    const before = weights(agent.policy.store);
    await expect(trained(agent, 64)).rejects.toThrow(/sac update 1: expected finite losses.* criticLoss Infinity.* after step 0/);
    expect(weights(agent.policy.store)).toEqual(before);
    expect(agent.steps).toBe(0);
  });
});
