import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkEnvironment } from "../src/check-environment.js";
import type { Environment, EnvironmentDefinition } from "../src/environment.js";
import { stepArrays } from "../src/internal/step-arrays.js";
import type { JsonValue } from "../src/json.js";
import { makeBatch, makeEnvironment, makeVectorEnvironment } from "../src/make.js";
import { actionAt, joinedActions } from "../src/spaces/actions-of.js";
import type { ActionOf, ActionsOf, Space } from "../src/spaces/space.js";
import type { AutoresetMode, VectorEnvironment } from "../src/vector-environment.js";
import { expectSame } from "./expect-same.js";

const seeds = fc.integer({ min: 0, max: 2 ** 40 });
const MODES: readonly AutoresetMode[] = ["same-step", "next-step", "disabled"];
const limits = fc.integer({ min: 2, max: 30 });

/** What every environment must do, whatever its dynamics: run by the tests of each. */
export function environmentContract<A extends Space>(definition: EnvironmentDefinition<A>, numRuns = 5): void {
  describe(`the contract of environments, kept by ${definition.id}`, () => {
    test("checkEnvironment finds nothing, bare, guarded, or without a name", () => {
      expect(checkEnvironment(definition)).toEqual([]);
      expect(checkEnvironment(() => makeEnvironment(definition))).toEqual([]);
    });

    test("a vector of N does what N single environments with seeds s + i do, automatic resets included", () => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 1, max: 5 }), limits, (seed, count, maxEpisodeSteps) => {
          const limited = { ...definition, maxEpisodeSteps };
          const { makeBatch: _, ...withoutBatch } = limited;
          const singles = Array.from({ length: count }, () => makeEnvironment(limited));
          for (const vector of [makeVectorEnvironment(limited, count), makeVectorEnvironment(withoutBatch, count)]) {
            expectSameAsSingles(vector, singles, seed, 60);
          }
        }),
        { numRuns },
      );
    });

    test.each(MODES)("in mode %s a vector does what single environments do, reset as the mode says", (autoreset) => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 1, max: 4 }), limits, (seed, count, maxEpisodeSteps) => {
          const limited = { ...definition, maxEpisodeSteps };
          const { makeBatch: _, ...withoutBatch } = limited;
          for (const source of [limited, withoutBatch]) {
            const singles = Array.from({ length: count }, () => makeEnvironment(limited));
            expectModeOfSingles(makeVectorEnvironment(source, count, { autoreset }), singles, seed, 40);
          }
        }),
        { numRuns },
      );
    });

    test.each(MODES)("in mode %s a vector restored at any step goes on identically", (autoreset) => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 0, max: 40 }), limits, (seed, steps, maxEpisodeSteps) => {
          const limited = { ...definition, maxEpisodeSteps };
          const [original, restored] = [1, 2].map(() => makeVectorEnvironment(limited, 3, { autoreset }));
          if (!original.savesState) return;
          original.reset({ seed });
          advanceVector(original, steps, new Random(seed));
          restored.restoreState(throughText(original.saveState()));
          expectSame(restored.observations, original.observations);
          expectSame(advanceVector(restored, 40, new Random(1)), advanceVector(original, 40, new Random(1)));
        }),
        { numRuns },
      );
    });

    test("a batch leaves alone what is to stand still", () => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const batch = makeBatch(definition, 2);
          const [results, single] = [stepArrays(2, batch.observationSpace.size), makeEnvironment(definition)];
          const random = new Random(seed);
          for (const index of [0, 1]) batch.reset(index, seed, results.observations);
          single.reset({ seed });
          // More steps than an episode may have.
          for (let t = 0; t < 25; t++) batch.step(sampleActions(batch, random), results, Uint8Array.of(0, 0));
          const actions = sampleActions(batch, random);
          batch.step(actions, results);
          const step = single.step(actionAt(batch.actionSpace, actions, 1));
          expectSame(results.observations.slice(batch.observationSpace.size), step.observation);
          expect([results.rewards[1], results.terminated[1], results.truncated[1]]).toEqual(
            [step.reward, step.terminated, step.truncated].map(Number),
          );
        }),
        { numRuns },
      );
    });

    test("two environments from one seed never differ, whenever they are reset", () => {
      fc.assert(
        fc.property(seeds, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (seed, schedule) => {
          const [first, second] = [makeEnvironment(definition), makeEnvironment(definition)];
          const random = new Random(seed);
          expectSame(first.reset({ seed }), second.reset({ seed }));
          for (const choice of schedule) {
            const action = first.actionSpace.sample(random) as ActionOf<A>;
            const step = first.step(action);
            expectSame(step, second.step(action));
            if (choice === 0 || step.terminated || step.truncated) expectSame(first.reset(), second.reset());
          }
        }),
        { numRuns },
      );
    });

    test("a single environment restored at any step goes on identically", () => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 0, max: 60 }), (seed, steps) => {
          const [original, restored] = [makeEnvironment(definition), makeEnvironment(definition)];
          original.reset({ seed });
          advance(original, steps, new Random(seed));
          if (original.saveState === undefined) return;
          restored.restoreState?.(throughText(original.saveState()));
          expectSame(advance(restored, 60, new Random(1)), advance(original, 60, new Random(1)));
        }),
        { numRuns },
      );
    });

    test("the final observation is the one that ended the episode, the next one begins another", () => {
      const vector = makeVectorEnvironment({ ...definition, maxEpisodeSteps: 2 }, 2);
      const single = makeEnvironment({ ...definition, maxEpisodeSteps: 2 });
      vector.reset({ seed: 3 });
      single.reset({ seed: 4 });
      const random = new Random(0);
      const size = vector.observationSpace.size;
      let ended = false;
      for (let t = 0; t < 2; t++) {
        const actions = sampleActions(vector, random);
        vector.step(actions);
        const { observation, terminated, truncated } = single.step(actionAt(vector.actionSpace, actions, 1));
        if (!terminated && !truncated) continue;
        ended = true;
        expectSame(vector.finalObservations.slice(size), observation);
        expectSame(vector.observations.slice(size), single.reset());
      }
      expect(ended).toBe(true);
    });
  });
}

/** Actions for all environments of a vector. */
export function sampleActions<A extends Space>(vector: Pick<VectorEnvironment<A>, "actionSpace" | "count">, random: Random): ActionsOf<A> {
  const { actionSpace, count } = vector;
  return joinedActions(actionSpace, Array.from({ length: count }, () => actionSpace.sample(random) as ActionOf<A>));
}

function expectSameAsSingles<A extends Space>(
  vector: VectorEnvironment<A>,
  singles: readonly Environment<A>[],
  seed: number,
  steps: number,
): void {
  const size = vector.observationSpace.size;
  const row = (values: Float32Array, i: number): Float32Array => values.slice(i * size, (i + 1) * size);
  const random = new Random(seed);
  vector.reset({ seed });
  singles.forEach((single, i) => {
    expectSame(row(vector.observations, i), single.reset({ seed: seed + i }));
  });
  for (let t = 0; t < steps; t++) {
    const actions = sampleActions(vector, random);
    vector.step(actions);
    singles.forEach((single, i) => {
      const step = single.step(actionAt(vector.actionSpace, actions, i));
      const ended = step.terminated || step.truncated;
      const answers = [vector.rewards[i], vector.terminated[i], vector.truncated[i]];
      expectSame(answers, [step.reward, Number(step.terminated), Number(step.truncated)]);
      if (ended) expectSame(row(vector.finalObservations, i), step.observation);
      expectSame(row(vector.observations, i), ended ? single.reset() : step.observation);
    });
  }
}

/** Steps vector and singles together, the singles reset when the vector's mode says, and expects the same of both. */
function expectModeOfSingles<A extends Space>(
  vector: VectorEnvironment<A, AutoresetMode>,
  singles: readonly Environment<A>[],
  seed: number,
  steps: number,
): void {
  const { autoreset, count } = vector;
  const size = vector.observationSpace.size;
  const row = (values: Float32Array, i: number): Float32Array => values.slice(i * size, (i + 1) * size);
  const random = new Random(seed);
  const over = new Uint8Array(count);
  vector.reset({ seed });
  singles.forEach((single, i) => single.reset({ seed: seed + i }));
  for (let t = 0; t < steps; t++) {
    const actions = sampleActions(vector, random);
    if (autoreset === "disabled" && over.includes(1)) {
      expect(() => vector.step(actions)).toThrow(`environment ${over.indexOf(1)}: expected a reset first`);
      vector.reset({ mask: over });
      singles.forEach((single, i) => {
        if (over[i] !== 0) expectSame(row(vector.observations, i), single.reset());
      });
      over.fill(0);
    }
    vector.step(actions);
    singles.forEach((single, i) => {
      const answers = [vector.rewards[i], vector.terminated[i], vector.truncated[i]];
      if (over[i] !== 0) {
        expectSame(answers, [0, 0, 0]);
        expectSame(row(vector.observations, i), single.reset());
        over[i] = 0;
        return;
      }
      const step = single.step(actionAt(vector.actionSpace, actions, i));
      const ended = step.terminated || step.truncated;
      expectSame(answers, [step.reward, Number(step.terminated), Number(step.truncated)]);
      if (ended) expectSame(row(vector.finalObservations, i), step.observation);
      const shown = ended && autoreset === "same-step" ? single.reset() : step.observation;
      expectSame(row(vector.observations, i), shown);
      if (autoreset !== "same-step") over[i] = Number(ended);
    });
  }
}

/** Plays on, with a reset wherever an episode ended, and gives all that was seen. */
function advance<A extends Space>(environment: Environment<A>, steps: number, random: Random): unknown[] {
  const seen: unknown[] = [];
  for (let t = 0; t < steps; t++) {
    const step = environment.step(environment.actionSpace.sample(random) as ActionOf<A>);
    seen.push(step);
    if (step.terminated || step.truncated) seen.push(environment.reset());
  }
  return seen;
}

/** Plays on, with a reset of what ended where the vector leaves that to its caller, and gives all that was seen. */
export function advanceVector<A extends Space>(
  vector: VectorEnvironment<A, AutoresetMode>,
  steps: number,
  random: Random,
): unknown[] {
  return Array.from({ length: steps }, () => {
    if (vector.autoreset === "disabled") {
      const mask = vector.terminated.map((flag, i) => flag | vector.truncated[i]);
      if (mask.includes(1)) vector.reset({ mask });
    }
    vector.step(sampleActions(vector, random));
    const { observations, rewards, terminated, truncated } = vector;
    return [observations.slice(), rewards.slice(), terminated.slice(), truncated.slice()];
  });
}

function throughText(state: JsonValue | undefined): JsonValue {
  return JSON.parse(JSON.stringify(state)) as JsonValue;
}
