import { NumericalError, OptionError, ShapeError, StateError } from "@uphill/core-math";
import { box } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type End, NumberedEnvironments, valuesOf } from "../../test/numbered-environments.js";
import { type Decisions, RolloutBuffer } from "./rollout-buffer.js";

function decisionsFor(environments: NumberedEnvironments): Decisions<NumberedEnvironments["actionSpace"]> {
  const { count, observations } = environments;
  return {
    observations,
    actions: Int32Array.from({ length: count }, (_, i) => observations[2 * i] % 100),
    logProbabilities: Float32Array.from({ length: count }, (_, i) => -observations[2 * i]),
    values: valuesOf(observations),
  };
}

/**
 * Records one step a row of `ends`.
 *
 * @returns For each step the number of the observation that followed it; 0 where it terminated.
 */
function record(
  buffer: RolloutBuffer,
  environments: NumberedEnvironments,
  ends: readonly (readonly End[])[],
): number[] {
  const followers: number[] = [];
  for (const row of ends) {
    buffer.recordDecisions(decisionsFor(environments));
    environments.step(row);
    buffer.recordOutcomes(environments);
    row.forEach((end, i) => {
      const shown = end === 0 ? environments.observations : environments.finalObservations;
      followers.push((end & 1) === 1 ? 0 : shown[2 * i]);
    });
  }
  return followers;
}

function finish(buffer: RolloutBuffer, environments: NumberedEnvironments): ReturnType<RolloutBuffer["rollout"]> {
  buffer.setBootstrapValues(valuesOf(buffer.bootstrapObservations(environments.observations)));
  return buffer.rollout();
}

const anyEnds = fc
  .record({ steps: fc.integer({ min: 1, max: 12 }), count: fc.integer({ min: 1, max: 4 }) })
  .chain(({ steps, count }) => {
    const row = fc.array(fc.constantFrom<End[]>(0, 0, 1, 2, 3), { minLength: count, maxLength: count });
    return fc.array(row, { minLength: steps, maxLength: steps });
  });

describe("RolloutBuffer", () => {
  it("takes the value after a truncation from the final observation", () => {
    const environments = new NumberedEnvironments(2);
    const buffer = new RolloutBuffer(environments, 3);
    record(buffer, environments, [
      [0, 2],
      [1, 0],
      [0, 2],
    ]);
    expect(buffer.full).toBe(true);
    // Environment 0 shows 1, 3, ends with 6, shows 7, 9; environment 1 shows 2, ends with 4, shows 5, 8, ends with 10,
    // shows 11.
    const bootstraps = buffer.bootstrapObservations(environments.observations);
    expect([...bootstraps].filter((number) => number > 0)).toEqual([4, 10, 9, 11]);
    buffer.setBootstrapValues(valuesOf(bootstraps));
    const rollout = buffer.rollout();
    expect([...rollout.values]).toEqual([1001, 1002, 1003, 1005, 1007, 1008]);
    expect([...rollout.nextValues]).toEqual([1003, 1004, 0, 1008, 1009, 1010]);
    expect([...rollout.terminated]).toEqual([0, 0, 1, 0, 0, 0]);
    expect([...rollout.truncated]).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it("takes an episode that is terminated and truncated at once for terminated", () => {
    const environments = new NumberedEnvironments(1);
    const buffer = new RolloutBuffer(environments, 1);
    record(buffer, environments, [[3]]);
    expect([...buffer.bootstrapObservations(environments.observations)]).toEqual([3, -3]);
    expect([...finish(buffer, environments).nextValues]).toEqual([0]);
  });

  it("gives every step the value of what followed it in its own episode, over rollouts of any length", () => {
    fc.assert(
      fc.property(anyEnds, anyEnds, fc.nat({ max: 5 }), (first, second, spare) => {
        const count = first[0].length;
        const environments = new NumberedEnvironments(count);
        const buffer = new RolloutBuffer(environments, Math.max(first.length, second.length) + spare);
        for (const ends of [first, second.map((row) => Array.from(first[0], (_, i) => row[i % row.length]))]) {
          buffer.clear();
          const followers = record(buffer, environments, ends);
          const rollout = finish(buffer, environments);
          expect([...rollout.nextValues]).toEqual(followers.map((number) => (number === 0 ? 0 : 1000 + number)));
          expect([rollout.steps, rollout.environments]).toEqual([ends.length, count]);
        }
      }),
    );
  });

  it("keeps what each step saw, did and got, in views as long as the steps that were recorded", () => {
    const environments = new NumberedEnvironments(2);
    const buffer = new RolloutBuffer(environments, 5);
    record(buffer, environments, [
      [0, 0],
      [0, 0],
    ]);
    const rollout = finish(buffer, environments);
    expect([...rollout.observations]).toEqual([1, -1, 2, -2, 3, -3, 4, -4]);
    expect([...rollout.actions]).toEqual([1, 2, 3, 4]);
    expect([...rollout.logProbabilities]).toEqual([-1, -2, -3, -4]);
    expect([...rollout.rewards]).toEqual([3 / 8, 4 / 8, 5 / 8, 6 / 8]);
    expect([rollout.advantages.length, rollout.returns.length]).toEqual([4, 4]);
    expect([buffer.steps, buffer.full]).toEqual([2, false]);
    expect(buffer.rollout()).toBe(rollout);
  });

  it("keeps continuous actions, and rewards given in place of the environments' own", () => {
    const environments = new NumberedEnvironments(1);
    const { count, observationSpace, observations } = environments;
    const buffer = new RolloutBuffer({ count, observationSpace, actionSpace: box({ low: [-1, -1], high: [1, 1] }) }, 1);
    const actions = Float32Array.of(0.5, -3);
    buffer.recordDecisions({ observations, actions, logProbabilities: [0], values: [0] });
    environments.step([0]);
    buffer.recordOutcomes(environments, [7]);
    buffer.setBootstrapValues([0]);
    expect(buffer.rollout().actions).toEqual(actions);
    expect([...buffer.rollout().rewards]).toEqual([7]);
  });

  it("refuses calls out of order", () => {
    const environments = new NumberedEnvironments(1);
    const buffer = new RolloutBuffer(environments, 1);
    const decisions = decisionsFor(environments);
    expect(() => buffer.recordOutcomes(environments)).toThrow(
      new StateError("recordOutcomes: expected recordDecisions first, got none"),
    );
    expect(() => buffer.rollout()).toThrow(new StateError("rollout: expected setBootstrapValues first, got none"));
    expect(() => buffer.bootstrapObservations(environments.observations)).toThrow(
      new StateError("bootstrapObservations: expected at least one step and all of them whole, got none"),
    );
    buffer.recordDecisions(decisions);
    expect(() => buffer.recordDecisions(decisions)).toThrow(
      new StateError("recordDecisions: expected recordOutcomes of the last step first, got none"),
    );
    expect(() => buffer.setBootstrapValues([1])).toThrow(/^setBootstrapValues: .*, got a step without its outcomes$/u);
    environments.step([0]);
    buffer.recordOutcomes(environments);
    expect(() => buffer.recordDecisions(decisions)).toThrow(
      new StateError("recordDecisions: expected room for a step, got a buffer full with 1"),
    );
  });

  it("asks for new bootstrap values after a further step", () => {
    const environments = new NumberedEnvironments(1);
    const buffer = new RolloutBuffer(environments, 2);
    record(buffer, environments, [[0]]);
    finish(buffer, environments);
    record(buffer, environments, [[0]]);
    expect(() => buffer.rollout()).toThrow(StateError);
  });

  it("refuses wrong lengths and kinds, naming the argument", () => {
    const environments = new NumberedEnvironments(2);
    const decisions = decisionsFor(environments);
    const buffer = new RolloutBuffer(environments, 2);
    expect(() => new RolloutBuffer(environments, 0)).toThrow(
      new OptionError("capacity: expected an integer ≥ 1, got 0"),
    );
    expect(() => buffer.recordDecisions({ ...decisions, values: [1] })).toThrow(
      new ShapeError("values: expected length 2, got [1]"),
    );
    expect(() => buffer.recordDecisions({ ...decisions, actions: 1 as unknown as Int32Array })).toThrow(OptionError);
    record(buffer, environments, [[0, 0]]);
    expect(() => buffer.bootstrapObservations([1, 2])).toThrow(ShapeError);
    expect(() => buffer.setBootstrapValues([1, 2, 3])).toThrow(ShapeError);
  });

  it("refuses NaN and infinities before anything learns from them, naming the place", () => {
    const environments = new NumberedEnvironments(2);
    const decisions = decisionsFor(environments);
    const buffer = new RolloutBuffer(environments, 2);
    expect(() => buffer.recordDecisions({ ...decisions, values: [1, NaN] })).toThrow(
      new NumericalError("values[1]: expected a finite number, got NaN"),
    );
    expect(() => buffer.recordDecisions({ ...decisions, logProbabilities: [-Infinity, 0] })).toThrow(NumericalError);
    expect(() => buffer.recordDecisions({ ...decisions, observations: [0, 1e39, 0, 0] })).toThrow(
      new NumericalError("observations[1]: expected a finite number, got 1e+39"),
    );
    buffer.recordDecisions(decisions);
    environments.step([2, 0]);
    environments.finalObservations[1] = Infinity;
    expect(() => buffer.recordOutcomes(environments, [0, NaN])).toThrow(
      new NumericalError("rewards[1]: expected a finite number, got NaN"),
    );
    expect(() => buffer.recordOutcomes(environments)).toThrow(
      new NumericalError("finalObservations of environment 0[1]: expected a finite number, got Infinity"),
    );
  });
});
