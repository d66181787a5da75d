import { OptionError, Random, ShapeError } from "@uphill/core-math";
import { box, cartPole, frameStack, makeEnvironment, pendulum } from "@uphill/envs";
import { describe, expect, it } from "vitest";
import { errands } from "../../test/errands.js";
import { linearCategorical } from "../../test/linear-policies.js";
import { evaluatePolicy } from "./evaluate-policy.js";
import { Policy } from "./policy.js";

/** Chooses 0, 1 or 2 as the second number of the observation is small, middling or large, not surely. */
const { policy, weights } = linearCategorical([0, 0, 0, 0, 4, 8], [0, -1.6, -4.4]);

describe("evaluatePolicy", () => {
  it("plays the policy's mode on environments of its own", async () => {
    const { returns, lengths } = await evaluatePolicy(policy, errands, { episodes: 5, seed: 20 });
    for (let episode = 0; episode < 5; episode++) {
      const environment = makeEnvironment(errands);
      let [observation, sum] = [environment.reset({ seed: 20 + episode }), 0];
      for (let step = 0; step < lengths[episode]; step++) {
        const answer = environment.step(policy.act(observation));
        observation = answer.observation;
        sum += answer.reward;
        expect(answer.terminated || answer.truncated).toBe(step === lengths[episode] - 1);
      }
      expect(returns[episode]).toBe(sum);
    }
  });

  it("plays a policy over windows of observations on the environment of which they are", async () => {
    // Pushes to where the pole falls, by how its angle has changed since the older of two observations.
    const { policy: falling } = linearCategorical([0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, -2, 2, 0, 0], [0, 0]);
    const { environmentId, algorithm, actionSpace, store } = falling;
    const distribution = falling.distribution.bind(falling);
    const observationSpace = box({ low: -Infinity, high: Infinity, shape: [2, 4] });
    const windowed = new Policy({ environmentId, algorithm, actionSpace, store, observationSpace, distribution });
    const { returns } = await evaluatePolicy(windowed, cartPole, { episodes: 3 });
    expect(returns).toEqual((await evaluatePolicy(falling, frameStack(cartPole, 2), { episodes: 3 })).returns);
  });

  it("gives the same where two are under way at once", async () => {
    const options = [
      { episodes: 40, seed: 1 },
      { episodes: 30, seed: 2 },
    ];
    const together = await Promise.all(options.map(async (one) => evaluatePolicy(policy, errands, one)));
    for (const [k, one] of options.entries()) expect(together[k]).toEqual(await evaluatePolicy(policy, errands, one));
  });

  it("sees the weights of the moment, and leaves them alone", async () => {
    const before = await evaluatePolicy(policy, errands, { episodes: 10 });
    const kept = policy.store.read(weights);
    policy.store.write(weights, [0, 0, 0, 0, 0, 0]);
    expect((await evaluatePolicy(policy, errands, { episodes: 10 })).meanReturn).toBeLessThan(before.meanReturn);
    policy.store.write(weights, kept);
    expect(await evaluatePolicy(policy, errands, { episodes: 10 })).toEqual(before);
  });

  it("samples from a stream, the same again from the same", async () => {
    const sampled = async (seed: number) => evaluatePolicy(policy, errands, { episodes: 10, random: new Random(seed) });
    expect(await sampled(1)).toEqual(await sampled(1));
    expect(await sampled(1)).not.toEqual(await sampled(2));
    expect(await sampled(1)).not.toEqual(await evaluatePolicy(policy, errands, { episodes: 10 }));
  });

  it("refuses what it cannot play", async () => {
    await expect(evaluatePolicy(policy, errands, { random: 1 as unknown as Random })).rejects.toThrow(
      new OptionError("random: expected a Random, got 1"),
    );
    await expect(evaluatePolicy(policy, errands, { episodes: NaN })).rejects.toThrow(OptionError);
    await expect(evaluatePolicy(policy as never, pendulum)).rejects.toThrow(
      new ShapeError(
        "env: expected one with observations of length 2 and 3 actions, got Pendulum-v1 with observations of length 3 and actions of length 1",
      ),
    );
  });
});
