import { compile, variable } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { acrobot, frameStack, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { resolveOptions } from "../options/resolve.js";
import { onPolicyOptions } from "./on-policy-options.js";
import { RolloutCollector } from "./rollout-collector.js";

const settings = resolveOptions(onPolicyOptions, { environments: 4, rolloutSteps: 16, hiddenWidths: [8], deterministic: true });
const pace = { due: false, turn: async () => undefined };

function collectorOf(env: EnvironmentDefinition) {
  const collector = new RolloutCollector({ env, algorithm: "test", settings, random: new Random(1) });
  return { collector, vector: collector.environments.vector };
}

/** Counts what is copied into the programs' memory from where the observations are, while a rollout is collected. */
async function copiesOf({ collector, vector }: ReturnType<typeof collectorOf>): Promise<number> {
  const { policy, policyParameters } = collector.model;
  const set = vi.spyOn(Object.getPrototypeOf(Float32Array.prototype) as Float32Array, "set");
  await collector.collect(settings.rolloutSteps, pace);
  const [shown, programs] = [vector.observations, policy.store.view(policyParameters[0]).buffer];
  return set.mock.calls.filter(([source], call) => {
    const isShown = source instanceof Float32Array && source.buffer === shown.buffer && source.byteOffset === shown.byteOffset;
    return isShown && (set.mock.contexts[call] as Float32Array).buffer === programs;
  }).length;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([
  ["native", acrobot],
  ["continuous", pendulum],
  ["wrapped", frameStack(pendulum, 2)],
])("environments that are %s", (_, env) => {
  test("write their observations into the programs' memory, from where nothing is copied to the policy", async () => {
    const made = collectorOf(env);
    const { policy, policyParameters } = made.collector.model;
    expect(made.vector.observations.buffer).toBe(policy.store.view(policyParameters[0]).buffer);
    expect(await copiesOf(made)).toBe(0);

    const apart = collectorOf(env);
    const elsewhere = apart.vector.observations.slice();
    apart.vector.showIn(() => elsewhere);
    expect(await copiesOf(apart)).toBe(settings.rolloutSteps);
  });

  test("give the same rollouts as those that write elsewhere, while memory grows", async () => {
    const [made, apart] = [collectorOf(env), collectorOf(env)];
    const elsewhere = apart.vector.observations.slice();
    apart.vector.showIn(() => elsewhere);
    const pages: unknown[] = [];
    for (let iteration = 0; iteration < 3; iteration++) {
      const [one, other] = [await made.collector.collect(16, pace), await apart.collector.collect(16, pace)];
      expect(one).toEqual(other);
      pages.push(made.vector.observations.buffer);
      const large = variable(`large/${iteration}`, [100_000 * (iteration + 1)], iteration);
      compile({ inputs: {}, outputs: { sum: large.sum() }, store: made.collector.model.policy.store }).run({});
      expect(made.vector.observations).toEqual(elsewhere);
    }
    expect(new Set(pages).size).toBe(3);
  });
});
