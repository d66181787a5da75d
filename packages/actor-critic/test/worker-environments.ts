import { StateError } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import type { Discrete, Environment, EnvironmentDefinition, Step } from "@uphill/envs";
import process from "node:process";
import { isMainThread } from "node:worker_threads";

/** Steps of all environments of a thread together. */
let steps = 0;

/** One state; action 1 earns 1; what else happens on a thread is up to `mishap`, told how many steps it took. */
function banditWith(id: string, mishap: (steps: number) => void): EnvironmentDefinition<Discrete> {
  const make = (): Environment<Discrete> => ({
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(2),
    reset: () => Float32Array.of(0),
    step: (action): Step => {
      if (!isMainThread) mishap(++steps);
      return { observation: Float32Array.of(0), reward: action, terminated: true, truncated: false };
    },
    saveState: () => null,
    restoreState: () => undefined,
  });
  return { id, make };
}

export const calm = banditWith("Calm-v0", () => undefined);

/** Each of its threads dies at its 200th step. */
export const mortal = banditWith("Mortal-v0", (taken) => {
  if (taken === 200) process.exit(3);
});

/** Its threads die at once. */
export const stillborn = banditWith("Stillborn-v0", () => process.exit(4));

export const faulty = banditWith("Faulty-v0", (taken) => {
  if (taken === 100) throw new StateError("step: expected dry ground, got mud");
});

export const foreign = banditWith("Foreign-v0", (taken) => {
  if (taken === 100) throw new RangeError("out of rope");
});

/** A step takes a fiftieth of a second. */
export const slow = banditWith("Slow-v0", () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
});
