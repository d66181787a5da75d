import { Random } from "@uphill/core-math";
import { describe, expect, it } from "vitest";
import { ExplorationNoise } from "./exploration-noise.js";
import type { ExplorationNoiseOptions } from "./exploration-noise.js";

const options = { noise: "ornsteinUhlenbeck", noiseScale: 0.5, noiseReversion: 0.8, noiseTimeStep: 0.1 } as const;

function moments(settings: ExplorationNoiseOptions, lag: number) {
  const noise = new ExplorationNoise(1, 1, settings);
  const random = new Random(11);
  const xs = Array.from({ length: 200_000 }, () => (noise.advance(random), noise.values[0]));
  const mean = (f: (x: number, k: number) => number) => xs.slice(lag).reduce((sum, x, k) => sum + f(x, k) / (xs.length - lag), 0);
  return { mean: mean((x) => x), variance: mean((x) => x * x), covariance: mean((x, k) => x * xs[k]) };
}

describe("ExplorationNoise", () => {
  it("goes by the Euler–Maruyama step of the Ornstein–Uhlenbeck process", () => {
    const noise = new ExplorationNoise(2, 2, options);
    const [random, same] = [new Random(5), new Random(5)];
    const expected = [0, 0, 0, 0];
    for (let k = 0; k < 50; k++) {
      noise.advance(random);
      expected.forEach((x, i) => (expected[i] = x - 0.8 * x * 0.1 + 0.5 * Math.sqrt(0.1) * same.standardNormal()));
      noise.values.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 12));
    }
  });

  it("has the process's stationary variance and correlation", () => {
    const keep = 1 - 0.08;
    const variance = (0.25 * 0.1) / (1 - keep * keep);
    const measured = moments(options, 5);
    expect(measured.mean).toBeCloseTo(0, 1);
    expect(measured.variance / variance).toBeCloseTo(1, 1);
    expect(measured.covariance / measured.variance).toBeCloseTo(keep ** 5, 1);
  });

  it("is independent from step to step where it is normal", () => {
    const measured = moments({ ...options, noise: "normal", noiseScale: 0.3 }, 1);
    expect(Math.sqrt(measured.variance)).toBeCloseTo(0.3, 2);
    expect(measured.covariance).toBeCloseTo(0, 2);
  });

  it("begins anew in the environments whose episode ended, and in no other", () => {
    const noise = new ExplorationNoise(3, 2, options);
    noise.advance(new Random(1));
    const before = [...noise.values];
    noise.reset([0, 1, 0]);
    expect([...noise.values]).toEqual([before[0], before[1], 0, 0, before[4], before[5]]);
  });
});
