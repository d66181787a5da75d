import { FormatError, OptionError } from "@uphill/core-math";
import {
  type Environment,
  type EnvironmentDefinition,
  type JsonValue,
  makeEnvironment,
  makeVectorEnvironment,
  type Step,
} from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { environmentContract } from "../../envs/test/environment-contract.js";
import { wrappedContract } from "../../envs/test/wrapped-contract.js";
import { expectRecordedFlights, recordedFlights } from "../test/recorded-flights.js";
import { landingAction, landingThrottles } from "./landing-controller.js";
import { lunarLander, lunarLanderContinuous, lunarLanderContinuousWith, lunarLanderWith } from "./lunar-lander.js";

const WINDY = { gravity: -5.5, enableWind: true, windPower: 18, turbulencePower: 1.9 };

/** A reward is a difference of potentials, which are up to 100 times the observation. */
const TOLERANCE = { observation: 5e-4, reward: 5e-3 };

test("without engines the lander falls onto the moon, which costs 100", () => {
  const environment = makeEnvironment(lunarLander);
  let height = environment.reset({ seed: 0 })[1];
  for (;;) {
    const step = environment.step(0);
    if (step.terminated) {
      expect(step.reward).toBe(-100);
      return;
    }
    expect(step.observation[1]).toBeLessThan(height + 0.02);
    height = step.observation[1];
  }
});

environmentContract(lunarLander, 2);
environmentContract(lunarLanderContinuous, 2);
wrappedContract(lunarLander, 3);
wrappedContract(lunarLanderContinuousWith(WINDY), 3);

describe.each<EnvironmentDefinition>([lunarLander, lunarLanderContinuous, lunarLanderContinuousWith(WINDY)])(
  "a saved $id",
  (definition) => {
    test("goes on to the bit after a landing, where the solver starts from what it found the step before", () => {
      fc.assert(
        fc.property(fc.nat(), fc.nat({ max: 30 }), (seed, later) => {
          const [original, restored] = [makeEnvironment(definition), makeEnvironment(definition)];
          fly(original, original.reset({ seed }), ({ observation }) => observation[6] + observation[7] > 0);
          const here = fly(original, original.reset(), ({ observation }, t) => observation[6] + observation[7] > 0 && t > later);
          restored.restoreState?.(JSON.parse(JSON.stringify(original.saveState?.())) as JsonValue);
          expect(restored.saveState?.()).toEqual(original.saveState?.());
          const [after, expected] = [restored, original].map((environment) => {
            const seen: Step[] = [];
            const beginning = here.terminated ? environment.reset() : here.observation;
            fly(environment, beginning, (step) => seen.push(step) === 60);
            return [...seen, environment.reset()];
          });
          expect(after).toEqual(expected);
        }),
        { numRuns: 6 },
      );
    });
  },
);

test("one that has not begun is saved and restored as such", () => {
  const [fresh, used] = [makeEnvironment(lunarLander), makeEnvironment(lunarLander)];
  used.reset({ seed: 1 });
  used.step(2);
  used.restoreState?.(fresh.saveState?.() ?? null);
  expect(used.saveState?.()).toEqual(fresh.saveState?.());
  expect(() => used.step(0)).toThrow("expected a reset first");
  expect(used.reset()).toEqual(fresh.reset());
});

describe("the recordings of Gymnasium 1.4", () => {
  test.each(recordedFlights("LunarLander-v3"))("LunarLander-v3, seed $seed ($policy)", (run) => {
    // In the third episode of the heuristic's run, a leg touches the ground again at step 147 there, and at 148 here.
    const steps = (episode: number): number => (run.policy === "heur" && episode === 2 ? 147 : 150);
    expectRecordedFlights(makeEnvironment(lunarLander), run, { ...TOLERANCE, steps });
  });

  test.each(recordedFlights("LunarLanderContinuous-v3"))("LunarLanderContinuous-v3, seed $seed", (run) => {
    expectRecordedFlights(makeEnvironment(lunarLanderContinuous), run, { ...TOLERANCE, steps: () => 150 });
  });

  test.each(recordedFlights("LunarLander-v3-wind"))("LunarLander-v3 in wind, seed $seed ($policy)", (run) => {
    // The heuristic's one touches the ground at step 498, from where no wind blows, and rests from step 570 on.
    const landing = { observation: 5e-4, reward: 2e-2, steps: () => 520 };
    const tolerance = run.policy === "heur" ? landing : { ...TOLERANCE, steps: () => 150 };
    expectRecordedFlights(makeEnvironment(lunarLanderWith(WINDY)), run, tolerance);
  });

  test.each(recordedFlights("LunarLanderContinuous-v3-wind"))("throttles in wind and out of bounds, seed $seed", (run) => {
    expectRecordedFlights(makeEnvironment(lunarLanderContinuousWith(WINDY)), run, { ...TOLERANCE, steps: () => 150 });
  });
});

test.each([lunarLander, lunarLanderContinuous])("$id is what Gymnasium calls so", (definition) => {
  expect(definition).toMatchObject({ maxEpisodeSteps: 1000, rewardThreshold: 200 });
  const { observationSpace } = definition.make();
  expect([...observationSpace.high]).toEqual([2.5, 2.5, 10, 10, 2 * Math.PI, 10, 1, 1].map(Math.fround));
  expect([...observationSpace.low]).toEqual([-2.5, -2.5, -10, -10, -2 * Math.PI, -10, 0, 0].map(Math.fround));
});

test("their ids and actions are Gymnasium's", () => {
  expect([lunarLander.id, lunarLanderContinuous.id]).toEqual(["LunarLander-v3", "LunarLanderContinuous-v3"]);
  expect(lunarLander.make().actionSpace.n).toBe(4);
  const { low, high } = lunarLanderContinuous.make().actionSpace;
  expect([...low, ...high]).toEqual([-1, -1, 1, 1]);
});

describe("bad input", () => {
  test.each([0, -12, -20, 5, Number.NaN, "-10"])("gravity %s", (gravity) => {
    const options = { gravity: gravity as number };
    expect(() => lunarLanderWith(options)).toThrow("gravity: expected a finite number in (-12, 0), got ");
    expect(() => lunarLanderContinuousWith(options)).toThrow(OptionError);
  });

  test("other options", () => {
    const refused: readonly [unknown, string][] = [
      [{ enableWind: 1 }, "enableWind: expected true or false, got 1"],
      [{ windPower: Infinity }, "windPower: expected a finite number, got Infinity"],
      [{ turbulencePower: null }, "turbulencePower: expected a finite number, got null"],
      [{ wind: true }, "options: expected only gravity, enableWind, windPower, turbulencePower, got wind"],
      [undefined, "options: expected an object, got undefined"],
    ];
    for (const [options, message] of refused) {
      expect(() => lunarLanderWith(options as object)).toThrow(new OptionError(message));
    }
  });

  test("an action that is none names the environment, and its index in a vector", () => {
    const vector = makeVectorEnvironment(lunarLander, 2);
    vector.reset();
    expect(() => vector.step(Int32Array.of(0, 4))).toThrow("action of LunarLander-v3, environment 1: expected");
    const single = makeEnvironment(lunarLanderContinuous);
    single.reset();
    expect(() => single.step(Float32Array.of(Number.NaN, 0))).toThrow("action of LunarLanderContinuous-v3: expected");
  });

  test("a damaged state is refused, and a sound one taken after it", () => {
    const [environment, other] = [lunarLander.make(), lunarLander.make()];
    for (const one of [environment, other]) one.reset({ seed: 3 });
    const saved = environment.saveState?.() as { readonly environment: { readonly stream: JsonValue } };
    const { stream } = saved.environment;
    const powers: readonly JsonValue[] = [5, [1], [0, 2], [0, "1"], [0, null], {}];
    const damaged = [null, 5, {}, { stream }, { stream: null, powers: null }, ...powers.map((list) => ({ stream, powers: list }))];
    for (const flight of damaged) {
      expect(() => environment.restoreState?.({ ...saved, environment: flight })).toThrow(FormatError);
    }
    environment.restoreState?.(saved);
    expect(environment.step(2)).toEqual(other.step(2));
  });
});

/** Plays as the heuristic does, until `stop` says so of a step or the episode ends; gives the last step. */
function fly(environment: Environment, from: Float32Array, stop: (step: Step, t: number) => boolean): Step {
  const act = environment.actionSpace.kind === "box" ? landingThrottles : landingAction;
  let step = environment.step(act(from));
  for (let t = 1; !step.terminated && !step.truncated && !stop(step, t); t++) step = environment.step(act(step.observation));
  return step;
}
