import { FormatError, NumericalError, OptionError } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { debugReport, decodeCheckpoint } from "../src/index.js";
import type { Algorithm, Report } from "../src/index.js";
import { describe, expect, test } from "vitest";
import { bandit, continuousBandit, trained, weights } from "./agents.js";

/** What every report has, beside what the loop counts. */
const everyReport = ["episodes", "meanReturn", "meanLength", "policyLoss", "gradientNorm", "learningRate"];

/** What a report has besides: of a policy and a value function that learn from rollouts; of critics. */
const rolloutReport = ["valueLoss", "entropy", "explainedVariance", "advantageDeviation"];
const criticReport = ["criticLoss", "meanQ", "updates"];

/** Every name that a report may have: one for one thing, whatever the algorithm. The README says what each means. */
const metricNames = [
  ...everyReport,
  ..."steps iteration elapsedMs stepsPerSecond updates".split(" "),
  ..."valueLoss criticLoss meanQ entropy klNats explainedVariance advantageDeviation".split(" "),
  ..."clipFraction stepFraction stepLength klMultiplier regressionLoss temperature effectiveSampleFraction".split(" "),
  ..."staleness maxStaleness replacedWorkers".split(" "),
];

/**
 * What every algorithm's agents keep to.
 *
 * @param algorithm - As command lines see it.
 * @param small - Options of a training that takes a moment, of 4 environments.
 * @param budget - Steps of a training of at least 5 iterations on each of the environments.
 * @param environments - Two that the algorithm learns.
 */
export function describeAgent(
  algorithm: Algorithm,
  small: object,
  budget = 640,
  environments: readonly [EnvironmentDefinition, EnvironmentDefinition] = [cartPole, pendulum],
): void {
  const { name } = algorithm;
  const [one, other] = environments;
  const create = (env: EnvironmentDefinition, more: object = {}, seed = 0) =>
    algorithm.create(env, { ...small, ...more }, seed);

  describe(`${name} as an agent`, () => {
    test("the same seed gives the same bits, another seed others", async () => {
      const run = async (seed: number) => {
        const agent = create(one, {}, seed);
        await trained(agent, 500);
        return weights(agent.policy.store);
      };
      expect(await run(1)).toEqual(await run(1));
      expect(await run(1)).not.toEqual(await run(2));
    });

    test.each(environments)("$id: stopped, stored and resumed is as never stopped", async (env) => {
      const scaled = { normalizeObservations: true, normalizeRewards: true };
      const whole = create(env, scaled, 5);
      const reports = await trained(whole, budget);

      const first = create(env, scaled, 5);
      for await (const { iteration } of first.train({ steps: budget })) if (iteration === 4) break;
      const second = algorithm.resume(first.checkpoint(), env);
      expect(second.steps).toBe(reports[3].steps);
      const rest = await trained(second);

      expect(weights(second.policy.store)).toEqual(weights(whole.policy.store));
      const comparable = ({ elapsedMs: _ms, stepsPerSecond: _speed, ...report }: Report) => report;
      expect(rest.map(comparable)).toEqual(reports.slice(4).map(comparable));
      expect(decodeCheckpoint(second.checkpoint()).tensors).toEqual(decodeCheckpoint(whole.checkpoint()).tensors);
    });

    test("budgets are exact, and a second one follows the first", async () => {
      const agent = create(one);
      expect((await trained(agent, 100)).at(-1)!.steps).toBe(100);
      expect((await trained(agent, 10)).at(-1)!.steps).toBe(112);
    });

    test("reports by the names that all algorithms share", async () => {
      const reports = await trained(create(one), budget);
      const unknown = reports.flatMap((report) => Object.keys(report)).filter((metric) => !metricNames.includes(metric));
      expect([...new Set(unknown)]).toEqual([]);
      const more = Object.hasOwn(reports[0], "criticLoss") ? criticReport : rolloutReport;
      for (const metric of [...everyReport, ...more]) expect(reports[0]).toHaveProperty(metric);
    });

    test("a debug report takes nothing from what follows", async () => {
      const agent = create(one);
      const { returns, entropy, gradientAgreement } = await debugReport(agent.policy, one, { episodes: 2 });
      expect(returns).toHaveLength(2);
      // A policy that explores has a gradient to look at.
      expect(gradientAgreement).toHaveLength(entropy === null ? 0 : 4);
      const plain = create(one);
      for (const each of [agent, plain]) await trained(each, 200);
      expect(weights(agent.policy.store)).toEqual(weights(plain.policy.store));
    });

    test("a closed agent still plays", async () => {
      const agent = create(one);
      agent.close();
      const { policy } = agent;
      const observation = new Float32Array(policy.observationSpace.size);
      expect(policy.actionSpace.contains(policy.act(observation))).toBe(true);
    });

    test("a reward that turns NaN stops the run and keeps the last weights", async () => {
      let calls = 0;
      const reward = (action: number): number => (++calls > 200 ? NaN : action);
      const { kind } = create(one).policy.actionSpace;
      const env: EnvironmentDefinition = { id: "Bandit-v0", make: kind === "box" ? continuousBandit(reward) : bandit(reward) };
      const agent = create(env);
      const kept: number[][] = [];
      const run = async () => {
        for await (const _ of agent.train({ steps: 1000 })) kept.push(weights(agent.policy.store));
      };
      await expect(run()).rejects.toThrow(NumericalError);
      expect(kept.length).toBeGreaterThan(2);
      expect(weights(agent.policy.store)).toEqual(kept.at(-1));
      expect(agent.steps).toBeGreaterThanOrEqual(192);
      expect(agent.steps).toBeLessThanOrEqual(200);
    });

    test("a checkpoint that is cut off, of another environment, or of another algorithm", async () => {
      const agent = create(one);
      await trained(agent, 64);
      const bytes = agent.checkpoint();
      expect(() => algorithm.resume(bytes.subarray(0, 100), one)).toThrow(FormatError);
      expect(() => algorithm.resume(bytes, other)).toThrow(
        `checkpoint: expected one of environment ${other.id}, got one of`,
      );
    });

    test.each<[string, object, string]>([
      ["γ of 1.5", { gamma: 1.5 }, "gamma"],
      ["an unknown option", { gama: 1 }, "gamma"],
      ["no environments", { environments: 0 }, "environments"],
      ["a backend that is none", { backend: 3 }, "backend: expected"],
    ])("%s", (_, options, message) => {
      expect(() => create(one, options)).toThrow(OptionError);
      expect(() => create(one, options)).toThrow(message);
    });

    test.each([-1, 0.5, NaN])("a seed of %s", (seed) => {
      expect(() => create(one, {}, seed)).toThrow(OptionError);
    });
  });
}
