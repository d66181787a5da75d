import { FormatError, NumericalError, OptionError } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { decodeCheckpoint } from "../src/index.js";
import type { Algorithm, Report } from "../src/index.js";
import { describe, expect, test } from "vitest";
import { bandit, trained, weights } from "./agents.js";

/**
 * What every algorithm's agents keep to.
 *
 * @param algorithm - As command lines see it.
 * @param small - Options of a training that takes a moment, of 4 environments.
 * @param budget - Steps of a training of at least 5 iterations on CartPole and on Pendulum.
 */
export function describeAgent(algorithm: Algorithm, small: object, budget = 640): void {
  const { name } = algorithm;
  const create = (env: EnvironmentDefinition, more: object = {}, seed = 0) =>
    algorithm.create(env, { ...small, ...more }, seed);

  describe(`${name} as an agent`, () => {
    test("the same seed gives the same bits, another seed others", async () => {
      const run = async (seed: number) => {
        const agent = create(cartPole, {}, seed);
        await trained(agent, 500);
        return weights(agent.policy.store);
      };
      expect(await run(1)).toEqual(await run(1));
      expect(await run(1)).not.toEqual(await run(2));
    });

    test.each([cartPole, pendulum] as EnvironmentDefinition[])("$id: stopped, stored and resumed is as never stopped", async (env) => {
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
      const agent = create(cartPole);
      expect((await trained(agent, 100)).at(-1)!.steps).toBe(100);
      expect((await trained(agent, 10)).at(-1)!.steps).toBe(112);
    });

    test("a closed agent still plays", async () => {
      const agent = create(cartPole);
      agent.close();
      expect([0, 1]).toContain(agent.policy.act([0, 0, 0, 0]));
    });

    test("a reward that turns NaN stops the run and keeps the last weights", async () => {
      let calls = 0;
      const env = { id: "Bandit-v0", make: bandit((action) => (++calls > 200 ? NaN : action)) };
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
      const agent = create(cartPole);
      await trained(agent, 64);
      const bytes = agent.checkpoint();
      expect(() => algorithm.resume(bytes.subarray(0, 100), cartPole)).toThrow(FormatError);
      expect(() => algorithm.resume(bytes, pendulum)).toThrow(
        "checkpoint: expected one of environment Pendulum-v1, got one of",
      );
    });

    test.each<[string, object, string]>([
      ["γ of 1.5", { gamma: 1.5 }, "gamma"],
      ["an unknown option", { gama: 1 }, "gamma"],
      ["no environments", { environments: 0 }, "environments"],
    ])("%s", (_, options, message) => {
      expect(() => create(cartPole, options)).toThrow(OptionError);
      expect(() => create(cartPole, options)).toThrow(message);
    });

    test.each([-1, 0.5, NaN])("a seed of %s", (seed) => {
      expect(() => create(cartPole, {}, seed)).toThrow(OptionError);
    });
  });
}
