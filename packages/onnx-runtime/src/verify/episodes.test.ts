import { box, discrete } from "@uphill/envs";
import type { Discrete, Environment } from "@uphill/envs";
import { Store } from "@uphill/autodiff";
import { describe, expect, test } from "vitest";
import type { ExportablePolicy } from "../policy/exportable-policy.js";
import { policyExpressions } from "../policy/policy-expressions.js";
import { playEpisodes } from "./episodes.js";

/** Counts steps, and ends after three where told to. */
function counter(ends: boolean, actions: number[] = []): () => Environment<Discrete> {
  return () => {
    let step = 0;
    return {
      observationSpace: box({ low: 0, high: Infinity }),
      actionSpace: discrete(10),
      reset: () => Float32Array.of((step = 0)),
      step: (action) => {
        actions.push(action);
        step++;
        return { observation: Float32Array.of(step), reward: 0, terminated: ends && step === 3, truncated: false };
      },
    };
  };
}

/** Plays action 7 whatever it sees. */
const policy: ExportablePolicy = {
  observationSpace: box({ low: 0, high: Infinity }),
  actionSpace: discrete(10),
  store: new Store(),
  environmentId: "Counter-v0",
  algorithm: "by hand",
  distribution: (observation) => ({ kind: "constant", parameters: { seven: observation.mul(0).add(7) } }),
  action: ({ parameters }) => parameters.seven.reshape(["batch"]).toInt(),
};
const expressions = policyExpressions(policy);

describe("example", () => {
  test("every observation on which an action is taken, and where it comes from", () => {
    const probes = playEpisodes(policy, expressions, { env: counter(true), episodes: 2, seed: 0 });
    expect(probes.map(({ observation, place }) => [observation[0], place])).toEqual([
      [0, "episode 0, step 0"],
      [1, "episode 0, step 1"],
      [2, "episode 0, step 2"],
      [0, "episode 1, step 0"],
      [1, "episode 1, step 1"],
      [2, "episode 1, step 2"],
    ]);
  });
});

describe("laws", () => {
  test("the policy plays every second episode, the others are random", () => {
    const actions: number[] = [];
    playEpisodes(policy, expressions, { env: counter(true, actions), episodes: 20, seed: 0 });
    const ofEpisode = (index: number) => actions.slice(3 * index, 3 * index + 3);
    for (let episode = 0; episode < 20; episode += 2) expect(ofEpisode(episode)).toEqual([7, 7, 7]);
    const random = Array.from({ length: 10 }, (_, i) => ofEpisode(2 * i + 1)).flat();
    expect(new Set(random).size).toBeGreaterThan(5);
  });

  test("an episode without an end is left after a thousand steps", () => {
    expect(playEpisodes(policy, expressions, { env: counter(false), episodes: 2, seed: 0 })).toHaveLength(2_000);
  });
});
