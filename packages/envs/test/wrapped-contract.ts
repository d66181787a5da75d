import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { describe, test } from "vitest";
import { sampleActions } from "./environment-contract.js";
import { expectSame } from "./expect-same.js";
import type { EnvironmentDefinition, EnvironmentSource } from "../src/environment.js";
import type { JsonValue } from "../src/json.js";
import { makeEnvironment, makeVectorEnvironment } from "../src/make.js";
import type { Box } from "../src/spaces/box.js";
import type { Discrete } from "../src/spaces/discrete.js";
import type { ActionOf, Space } from "../src/spaces/space.js";
import type { AutoresetMode, VectorEnvironment } from "../src/vector-environment.js";
import { actionMask } from "../src/wrappers/action-mask.js";
import { clipAction, clipObservation, clipReward, rescaleAction } from "../src/wrappers/clip.js";
import { episodeStatistics } from "../src/wrappers/episode-statistics.js";
import { frameStack } from "../src/wrappers/frame-stack.js";
import { normalizeObservation } from "../src/wrappers/normalize-observation.js";
import { normalizeReward } from "../src/wrappers/normalize-reward.js";
import { recordEpisodes } from "../src/wrappers/record-episodes.js";
import { timeAwareObservation } from "../src/wrappers/time-aware-observation.js";
import { timeLimit } from "../src/wrappers/time-limit.js";
import { transformAction, transformObservation, transformReward } from "../src/wrappers/transform.js";

type Wrapper = (source: EnvironmentSource) => EnvironmentDefinition;

const MODES: readonly AutoresetMode[] = ["same-step", "next-step", "disabled"];
const anySpace: readonly Wrapper[] = [
  (source) => timeLimit(source, 40),
  (source) => timeLimit(source, 4),
  (source) => episodeStatistics(source),
  (source) => normalizeObservation(source),
  (source) => normalizeReward(source),
  (source) => clipObservation(source, -1, 2),
  (source) => clipReward(source, -0.5, 0.5),
  (source) => frameStack(source, 3),
  (source) => timeAwareObservation(timeLimit(source, 9)),
  (source) => recordEpisodes(source, () => undefined),
  (source) => transformReward(source, (reward) => 1 - reward),
  (source) => transformObservation(source, makeEnvironment(source).observationSpace, (observation) => observation),
  (source) => transformAction(source, makeEnvironment(source).actionSpace, (action) => action),
];
const discreteActions: readonly Wrapper[] = [(source) => actionMask(source as EnvironmentSource<Discrete>, () => true)];
const boxActions: readonly Wrapper[] = [
  (source) => clipAction(source as EnvironmentSource<Box>),
  // Over clipAction, whose actions have no bounds, there is nothing to rescale.
  (source) => (isBounded(makeEnvironment(source).actionSpace) ? rescaleAction(source as EnvironmentSource<Box>) : timeLimit(source, 30)),
];

function isBounded(space: Space): boolean {
  return space.kind === "box" && [...space.low, ...space.high].every(Number.isFinite);
}

/** Times of resets besides those that ended episodes ask for, and where the state is saved. */
const runs = fc.record({
  seed: fc.nat(),
  mode: fc.constantFrom(...MODES),
  wrappers: fc.array(fc.nat(), { maxLength: 2 }),
  resets: fc.array(fc.nat({ max: 30 }), { maxLength: 3 }),
  saveAt: fc.nat({ max: 30 }),
});

/** What every environment must do under the wrappers of this package, one or two at a time. */
export function wrappedContract(definition: EnvironmentDefinition, numRuns = 12): void {
  describe(`wrappers over ${definition.id}`, () => {
    const discrete = makeEnvironment(definition).actionSpace.kind === "discrete";
    const wrappers = [...anySpace, ...(discrete ? discreteActions : boxActions)];
    const wrappedBy = (picks: readonly number[]): EnvironmentDefinition =>
      picks.reduce((source, pick) => wrappers[pick % wrappers.length](source), definition);

    test("in any mode: two vectors of one seed never differ, nor does one restored", () => {
      fc.assert(
        fc.property(runs, ({ seed, mode, wrappers: picks, resets, saveAt }) => {
          const source = wrappedBy(picks);
          const [first, second, restored] = [1, 2, 3].map(() => makeVectorEnvironment(source, 3, { autoreset: mode }));
          for (const vector of [first, second]) vector.reset({ seed });
          const random = new Random(seed);
          for (let t = 0; t < 40; t++) {
            if (t === saveAt) restored.restoreState(JSON.parse(JSON.stringify(first.saveState())) as JsonValue);
            const followers = t < saveAt ? [second] : [second, restored];
            advance([first, ...followers], sampleActions(first, random), resets.includes(t));
            for (const follower of followers) expectSame(seen(follower), seen(first));
          }
        }),
        { numRuns },
      );
    });

    test("two single ones of one seed never differ, nor does one restored", () => {
      fc.assert(
        fc.property(runs, ({ seed, wrappers: picks, resets, saveAt }) => {
          const source = wrappedBy(picks);
          const [first, second, restored] = [1, 2, 3].map(() => makeEnvironment(source));
          for (const environment of [first, second]) environment.reset({ seed });
          const random = new Random(seed);
          for (let t = 0; t < 40; t++) {
            if (t === saveAt) restored.restoreState?.(JSON.parse(JSON.stringify(first.saveState?.())) as JsonValue);
            const action = first.actionSpace.sample(random) as ActionOf<Space>;
            const [expected, ...others] = [first, second, ...(t < saveAt ? [] : [restored])].map((environment) => {
              const step = environment.step(action);
              const over = step.terminated || step.truncated || resets.includes(t);
              return [step, over ? environment.reset() : undefined];
            });
            for (const other of others) expectSame(other, expected);
          }
        }),
        { numRuns },
      );
    });
  });
}

/** Takes one step, with a reset of all or of what ended before it where that is due. */
function advance(
  vectors: readonly VectorEnvironment<Space, AutoresetMode>[],
  actions: ReturnType<typeof sampleActions>,
  reset: boolean,
): void {
  for (const vector of vectors) {
    const mask = vector.terminated.map((flag, i) => flag | vector.truncated[i]);
    if (reset) vector.reset();
    else if (vector.autoreset === "disabled" && mask.includes(1)) vector.reset({ mask });
    vector.step(actions);
  }
}

function seen({ observations, rewards, terminated, truncated, finalObservations, count }: VectorEnvironment<Space, AutoresetMode>): unknown {
  const size = observations.length / count;
  const ends = finalObservations.filter((_, at) => terminated[Math.floor(at / size)] + truncated[Math.floor(at / size)] > 0);
  return { observations, rewards, terminated, truncated, ends };
}
