import { Random } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { trpoOptions, TrustRegionStep } from "@uphill/pg-algorithms";
import { resolveOptions, RolloutCollector } from "@uphill/training";
import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark } from "./harness/benchmark.js";
import { awaited } from "./harness/contender.js";
import type { Contender } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { microseconds } from "./harness/row.js";
import type { Row } from "./harness/row.js";

/** Of a step with 64 × 64. */
const targetUs = 60_000;

/** TRPO's step of the policy. */
export const trpoStep: Benchmark = {
  name: "trpo-step",
  summary: "TRPO's policy step at 2,048 states: gradient, 15 Fisher products, line search; [WIDTH = 64] of both hidden layers",
  rounds: 30,
  run: async ([text], settings) => {
    const width = integerParameter("WIDTH", text, 64, 1);
    const rows: Row[] = [];
    for (const env of [cartPole, pendulum] as EnvironmentDefinition[]) {
      const contenders = [await stepContender(env, width)];
      const name = `${env.id}, ${width}×${width}`;
      rows.push(...(await measure({ name, figure: microseconds, ...(width === 64 && { target: targetUs }), contenders }, settings)));
    }
    return rows;
  },
};

/** A step from an untrained policy, again and again from the same weights. */
async function stepContender(env: EnvironmentDefinition, width: number): Promise<Contender> {
  const options = resolveOptions(trpoOptions, { environments: 8, rolloutSteps: 256, hiddenWidths: [width, width] });
  const collector = new RolloutCollector({ env, algorithm: "trpo", settings: options, random: new Random(1) });
  const { policy, policyParameters } = collector.model;
  const rollout = await collector.collect(256, { due: false, turn: () => Promise.resolve() });
  gaeAdvantages({ ...rollout, gamma: options.gamma, lambda: options.lambda, out: rollout.advantages });
  const feeds = { action: rollout.actions, advantage: rollout.advantages, oldLogProbability: rollout.logProbabilities };
  const step = new TrustRegionStep(options, collector.model, null);
  const weights = policyParameters.map((variable) => policy.store.read(variable));
  return awaited("Uphill", async () => {
    policyParameters.forEach((variable, i) => policy.store.write(variable, weights[i]));
    await step.take(rollout.observations, feeds, 0);
  });
}
