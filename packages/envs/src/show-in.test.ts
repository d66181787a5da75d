import { OptionError, Random, ShapeError, StateError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { corridor } from "../test/corridor.js";
import { advanceVector } from "../test/environment-contract.js";
import { cartPole } from "./cart-pole.js";
import type { EnvironmentDefinition } from "./environment.js";
import { makeVectorEnvironment } from "./make.js";
import { pendulum } from "./pendulum.js";
import type { AutoresetMode } from "./vector-environment.js";
import { frameStack } from "./wrappers/frame-stack.js";
import { normalizeReward } from "./wrappers/normalize-reward.js";

/** Memory for so many numbers, after others, that moves where it grows. */
function growing(length: number): { grow(): void; view(): Float32Array } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return { grow: () => memory.grow(1), view: () => new Float32Array(memory.buffer, 64, length) };
}

test("observations are written where they are read", () => {
  const vector = makeVectorEnvironment(cartPole, 2);
  vector.reset({ seed: 1 });
  const before = vector.observations.slice();
  const memory = new Float32Array(8);
  vector.showIn(() => memory);
  expect(vector.observations).toBe(memory);
  expect(memory).toEqual(before);
  vector.step(Int32Array.of(0, 1));
  expect(vector.observations).toBe(memory);
  expect(memory).not.toEqual(before);
});

const modes: readonly AutoresetMode[] = ["same-step", "next-step", "disabled"];
const kinds: readonly (readonly [string, EnvironmentDefinition])[] = [
  ["native", cartPole],
  ["one by one", corridor],
  ["a wrapper of observations", frameStack(pendulum, 2)],
  ["a wrapper of rewards", normalizeReward(corridor)],
];

test.each(kinds)("wherever they are written, and however that moves, they are the same: %s", (_, env) => {
  const [limits, seeds] = [fc.integer({ min: 2, max: 9 }), fc.nat()];
  fc.assert(
    fc.property(seeds, limits, fc.constantFrom(...modes), fc.array(fc.boolean()), (seed, maxEpisodeSteps, autoreset, grows) => {
      const limited = { ...env, maxEpisodeSteps };
      const [plain, moved] = [1, 2].map(() => makeVectorEnvironment(limited, 3, { autoreset }));
      const memory = growing(moved.observations.length);
      moved.showIn(() => memory.view());
      for (const vector of [plain, moved]) vector.reset({ seed });
      const saved = moved.saveState();
      for (const grow of grows) {
        if (grow) memory.grow();
        const [one, other] = [plain, moved].map((vector) => advanceVector(vector, 2, new Random(seed)));
        expect(other).toEqual(one);
        expect(moved.finalObservations).toEqual(plain.finalObservations);
      }
      for (const vector of [plain, moved]) vector.restoreState(saved);
      expect(moved.observations).toEqual(plain.observations);
    }),
    { numRuns: 20 },
  );
});

test("memory that is none, or too short, is refused, and the old stays", () => {
  const vector = makeVectorEnvironment(cartPole, 2);
  vector.reset({ seed: 1 });
  const { observations } = vector;
  expect(() => vector.showIn(observations as never)).toThrow("memory of CartPole-v1: expected a function that gives it, got ");
  expect(() => vector.showIn(() => new Float64Array(8) as never)).toThrow(OptionError);
  expect(() => vector.showIn(() => new Float32Array(7))).toThrow(ShapeError);
  expect(vector.observations).toBe(observations);
  vector.close();
  expect(() => vector.showIn(() => observations)).toThrow(StateError);
});
