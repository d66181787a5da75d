import { evaluate, input } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { cartPole, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition } from "@uphill/envs";
import { resolveOptions, RolloutCollector } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { trpoOptions } from "../trpo-options.js";
import { RecordedPolicy } from "./recorded-policy.js";

const environments = [cartPole, pendulum] as EnvironmentDefinition[];

/** A policy that differs from state to state, and twelve states. */
function recordedIn(env: EnvironmentDefinition) {
  const settings = resolveOptions(trpoOptions, { hiddenWidths: [8] });
  const { model } = new RolloutCollector({ env, algorithm: "trpo", settings, random: new Random(1) });
  const { store } = model.policy;
  const move = (seed: number): void => {
    const random = new Random(seed);
    for (const one of model.policyParameters) store.write(one, Float32Array.from(one.initial, () => random.standardNormal()));
  };
  move(1);
  const random = new Random(2);
  const observations = Float32Array.from({ length: 12 * model.policy.observationSpace.size }, () => random.standardNormal());
  const recorded = new RecordedPolicy(model);
  recorded.record(observations);
  return { model, observations, recorded, move };
}

test("CartPole: what was recorded in the states of a minibatch is what the policy says there", () => {
  const { model, observations, recorded } = recordedIn(cartPole);
  const indices = Int32Array.of(7, 0, 11, 7);
  const rows = Float32Array.from([...indices].flatMap((row) => [...observations.subarray(4 * row, 4 * row + 4)]));
  const { logits } = model.policy.distribution(input("observation", [4, 4])).parameters;
  const expected = evaluate(logits, { observation: rows }, model.policy.store) as Float64Array;
  const { logits: gathered } = recorded.rows(indices);
  expect(gathered.length).toBe(8);
  // Float32 logits of a size of some units.
  expected.forEach((x, i) => expect(Math.abs(gathered[i] - x)).toBeLessThan(1e-5));
  expect(recorded.shared()).toEqual({});
});

describe("laws", () => {
  test.each(environments)("$id: rows in order are all that was recorded; what is shared is in each", (env) => {
    const { recorded } = recordedIn(env);
    const whole = recorded.rows(Int32Array.from({ length: 12 }, (_, i) => i));
    const turned = recorded.rows(Int32Array.from({ length: 12 }, (_, i) => 11 - i));
    for (const [name, values] of Object.entries(whole)) {
      const size = values.length / 12;
      const perState = !(name in recorded.shared());
      const expected = [...values].map((_, k) => (perState ? values[(11 - Math.floor(k / size)) * size + (k % size)] : values[k]));
      expect([...turned[name]]).toEqual(expected);
    }
    expect(Object.keys(recorded.shared())).toEqual(env === pendulum ? ["logStandardDeviation"] : []);
  });

  test.each(environments)("$id: the divergence is 0 before the policy moves, and not after", (env) => {
    const { observations, recorded, move } = recordedIn(env);
    expect(Math.abs(recorded.klNats(observations))).toBeLessThan(1e-6);
    move(3);
    expect(recorded.klNats(observations)).toBeGreaterThan(0.01);
    recorded.record(observations);
    expect(Math.abs(recorded.klNats(observations))).toBeLessThan(1e-6);
  });
});
