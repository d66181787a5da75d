import { evaluate, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { box, cartPole, discrete, gaussianBandit, mountainCarContinuous, pendulum } from "@uphill/envs";
import type { Discrete, Environment, EnvironmentDefinition } from "@uphill/envs";
import { evaluatePolicy } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { bandit, trained, weights } from "../../training/test/agents.js";
import { resumeTrpo, trpo, vineSurrogate } from "./index.js";
import type { TrpoSettings } from "./index.js";

const small: TrpoSettings = { environments: 4, rolloutSteps: 16, valueMinibatchSize: 32, valueEpochs: 2, hiddenWidths: [8] };
const vine: TrpoSettings = { ...small, sampling: "vine", vineStates: 2, vineSteps: 4 };

describe("learning", () => {
  test("CartPole by branches, from nothing to several times a random policy's return", async () => {
    const agent = trpo({
      env: cartPole, seed: 3, environments: 8, rolloutSteps: 64, hiddenWidths: [32], klRadius: 0.02, sampling: "vine", vineStates: 8, vineSteps: 16,
    });
    await trained(agent, 24 * 8 * (64 + 8 * 2 * 16));
    // A random policy gets 22.
    expect((await evaluatePolicy(agent.policy, cartPole, { episodes: 20, seed: 1000 })).meanReturn).toBeGreaterThan(100);
  });

  test("the better arm of a bandit whose noise hides it from single paths", async () => {
    const env = gaussianBandit({ means: [0, 0.01], deviation: 100 });
    const agent = trpo({ env, ...vine, klRadius: 0.1 });
    await trained(agent, 3_000);
    expect(agent.policy.act([1])).toBe(1);
  });

  test("a sampled continuous action", async () => {
    // Full throttle to the right earns nothing but its cost in a few steps: the mean goes to 0, from wherever it is.
    const agent = trpo({ env: mountainCarContinuous, ...vine, vineActions: 8, klRadius: 0.05, initialLogStandardDeviation: -1, normalizeRewards: true });
    const reports = await trained(agent, 20 * 4 * (16 + 2 * 8 * 4));
    expect(reports.filter(({ stepFraction }) => stepFraction > 0).length).toBeGreaterThan(10);
    expect(reports.at(-1)!.entropy).toBeLessThan(reports[0].entropy);
  });
});

describe("laws", () => {
  test.each([[cartPole, null], [cartPole, 3], [pendulum, 3]] as [EnvironmentDefinition, number | null][])(
    "$id, $1 actions: steps keep within the radius, and improve the surrogate",
    async (env, vineActions) => {
      const agent = trpo({ env, ...vine, vineActions, klRadius: 0.01, damping: 1e-3, seed: 2 });
      const reports = await trained(agent, 10 * 4 * (16 + 2 * 3 * 4));
      for (const { klNats, stepFraction } of reports) {
        expect(klNats).toBeLessThanOrEqual(0.01);
        expect(klNats > 0).toBe(stepFraction > 0);
      }
      expect(reports.filter(({ klNats }) => klNats > 0.005).length).toBeGreaterThan(5);
    },
  );

  test("budgets are exact, branches included; without room for them the policy stays", async () => {
    const agent = trpo({ env: cartPole, ...vine });
    const whole = 4 * (16 + 2 * 2 * 4);
    const reports = await trained(agent, whole + 4);
    expect(reports.map(({ steps }) => steps)).toEqual([whole, whole + 4]);
    expect(reports[0].stepFraction).toBeGreaterThan(0);
    expect(reports[1]).toMatchObject({ stepFraction: 0, klNats: 0 });
    expect(reports[1].entropy).toBeGreaterThan(0.6);
  });

  test("stopped, stored and resumed is as never stopped", async () => {
    const options = { env: cartPole, ...vine, normalizeRewards: true, normalizeObservations: true, seed: 5 };
    const budget = 6 * 4 * (16 + 2 * 2 * 4);
    const whole = trpo(options);
    await trained(whole, budget);
    const first = trpo(options);
    for await (const { iteration } of first.train({ steps: budget })) if (iteration === 3) break;
    const second = resumeTrpo(first.checkpoint(), cartPole);
    await trained(second);
    expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
  });

  test("where a state is all there is, rewards that followed credit actions as advantages do", async () => {
    const after = async (credit: "advantage" | "return") => {
      const agent = trpo({ env: bandit(), ...small, credit, seed: 1 });
      await trained(agent, 64);
      return weights(agent.policy.store);
    };
    const [advantage, rewards] = [await after("advantage"), await after("return")];
    // They differ by one number for all steps, which normalising takes away, up to float32.
    advantage.forEach((weight, i) => expect(Math.abs(weight - rewards[i])).toBeLessThan(1e-5));
    const env = { env: cartPole, ...small, seed: 1 };
    const [one, other] = [trpo({ ...env, credit: "advantage" }), trpo({ ...env, credit: "return" })];
    await Promise.all([trained(one, 64), trained(other, 64)]);
    expect(weights(one.policy.store)).not.toEqual(weights(other.policy.store));
  });

  test("the rewards that followed are those until the end, whatever λ is", async () => {
    // Nothing is to be seen, so values are all alike; an action earns more the later it comes.
    const env = (): Environment<Discrete> => {
      let step = 0;
      return {
        observationSpace: box({ low: -1, high: 1, shape: [1] }),
        actionSpace: discrete(2),
        reset: () => Float32Array.of((step = 0)),
        step: (action) => ({ observation: Float32Array.of(0), reward: action * step, terminated: ++step === 4, truncated: false }),
      };
    };
    const after = async (settings: TrpoSettings) => {
      const agent = trpo({ env, ...small, gamma: 0.9, ...settings, seed: 1 });
      await trained(agent, 64);
      const { store } = agent.policy;
      return store.variables().filter(({ name }) => name.startsWith("policy/")).flatMap((one) => [...store.read(one)]);
    };
    const credited = await after({ credit: "return", lambda: 0.3 });
    const expected = await after({ credit: "advantage", lambda: 1 });
    credited.forEach((weight, i) => expect(Math.abs(weight - expected[i])).toBeLessThan(1e-5));
    expect(credited).not.toEqual(await after({ credit: "advantage", lambda: 0.3 }));
  });

  test("rollouts begin new episodes where they are to", async () => {
    const lengths = async (restartEpisodes: boolean) => {
      const agent = trpo({ env: pendulum, ...small, rolloutSteps: 50, restartEpisodes });
      return (await trained(agent, 8 * 4 * 50)).at(-1)!.episodes;
    };
    // Pendulum's episodes have 200 steps.
    expect(await lengths(true)).toBe(0);
    expect(await lengths(false)).toBe(8);
  });
});

test("the surrogate of a vine by hand", () => {
  const names = ["logProbability", "logProposal", "actionValue"] as const;
  const [logProbability, logProposal, actionValue] = names.map((name) => input(name, ["state", 2]));
  const surrogate = vineSurrogate({ logProbability, logProposal, actionValue });
  // All actions: 0.3 · 1 + 0.7 · 2 and 0.5 · 4 + 0.5 · 0.
  const all = { logProbability: [0.3, 0.7, 0.5, 0.5].map(Math.log), logProposal: [0, 0, 0, 0], actionValue: [1, 2, 4, 0] };
  expect(evaluate(surrogate, all)).toBeCloseTo((1.7 + 2) / 2, 10);
  // Sampled: weights 2 and ½, of 2.5; and 1 and 1.
  const sampled = { logProbability: [0.4, 0.1, 0.3, 0.2], logProposal: [0.2, 0.2, 0.3, 0.2], actionValue: [1, 6, 2, 3] };
  const logs = { ...sampled, logProbability: sampled.logProbability.map(Math.log), logProposal: sampled.logProposal.map(Math.log) };
  expect(evaluate(surrogate, logs)).toBeCloseTo(((2 * 1 + 0.5 * 6) / 2.5 + 2.5) / 2, 10);
});

describe("errors", () => {
  test.each<[string, object, string]>([
    ["an environment that cannot restore a state", { env: bandit() }, "cannot restore a state"],
    ["all actions of a box", { env: pendulum }, "vineActions: expected a number of actions to sample from a box space, got none"],
    ["no steps in branches", { env: cartPole, vineSteps: 0 }, "vineSteps"],
    ["another way of sampling", { env: cartPole, sampling: "tree" }, "sampling"],
  ])("%s", (_, options, message) => {
    const given = { ...vine, ...options } as Parameters<typeof trpo>[0];
    expect(() => trpo(given)).toThrow(OptionError);
    expect(() => trpo(given)).toThrow(message);
  });
});
