import type { Random } from "@uphill/core-math";
import { expect, test } from "vitest";
import { environmentContract } from "../test/environment-contract.js";
import { type Dynamics, environmentFromDynamics } from "./dynamics.js";
import type { StepResults } from "./environment.js";
import { makeVectorEnvironment } from "./make.js";
import { box } from "./spaces/box.js";
import { discrete, type Discrete } from "./spaces/discrete.js";

/** Counts down from a random number by 1 or 2; exactly 0 pays, and below it nothing more is to be had. */
class Countdown implements Dynamics<Discrete> {
  readonly state: readonly [Float64Array];

  constructor(count: number) {
    this.state = [new Float64Array(count)];
  }

  reset(index: number, random: Random): void {
    this.state[0][index] = random.integerBetween(5, 15);
  }

  observe(index: number, observations: Float32Array): void {
    observations[index] = this.state[0][index];
  }

  advance(actions: Int32Array, { observations, rewards, terminated, truncated }: StepResults): void {
    const [left] = this.state;
    for (let i = 0; i < left.length; i++) {
      left[i] -= actions[i] + 1;
      rewards[i] = left[i] === 0 ? 1 : 0;
      terminated[i] = left[i] <= 0 ? 1 : 0;
      truncated[i] = 0;
      this.observe(i, observations);
    }
  }
}

const countdown = environmentFromDynamics({
  id: "Countdown-v0",
  rewardThreshold: 1,
  observationSpace: box({ low: -1, high: 15 }),
  actionSpace: discrete(2),
  dynamics: (count) => new Countdown(count),
});

test("equations written once serve the single and the vector form", () => {
  const single = countdown.make();
  const start = single.reset({ seed: 1 })[0];
  expect(single.step(1).observation[0]).toBe(start - 2);

  const vector = makeVectorEnvironment(countdown, 2);
  vector.reset({ seed: 0 });
  vector.step(Int32Array.of(0, 1));
  expect(vector.observations[1]).toBe(start - 2);
});

environmentContract(countdown);

test("a saved state of other equations is refused", () => {
  const batch = countdown.makeBatch?.(2);
  expect(() => batch?.restoreState?.({ state: [[1]], streams: [] })).toThrow(
    "state.state[0]: expected a list of 2 elements",
  );
  expect(() =>
    batch?.restoreState?.({
      state: [
        [1, 2],
        [3, 4],
      ],
      streams: [],
    }),
  ).toThrow("state.state: expected a list of 1 elements");
});
