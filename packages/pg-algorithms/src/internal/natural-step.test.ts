import { evaluate, input, stopGradient } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { acrobot, cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { onPolicyOptions, resolveOptions, RolloutCollector } from "@uphill/training";
import type { ActorCritic, OnPolicySettings } from "@uphill/training";
import { fisherVectorProduct, naturalGradient, naturalStepSize } from "@uphill/trust-region";
import { expect, test } from "vitest";
import { NaturalStep } from "./natural-step.js";

// As many products as make conjugate gradients exact.
const settings = { klRadius: 0.01, damping: 0.1, conjugateGradientSteps: 200 };

/** An untrained policy, states that it saw, and a gradient. */
async function problem(env: EnvironmentDefinition, more: OnPolicySettings) {
  const small = { environments: 2, rolloutSteps: 16, hiddenWidths: [5, 4], initialWeights: "lecunUniform", ...more } as const;
  const options = resolveOptions(onPolicyOptions, small);
  const collector = new RolloutCollector({ env, algorithm: "test", settings: options, random: new Random(1) });
  const { observations } = await collector.collect(16, { due: false, turn: () => Promise.resolve() });
  const { model } = collector;
  const length = model.policyParameters.reduce((sum, { initial }) => sum + initial.length, 0);
  const random = new Random(7);
  return { model, observations, gradient: Float64Array.from({ length }, () => random.standardNormal()) };
}

/** The step by the Hessian of the divergence in the policy's parameters, in float64. */
function stepByHessian({ policy, policyParameters }: ActorCritic, observations: Float32Array, gradient: Float64Array): Float64Array {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const old = Object.entries(distribution.parameters).map(([name, tensor]) => [name, stopGradient(tensor)] as const);
  const klNats = distribution.withParameters(Object.fromEntries(old)).kl(distribution).mean();
  const directions = policyParameters.map(({ name, shape }) => input(`v/${name}`, shape));
  const products = fisherVectorProduct(klNats, policyParameters, directions);
  const outputs = Object.fromEntries(products.map((product, k) => [policyParameters[k].name, product]));
  const fisher: number[] = [];
  for (let row = 0; row < gradient.length; row++) {
    let start = 0;
    const fed = directions.map(({ name }, k) => {
      const unit = new Float64Array(policyParameters[k].initial.length);
      if (row >= start && row < start + unit.length) unit[row - start] = 1;
      start += unit.length;
      return [name!, unit] as const;
    });
    const column = Object.values(evaluate(outputs, { observation: observations, ...Object.fromEntries(fed) })) as Float64Array[];
    fisher.push(...column.flatMap((part) => [...part]));
    fisher[row * gradient.length + row] += settings.damping;
  }
  const direction = naturalGradient(gradient, fisher);
  const size = naturalStepSize(gradient, direction, settings.klRadius);
  return direction.map((element) => size * element);
}

test.each<[string, EnvironmentDefinition, OnPolicySettings]>([
  ["two actions", cartPole, {}],
  ["three actions, ReLU", acrobot, { activation: "relu" }],
  ["a number", pendulum, {}],
  ["a number with noise that depends on the state", pendulum, { stateDependentNoise: true }],
  ["normalised observations, one hidden layer", pendulum, { normalizeObservations: true, hiddenWidths: [6] }],
])("%s: steps by products, and by all columns of F, are those of the Hessian", async (_, env, more) => {
  const { model, observations, gradient } = await problem(env, more);
  const step = new NaturalStep(model);
  const expected = stepByHessian(model, observations, gradient);
  const size = Math.sqrt(expected.reduce((sum, element) => sum + element ** 2, 0));
  const products = await step.solve(observations, gradient, settings);
  for (const found of [products, await step.solveExactly(observations, gradient, settings)]) {
    const error = found.map((element, i) => element - expected[i]);
    // Products are float32, and the condition of F + 0.1 I is at most some hundred.
    expect(Math.sqrt(error.reduce((sum, element) => sum + element ** 2, 0)) / size).toBeLessThan(1e-4);
  }
  // Other states, of which there are fewer: nothing is kept of those before.
  const fewer = observations.slice(0, observations.length / 4);
  for (const solve of ["solve", "solveExactly"] as const) {
    expect(await step[solve](fewer, gradient, settings)).toEqual(await new NaturalStep(model)[solve](fewer, gradient, settings));
    await step[solve](observations, gradient, settings);
  }
});
