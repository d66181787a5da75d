import { type Box, type Discrete, type EnvironmentDefinition, makeEnvironment } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { recordedFlights, recordedLandings } from "../test/recorded-flights.js";
import { landingAction, landingThrottles } from "./landing-controller.js";
import { lunarLander, lunarLanderContinuous } from "./lunar-lander.js";

test("it turns a tilted lander back, lifts a falling one, and leaves a resting one alone", () => {
  expect(landingAction([0, 0, 0, 0, 0.4, 0, 0, 0])).toBe(3);
  expect(landingAction([0, 0, 0, 0, -0.4, 0, 0, 0])).toBe(1);
  expect(landingAction([0, 0.1, 0, -0.5, 0, 0, 0, 0])).toBe(2);
  expect(landingAction([0.2, 0, 0, 0, 0.3, 0.1, 1, 0])).toBe(0);
});

test("the throttles ask for the same: full power where the need is large, and none at rest", () => {
  expect([...landingThrottles([0, 0.1, 0, -0.5, 0.4, 0, 0, 0])]).toEqual([1, 1]);
  expect([...landingThrottles([0, 0, 0, 0, 0, 0, 0, 1])].map(Math.abs)).toEqual([1, 0]);
});

describe("Gymnasium's heuristic", () => {
  test("does the same on what it saw", () => {
    const run = recordedFlights("LunarLander-v3").find(({ policy }) => policy === "heur");
    const seen = run?.obs.map((observation, t) => run.resetObs[t] ?? observation) ?? [];
    expect(seen).toHaveLength(600);
    expect([run?.obs0 ?? [], ...seen].slice(0, -1).map(landingAction)).toEqual(run?.action);
  });

  test("lands LunarLander-v3 as often over seeds 0 to 99", () => {
    const there = summary(recordedLandings(lunarLander.id).map((landing) => landing.return));
    const here = summary(landings(lunarLander, landingAction, 100));
    expect(there.landed).toBe(91);
    expect(here.landed).toBeGreaterThanOrEqual(88);
    expect(here.landed).toBeLessThanOrEqual(94);
    // A landing that fails in one and not in the other moves the mean by some 4.
    expect(Math.abs(here.meanReturn - there.meanReturn)).toBeLessThan(12);
  });

  test("lands LunarLanderContinuous-v3 with the same returns", () => {
    const there = recordedLandings(lunarLanderContinuous.id).map((landing) => landing.return);
    const here = landings(lunarLanderContinuous, landingThrottles, 20);
    const near = here.filter((earned, seed) => Math.abs(earned - there[seed]) < 10);
    expect(near.length).toBeGreaterThanOrEqual(18);
  });
});

/** The returns of the first episodes of seeds 0, 1, … */
function landings<A extends Discrete | Box>(
  definition: EnvironmentDefinition<A>,
  act: (observation: Float32Array) => number | Float32Array,
  count: number,
): readonly number[] {
  const environment = makeEnvironment(definition as EnvironmentDefinition);
  return Array.from({ length: count }, (_, seed) => {
    let observation = environment.reset({ seed });
    for (let earned = 0; ; ) {
      const step = environment.step(act(observation));
      observation = step.observation;
      earned += step.reward;
      if (step.terminated || step.truncated) return earned;
    }
  });
}

/** A return of 200 counts as a landing. */
function summary(returns: readonly number[]): { readonly landed: number; readonly meanReturn: number } {
  const landed = returns.filter((earned) => earned >= 200).length;
  return { landed, meanReturn: returns.reduce((sum, earned) => sum + earned, 0) / returns.length };
}
