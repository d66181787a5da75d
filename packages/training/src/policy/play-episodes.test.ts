import { OptionError, ShapeError } from "@uphill/core-math";
import { box, cartPole, discrete, makeEnvironment } from "@uphill/envs";
import type { Discrete, Environment } from "@uphill/envs";
import { describe, expect, it } from "vitest";
import { errands } from "../../test/errands.js";
import { playEpisodes } from "./play-episodes.js";
import type { Actor, EpisodeOptions } from "./play-episodes.js";

/** Chooses by the second number of each observation alone. */
function choice(noise: number): number {
  return noise > 0.7 ? 2 : noise > 0.4 ? 1 : 0;
}

const choosing: Actor<Discrete> = {
  act: (observations) =>
    Int32Array.from({ length: observations.length / 2 }, (_, row) => choice(observations[2 * row + 1])),
};

/** Return and length of the episode of a seed, played alone. */
function playAlone(seed: number): readonly [episodeReturn: number, length: number] {
  const environment = makeEnvironment(errands);
  let observation = environment.reset({ seed });
  for (let [sum, length, ended] = [0, 0, false]; ;) {
    if (ended) return [sum, length];
    const step = environment.step(choice(observation[1]));
    observation = step.observation;
    sum += step.reward;
    length++;
    ended = step.terminated || step.truncated;
  }
}

/** Never ends; knows how many of it are open. */
function endless() {
  const counts = { open: 0 };
  const make = (): Environment<Discrete> => {
    counts.open++;
    return {
      observationSpace: box({ low: 0, high: 1, shape: [2] }),
      actionSpace: discrete(3),
      reset: () => Float32Array.of(0, 0),
      step: () => ({ observation: Float32Array.of(0, 0), reward: 1, terminated: false, truncated: false }),
      close: () => counts.open--,
    };
  };
  return { counts, env: { id: "Endless-v0", make } };
}

describe("playEpisodes", () => {
  it("gives mean, spread and length of some episodes", async () => {
    const evaluation = await playEpisodes(choosing, errands, { episodes: 3, seed: 7 });
    const episodes = [7, 8, 9].map(playAlone);
    expect([...evaluation.returns]).toEqual(episodes.map(([sum]) => sum));
    expect([...evaluation.lengths]).toEqual(episodes.map(([, length]) => length));
    const mean = (evaluation.returns[0] + evaluation.returns[1] + evaluation.returns[2]) / 3;
    expect(evaluation.meanReturn).toBeCloseTo(mean, 10);
    const variance = evaluation.returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3;
    expect(evaluation.standardDeviation).toBeCloseTo(Math.sqrt(variance), 10);
    expect(evaluation.meanLength).toBeCloseTo(
      (evaluation.lengths[0] + evaluation.lengths[1] + evaluation.lengths[2]) / 3,
      10,
    );
  });

  it("counts every episode once, whatever is played beside it", async () => {
    // More than twice as many as are played side by side; lengths from 1 to 20, of which some are truncated.
    const { returns, lengths } = await playEpisodes(choosing, errands, { episodes: 300, seed: 1000 });
    const alone = Array.from({ length: 300 }, (_, i) => playAlone(1000 + i));
    expect([...returns]).toEqual(alone.map(([sum]) => sum));
    expect([...lengths]).toEqual(alone.map(([, length]) => length));
    expect(new Set(lengths).size).toBe(20);
  });

  it("does not depend on how episodes are divided", async () => {
    const whole = await playEpisodes(choosing, errands, { episodes: 140, seed: 50 });
    for (const [from, to] of [
      [0, 1],
      [1, 100],
      [100, 140],
      [127, 129],
    ]) {
      const part = await playEpisodes(choosing, errands, { episodes: to - from, seed: 50 + from });
      expect(part.returns).toEqual(whole.returns.slice(from, to));
      expect(part.lengths).toEqual(whole.lengths.slice(from, to));
    }
  });

  it("plays 100 episodes from seed 0 where nothing is said", async () => {
    const said = await playEpisodes(choosing, errands, { episodes: 100, seed: 0 });
    expect(await playEpisodes(choosing, errands)).toEqual(said);
  });

  it("waits for actors that answer later", async () => {
    const later: Actor<Discrete> = {
      act: async (observations) => {
        const seen = observations.slice();
        await new Promise((resolve) => setTimeout(resolve, 0));
        return choosing.act(seen);
      },
    };
    const options = { episodes: 5, seed: 3 };
    expect(await playEpisodes(later, errands, options)).toEqual(await playEpisodes(choosing, errands, options));
  });

  it("uses actions before anything else can write over them", async () => {
    const shared = new Int32Array(5);
    const reusing: Actor<Discrete> = {
      act: (observations) => {
        shared.set(choosing.act(observations) as Int32Array);
        queueMicrotask(() => shared.fill(0));
        return shared;
      },
    };
    const options = { episodes: 5, seed: 3 };
    expect(await playEpisodes(reusing, errands, options)).toEqual(await playEpisodes(choosing, errands, options));
  });

  it("ends with the signal's reason, and closes the environments", async () => {
    const { counts, env } = endless();
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 5);
    await expect(playEpisodes(choosing, env, { signal: controller.signal })).rejects.toBe("enough");
    expect(counts.open).toBe(0);
    let asked = 0;
    const counting: Actor<Discrete> = { act: (observations) => (asked++, choosing.act(observations)) };
    await expect(playEpisodes(counting, env, { signal: controller.signal })).rejects.toBe("enough");
    expect([asked, counts.open]).toEqual([0, 0]);
  });

  it("closes the environments where the actor fails", async () => {
    const { counts, env } = endless();
    const failing: Actor<Discrete> = {
      act: () => {
        throw new RangeError("no");
      },
    };
    await expect(playEpisodes(failing, env)).rejects.toThrow(new RangeError("no"));
    expect(counts.open).toBe(0);
  });

  it.each<[string, object, string]>([
    ["no episodes", { episodes: 0 }, "episodes: expected an integer ≥ 1, got 0"],
    ["half an episode", { episodes: 0.5 }, "episodes: expected an integer ≥ 1, got 0.5"],
    ["a negative seed", { seed: -1 }, "seed: expected an integer in [0, "],
    ["a seed with no room after it", { seed: Number.MAX_SAFE_INTEGER }, "seed: expected an integer in [0, "],
    ["a signal that is none", { signal: true }, "signal: expected an AbortSignal, got true"],
  ])("refuses %s", async (_, options, message) => {
    await expect(playEpisodes(choosing, errands, options as EpisodeOptions)).rejects.toThrow(OptionError);
    await expect(playEpisodes(choosing, errands, options as EpisodeOptions)).rejects.toThrow(message);
  });

  it("refuses what is no actor or environment, and actors for other spaces", async () => {
    await expect(playEpisodes({} as Actor<Discrete>, errands)).rejects.toThrow(
      new OptionError("actor: expected an object with a method act, got an object"),
    );
    await expect(playEpisodes(choosing, 3 as never)).rejects.toThrow(/^env: expected an environment definition/u);
    const { observationSpace, actionSpace } = makeEnvironment(errands);
    await expect(playEpisodes({ ...choosing, observationSpace, actionSpace }, cartPole)).rejects.toThrow(
      new ShapeError(
        "env: expected one with observations of length 2 and 3 actions, got CartPole-v1 with observations of length 4 and 2 actions",
      ),
    );
    await expect(playEpisodes({ ...choosing, actionSpace: discrete(2) }, errands)).rejects.toThrow(ShapeError);
    const wide = box({ low: -9, high: 9, shape: [2] });
    await expect(
      playEpisodes({ ...choosing, observationSpace: wide }, errands, { episodes: 1 }),
    ).resolves.toBeDefined();
  });
});
