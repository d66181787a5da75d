import { expect, test } from "vitest";
import { corridor } from "../../test/corridor.js";
import { Slider } from "../../test/slider.js";
import { cartPole } from "../cart-pole.js";
import type { EnvironmentDefinition } from "../environment.js";
import type { JsonValue } from "../json.js";
import { makeEnvironment, makeVectorEnvironment } from "../make.js";
import { ObservationNormalizer } from "../observation-normalizer.js";
import { pendulum } from "../pendulum.js";
import { RewardNormalizer } from "../reward-normalizer.js";
import { type Box, box } from "../spaces/box.js";
import { type Discrete, discrete } from "../spaces/discrete.js";
import { actionMask } from "./action-mask.js";
import { clipAction, clipObservation, clipReward, rescaleAction } from "./clip.js";
import { type EpisodeSummary, episodeStatistics } from "./episode-statistics.js";
import { frameStack } from "./frame-stack.js";
import { normalizeObservation } from "./normalize-observation.js";
import { normalizeReward } from "./normalize-reward.js";
import { recordEpisodes } from "./record-episodes.js";
import { timeAwareObservation } from "./time-aware-observation.js";
import { timeLimit } from "./time-limit.js";
import { transformAction, transformObservation, transformReward } from "./transform.js";

const slider: EnvironmentDefinition<Box> = { id: "Slider-v0", make: () => new Slider() };

/** The first observations, rewards and ends of a single environment that always steps right. */
function walk(env: EnvironmentDefinition<Discrete>, steps: number): { observations: number[][]; rewards: number[] } {
  const environment = makeEnvironment(env);
  const observations = [[...environment.reset({ seed: 1 })]];
  const rewards: number[] = [];
  for (let t = 0; t < steps; t++) {
    const step = environment.step(1);
    observations.push([...step.observation]);
    rewards.push(step.reward);
    if (step.terminated || step.truncated) break;
  }
  return { observations, rewards };
}

test("time limit: the shorter of two holds, at the step of that number", () => {
  expect(timeLimit(corridor, 5).maxEpisodeSteps).toBe(5);
  expect(timeLimit(corridor, 50).maxEpisodeSteps).toBe(20);
  expect(timeLimit(slider, 50).maxEpisodeSteps).toBe(50);
});

test("episode statistics: returns and lengths as one counts them oneself, single and vector", () => {
  const ended: EpisodeSummary[] = [];
  const env = episodeStatistics(timeLimit(corridor, 6), (episode) => ended.push(episode));
  const vector = makeVectorEnvironment(env, 3);
  vector.reset({ seed: 2 });
  const [returns, lengths, counted] = [[0, 0, 0], [0, 0, 0], [] as EpisodeSummary[]];
  for (let t = 0; t < 60; t++) {
    vector.step(Int32Array.of(t % 2, 1, 0));
    for (let i = 0; i < 3; i++) {
      returns[i] += vector.rewards[i];
      lengths[i] += 1;
      const over = (vector.terminated[i] | vector.truncated[i]) !== 0;
      const episode = { environment: i, return: returns[i], length: lengths[i] };
      expect(vector.info(i)).toEqual({
        slips: expect.any(Boolean) as boolean,
        trail: expect.any(Array) as number[],
        ...(over ? { episode } : {}),
      });
      if (!over) continue;
      counted.push(episode);
      returns[i] = lengths[i] = 0;
    }
  }
  expect(ended).toEqual(counted);
  expect(ended.length).toBeGreaterThan(25);

  const single = makeEnvironment(timeLimit(env, 1));
  single.reset({ seed: 0 });
  expect(single.step(0).info?.["slips"]).toBeDefined();
});

test("observation normalisation: the running scale, and the same with given statistics", () => {
  const { observations } = walk(corridor, 8);
  const reference = new ObservationNormalizer({ size: 2 });
  const expected = observations.map((observation) => {
    reference.update(observation);
    return [...reference.normalize(observation)];
  });
  expect(walk(normalizeObservation(corridor), 8).observations).toEqual(expected);
  const shared = new ObservationNormalizer({ size: 2 });
  expect(walk(normalizeObservation(corridor, { normalizer: shared }), 8).observations).toEqual(expected);
  expect(shared.toJSON()).toEqual(reference.toJSON());
  shared.frozen = true;
  walk(normalizeObservation(corridor, { normalizer: shared }), 8);
  expect(shared.count).toBe(reference.count);
});

test("reward normalisation: the scale of the running return, and no threshold any more", () => {
  const { rewards } = walk(cartPole, 30);
  const reference = new RewardNormalizer({ count: 1, gamma: 0.9 });
  const expected = rewards.map((reward, t) => {
    reference.update([reward], [Number(t === rewards.length - 1)], [0]);
    return reference.normalize([reward])[0];
  });
  const env = normalizeReward(cartPole, { gamma: 0.9 });
  expect(walk(env, 30).rewards).toEqual(expected);
  expect(env.rewardThreshold).toBeUndefined();
});

test("reward normalisation: a reset in the middle ends the running return", () => {
  const normalizer = new RewardNormalizer({ count: 1, gamma: 1 });
  const environment = makeEnvironment(normalizeReward(cartPole, { normalizer }));
  environment.reset({ seed: 1 });
  environment.step(0);
  environment.reset();
  expect((normalizer.toJSON() as { returns: number[] }).returns).toEqual([0]);
});

test("given statistics take over what a state holds", () => {
  const [observation, reward] = [new ObservationNormalizer({ size: 2 }), new RewardNormalizer({ count: 1, gamma: 0.9 })];
  const env = normalizeReward(normalizeObservation(corridor, { normalizer: observation }), { normalizer: reward });
  const environment = makeEnvironment(env);
  environment.reset({ seed: 1 });
  environment.step(1);
  const [state, saved] = [environment.saveState?.() as JsonValue, [observation.toJSON(), reward.toJSON()]];
  environment.step(1);
  environment.restoreState?.(state);
  expect([observation.toJSON(), reward.toJSON()]).toEqual(saved);
});

test("clipping: observations, rewards and actions stay within, and the bounds say so", () => {
  const { observations, rewards } = walk(clipReward(clipObservation(corridor, 0.5, 6), 0, 0.5), 9);
  expect(observations.flat().every((x) => x >= 0.5 && x <= 6)).toBe(true);
  expect(rewards.every((x) => x >= 0 && x <= 0.5)).toBe(true);
  expect([...clipObservation(corridor, 0.5, 6).make().observationSpace.high]).toEqual([6, 1]);
  // Slider's reward reads the raw action: under clipAction, what it reads is clipped.
  const [clipped, plain] = [makeEnvironment(clipAction(slider)), makeEnvironment(slider)];
  for (const environment of [clipped, plain]) environment.reset({ seed: 3 });
  expect(clipped.step(Float32Array.of(7, -9))).toEqual(plain.step(Float32Array.of(1, -2)));
  expect([...clipAction(slider).make().actionSpace.high]).toEqual([Infinity, Infinity]);
});

test("rescaled actions: the ends and the middle of one range are those of the other", () => {
  const [scaled, plain] = [makeEnvironment(rescaleAction(slider)), makeEnvironment(slider)];
  for (const [action, inner] of [
    [Float32Array.of(-1, 1), Float32Array.of(-1, 2)],
    [Float32Array.of(0, 0), Float32Array.of(0, 0)],
    [Float32Array.of(0.5, -0.5), Float32Array.of(0.5, -1)],
  ]) {
    for (const environment of [scaled, plain]) environment.reset({ seed: 3 });
    expect(scaled.step(action)).toEqual(plain.step(inner));
  }
});

test("frame stack: the oldest first, and the first observation in every frame at first", () => {
  const plain = walk(corridor, 6).observations;
  const stacked = walk(frameStack(corridor, 3), 6).observations;
  const at = (t: number): number[] => plain[Math.max(t, 0)];
  expect(stacked).toEqual(plain.map((_, t) => [...at(t - 2), ...at(t - 1), ...at(t)]));
});

test("time-aware observations end with the part of the limit that has passed", () => {
  const times = walk(timeAwareObservation(timeLimit(cartPole, 4)), 9).observations.map((observation) => observation[4]);
  expect(times).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

test("action mask: seen in the observation, and an action against it names the environment", () => {
  const rightOnly = actionMask(corridor, ([position], action) => action === 1 || position > 4);
  const vector = makeVectorEnvironment(rightOnly, 2);
  vector.reset({ seed: [1, 2] });
  const masks = (): number[] => [...vector.observations.subarray(2, 4), ...vector.observations.subarray(6, 8)];
  for (let t = 0; t < 40; t++) {
    expect(masks()).toEqual([vector.observations[0] > 4 ? 1 : 0, 1, vector.observations[4] > 4 ? 1 : 0, 1]);
    if (vector.observations[4] <= 4) {
      expect(() => {
        vector.step(Int32Array.of(1, 0));
      }).toThrow("action of Corridor-v0, environment 1: expected an action that its mask allows, got 0");
      return;
    }
    vector.step(Int32Array.of(1, 0));
  }
  expect.unreachable("environment 1 came to the left");
});

test("transforms: what the function gives is what is seen, done and earned", () => {
  const doubled = transformObservation(corridor, box({ low: 0, high: 20 }), ([x]) => Float32Array.of(2 * x));
  const plain = walk(corridor, 5);
  expect(walk(doubled, 5).observations).toEqual(plain.observations.map(([x]) => [2 * x]));
  expect(walk(transformReward(corridor, (r) => r - 1), 5).rewards).toEqual(plain.rewards.map((r) => r - 1));
  const mirrored = transformAction(transformAction(corridor, discrete(2), (a) => 1 - a), discrete(2), (a) => 1 - a);
  expect(walk(mirrored, 5)).toEqual(plain);
});

test("recording: a line an episode, with what was seen, done and earned", () => {
  const lines: string[] = [];
  const env = recordEpisodes(timeLimit(corridor, 3), (line) => lines.push(line));
  const vector = makeVectorEnvironment(env, 2);
  vector.reset({ seed: 4 });
  const seen: number[][] = [[...vector.observations.subarray(2)]];
  for (let t = 0; t < 4; t++) {
    vector.step(Int32Array.of(0, 1));
    seen.push([...(t === 2 ? vector.finalObservations : vector.observations).subarray(2)]);
  }
  vector.close();
  const [, second, , cut] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.every((line) => line.endsWith("}\n"))).toBe(true);
  expect(second).toMatchObject({ id: "Corridor-v0", environment: 1, actions: [1, 1, 1], truncated: true });
  expect(second["observations"]).toEqual(seen.slice(0, 4));
  expect(cut).toMatchObject({ environment: 1, actions: [1], terminated: false, truncated: false });
});

test("recording goes on in a restored environment", () => {
  const lines: string[] = [];
  const env = recordEpisodes(timeLimit(pendulum, 3), (line) => lines.push(line));
  const [first, restored] = [makeEnvironment(env), makeEnvironment(env)];
  first.reset({ seed: 1 });
  first.step(Float32Array.of(0.5));
  restored.restoreState?.(JSON.parse(JSON.stringify(first.saveState?.())) as JsonValue);
  for (const environment of [first, restored]) for (const torque of [-1, -0]) environment.step(Float32Array.of(torque));
  expect(lines[0]).toContain('"actions":[[0.5],[-1],["-0"]]');
  expect(lines[1]).toBe(lines[0]);
});
