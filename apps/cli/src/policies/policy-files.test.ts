import {
  amortizedFittedQ, boltzmannPolicy, fitBoltzmannPolicy, fittedQIteration, gradientAscent, linearRegression, networkRegression, nfqca, softMaximum,
  vTracePolicyGradient,
} from "@uphill/actor-critic";
import { Random } from "@uphill/core-math";
import { actionMask, cartPole, makeEnvironment, makeVectorEnvironment, mountainCarContinuous, multiDiscrete, pendulum } from "@uphill/envs";
import type { ActionsOf, EnvironmentDefinition, Space } from "@uphill/envs";
import { encodeOnnx, verifyOnnx } from "@uphill/onnx-runtime";
import { Policy, policyNetwork, ReplayBuffer } from "@uphill/training";
import type { Agent } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { algorithms, findAlgorithm } from "../algorithms.js";

async function expectSameFile(policy: Policy, env: EnvironmentDefinition): Promise<void> {
  const verification = await verifyOnnx(policy, encodeOnnx(policy), { env, episodes: 2 });
  expect(verification.passed, verification.summary).toBe(true);
  expect(verification.largest.relative).toBeLessThan(1e-5);
}

/** An agent of an algorithm after a short training: small networks, normalised observations. */
async function trained(name: string, env: EnvironmentDefinition, more: object = {}): Promise<Agent> {
  const { options, create } = findAlgorithm(name);
  const small = { environments: 2, hiddenWidths: [16, 16], normalizeObservations: true, batchSize: 32, workers: 1, lambda: 0, minibatchSize: 32, valueMinibatchSize: 32 };
  const known = Object.entries({ ...small, ...more }).filter(([option]) => Object.hasOwn(options, option));
  const agent = create(env, Object.fromEntries(known), 1);
  for await (const _ of agent.train({ steps: 400 }));
  return agent;
}

const learnsChoices = (name: string): boolean => !["trpl", "ddpg", "td3", "sac"].includes(name);
const names = algorithms.map(({ name }) => name);

describe("policies leave as files to 1e-5", () => {
  test.each(names)("%s", async (name) => {
    // Actions within bounds: −2 to 2, and −1 to 1.
    for (const env of learnsChoices(name) ? [cartPole, pendulum] : [pendulum, mountainCarContinuous]) {
      const agent = await trained(name, env);
      await expectSameFile(agent.policy, env);
      agent.close();
    }
  });

  test.each(names.filter((name) => Object.hasOwn(findAlgorithm(name).options, "stateDependentNoise") && name !== "trpl"))(
    "%s with noise that depends on the state",
    async (name) => {
      const agent = await trained(name, pendulum, { stateDependentNoise: true });
      await expectSameFile(agent.policy, pendulum);
      agent.close();
    },
  );

  test.each(names.filter(learnsChoices))("%s with masked actions, and with several choices at once", async (name) => {
    const masked = actionMask(cartPole, ([position], action) => action !== Number(position > 1));
    for (const [env, more] of [[masked, { maskActions: true }], [severalChoices, {}]] as const) {
      const agent = await trained(name, env, more);
      await expectSameFile(agent.policy, env);
      agent.close();
    }
  });

  test("reinforce with a window of observations, sac with a value network and a given temperature", async () => {
    await expectSameFile((await trained("reinforce", cartPole, { window: 3 })).policy, cartPole);
    await expectSameFile((await trained("sac", pendulum, { bootstrap: "valueNetwork", temperature: 0.1 })).policy, pendulum);
  });

  test("what is learned from stored transitions", async () => {
    const transitions = randomPlay(pendulum, (random) => random.uniform(-2, 2), Float32Array);
    const small = { transitions, environmentId: pendulum.id, hiddenWidths: [16] };
    await expectSameFile(await nfqca({ ...small, iterations: 3, minibatchSize: 64 }), pendulum);
    await expectSameFile(await vTracePolicyGradient({ ...small, updates: 20 }), pendulum);

    const fit = networkRegression({ hiddenWidths: [16], epochs: 2 });
    const maximize = gradientAscent({ starts: 1, steps: 2 });
    const { policy, q } = await amortizedFittedQ({ ...small, fit, maximize, maxIterations: 2, subset: 50 });
    await expectSameFile(policy, pendulum);

    const { observationSpace, actionSpace } = makeEnvironment(pendulum);
    const { distribution, parameters } = policyNetwork(new Random(1), { observationSpace, actionSpace, hiddenWidths: [16], activation: "tanh" });
    const normal = distribution as Parameters<typeof fitBoltzmannPolicy>[0]["distribution"];
    const observations = Float32Array.from({ length: 300 }, (_, i) => Math.cos(i));
    const store = fitBoltzmannPolicy({ q, observations, observationSize: 3, distribution: normal, parameters, temperature: 1, steps: 20 });
    const fitted = new Policy({ environmentId: pendulum.id, algorithm: "boltzmann", observationSpace, actionSpace, store, distribution });
    await expectSameFile(fitted, pendulum);
  });

  test.each([networkRegression({ hiddenWidths: [16], epochs: 2 }), linearRegression()])("Boltzmann's policy over choices", async (fit) => {
    const transitions = randomPlay(cartPole, (random) => random.integer(2), Int32Array);
    const fitted = await fittedQIteration({ transitions, fit, maximize: softMaximum(0.1), maxIterations: 3 });
    await expectSameFile(boltzmannPolicy(fitted, { temperature: 0.1, environmentId: cartPole.id }), cartPole);
  });
});

/** CartPole, pushed as often as two of three choices say. */
const severalChoices: EnvironmentDefinition = {
  id: "Choices-v0",
  maxEpisodeSteps: 50,
  make() {
    const environment = cartPole.make();
    return {
      observationSpace: environment.observationSpace,
      actionSpace: multiDiscrete([2, 3, 2]),
      reset: (options) => environment.reset(options),
      step: (action) => environment.step(Number((action as Int32Array)[0] + (action as Int32Array)[2] > 1)),
    };
  },
};

/** Random play, with probabilities. */
function randomPlay<A extends Space>(env: EnvironmentDefinition<A>, draw: (random: Random) => number, actions: { from(list: readonly number[]): unknown }): ReplayBuffer<A> {
  const vector = makeVectorEnvironment(env, 2);
  const buffer = new ReplayBuffer(vector, { capacity: 400, keepsLogProbabilities: true });
  const random = new Random(3);
  vector.reset({ seed: 3 });
  for (let t = 0; t < 200; t++) {
    const drawn = actions.from([draw(random), draw(random)]) as ActionsOf<A>;
    buffer.recordDecisions({ observations: vector.observations, actions: drawn, logProbabilities: [-1.4, -1.4] });
    vector.step(drawn);
    buffer.recordOutcomes(vector);
  }
  return buffer;
}
