import { FormatError, NumericalError, OptionError, Random, StateError } from "@uphill/core-math";
import fc from "fast-check";
import { afterEach, describe, expect, inject, test } from "vitest";
import { corridor as sameCorridor } from "../../test/corridor.js";
import { advanceVector } from "../../test/environment-contract.js";
import { slider as sameSlider, stackedCorridor as sameStack } from "../../test/worker-environments.js";
import { cartPole as sameCartPole } from "../cart-pole.js";
import type { EnvironmentDefinition } from "../environment.js";
import type { JsonValue } from "../json.js";
import { makeEnvironment, makeVectorEnvironment } from "../make.js";
import type { Space } from "../spaces/space.js";
import type { AutoresetMode, VectorEnvironment } from "../vector-environment.js";
import { type EpisodeSummary, episodeStatistics } from "../wrappers/episode-statistics.js";
import { frameStack } from "../wrappers/frame-stack.js";
import { onWorkers, type OnWorkersOptions } from "./on-workers.js";

const modules = inject("workerModules");
const MODES: readonly AutoresetMode[] = ["same-step", "next-step", "disabled"];
const opened: { close(): void }[] = [];

/** An environment of the tests' modules, on two threads. */
async function threaded(name: string, options: Partial<OnWorkersOptions> = {}): Promise<EnvironmentDefinition> {
  const module = `${modules}environments.js`;
  return onWorkers({ script: `${modules}environment-worker.js`, module, export: name, workers: 2, ...options });
}

function vectorOf(
  definition: EnvironmentDefinition,
  count: number,
  autoreset: AutoresetMode = "same-step",
): VectorEnvironment<Space, AutoresetMode> {
  const vector = makeVectorEnvironment(definition, count, { autoreset });
  opened.push(vector);
  return vector;
}

afterEach(() => {
  for (const vector of opened.splice(0)) vector.close();
});

test("a vector on two threads does what it does on one", async () => {
  const env = await threaded("corridor");
  expect(env).toMatchObject({ id: "Corridor-v0", maxEpisodeSteps: 20 });
  const [vector, same] = [vectorOf(env, 5), vectorOf(sameCorridor, 5)];
  for (const one of [vector, same]) one.reset({ seed: 3 });
  expect(advanceVector(vector, 100, new Random(1))).toEqual(advanceVector(same, 100, new Random(1)));
});

describe("laws", () => {
  test.each(MODES)("mode %s: any seed, count and reset times, and a state restored at any step", async (autoreset) => {
    const pairs = [
      [await threaded("corridor"), sameCorridor],
      [await threaded("stackedCorridor"), sameStack],
      [frameStack(await threaded("corridor", { workers: 3 }), 2), sameStack],
      [await threaded("cartPole", { module: `${modules}envs.js` }), { ...sameCartPole, makeBatch: undefined }],
      [await threaded("slider"), sameSlider],
    ] as const;
    const vectors = pairs.map(([there, here]) => [vectorOf(there, 4, autoreset), vectorOf(here, 4, autoreset)] as const);
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 30 }), fc.nat({ max: vectors.length - 1 }), (seed, steps, pair) => {
        const [there, here] = vectors[pair];
        for (const vector of [there, here]) vector.reset({ seed });
        expect(there.observations).toEqual(here.observations);
        expect(advanceVector(there, steps, new Random(seed))).toEqual(advanceVector(here, steps, new Random(seed)));
        if (here.savesState) {
          const state = JSON.parse(JSON.stringify(there.saveState())) as JsonValue;
          advanceVector(there, 5, new Random(seed));
          there.restoreState(state);
        }
        expect(there.savesState).toBe(here.savesState);
        expect(advanceVector(there, 20, new Random(1))).toEqual(advanceVector(here, 20, new Random(1)));
      }),
      { numRuns: 12 },
    );
  });

  test("stepAsync is step", async () => {
    const [vector, same] = [vectorOf(await threaded("corridor"), 3), vectorOf(sameCorridor, 3)];
    for (const one of [vector, same]) one.reset({ seed: 3 });
    for (let t = 0; t < 40; t++) {
      const actions = Int32Array.of(t % 2, 1, 0);
      const step = vector.stepAsync(actions);
      actions.fill(7); // its own copy is what counts
      await step;
      same.step(Int32Array.of(t % 2, 1, 0));
      expect([vector.observations, vector.rewards]).toEqual([same.observations, same.rewards]);
    }
  });
});

test("stepAsync leaves the thread to others while the environments work", async () => {
  const vector = vectorOf(await threaded("slow"), 2);
  vector.reset();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  for (let t = 0; t < 3; t++) await vector.stepAsync(new Int32Array(2));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(3);
});

test("a vector that is closed while it steps lets the environments finish, and then tells so", async () => {
  const vector = vectorOf(await threaded("slow"), 2);
  vector.reset();
  const step = vector.stepAsync(new Int32Array(2));
  vector.close();
  await expect(step).rejects.toThrow(StateError);
  expect(() => {
    vector.reset();
  }).toThrow("reset of slow: expected an open environment, but it was closed");
});

test("a single environment on a thread, and wrappers around a vector of them", async () => {
  const [single, same] = [makeEnvironment(await threaded("corridor")), makeEnvironment(sameCorridor)];
  expect(single.reset({ seed: 1 })).toEqual(same.reset({ seed: 1 }));
  const { info: _, ...rest } = same.step(1);
  expect(single.step(1)).toEqual(rest);
  single.close();

  const ended: EpisodeSummary[] = [];
  const vector = vectorOf(episodeStatistics(await threaded("corridor"), (episode) => ended.push(episode)), 3);
  vector.reset({ seed: 1 });
  advanceVector(vector, 30, new Random(1));
  expect(new Set(ended.map(({ environment }) => environment)).size).toBe(3);
});

describe("what goes wrong names the environment", () => {
  /** Three environments, of which the one with index 1 has this fault at its third step. */
  async function faulty(fault: number, timeoutMs = 10_000): Promise<VectorEnvironment<Space, AutoresetMode>> {
    const vector = vectorOf(await threaded("faulty", { timeoutMs }), 3);
    vector.reset({ seed: [0, fault, 0] });
    for (let t = 0; t < 2; t++) vector.step(new Int32Array(3));
    return vector;
  }
  const cases: readonly [string, number, string][] = [
    ["throws an error of this project", 1, "Faulty-v0, environment 1: step: expected dry ground, got mud"],
    ["throws another error", 2, "step of Faulty-v0, environment 1: threw RangeError: out of rope"],
    ["dies", 3, "step of Faulty-v0, environment 1: the worker has exited"],
  ];

  test.each(cases)("where it %s", async (_, fault, message) => {
    const vector = await faulty(fault);
    expect(() => {
      vector.step(new Int32Array(3));
    }).toThrow(new StateError(message));
    expect(() => {
      vector.reset();
    }).toThrow("Faulty-v0: expected running workers, but they were stopped; make a new vector");
  });

  test.each(cases)("where it %s while nobody waits", async (_, fault, message) => {
    const vector = await faulty(fault);
    await expect(vector.stepAsync(new Int32Array(3))).rejects.toThrow(new StateError(message));
    expect(() => {
      vector.step(new Int32Array(3));
    }).toThrow("step of Faulty-v0: expected a reset first, as the last call failed halfway");
  });

  test("where it hangs, after the time that it was given", async () => {
    const hangs = "step of Faulty-v0, environment 1: no answer within 2000 ms: it hangs, or its worker has died";
    const [waited, awaited] = [await faulty(4, 2000), await faulty(4, 2000)];
    // Both wait at the same time: the one lets this thread go on, the other does not.
    const answer = awaited.stepAsync(new Int32Array(3));
    expect(() => {
      waited.step(new Int32Array(3));
    }).toThrow(new StateError(hangs));
    await expect(answer).rejects.toThrow(new StateError(hangs));
  });

  test("where its spaces differ, or it cannot be made", async () => {
    const [different, scarce] = [await threaded("different"), await threaded("scarce")];
    expect(() => makeVectorEnvironment(different, 4)).toThrow(
      new StateError("different, environment 1: expected the spaces of environment 0, got others"),
    );
    expect(() => makeVectorEnvironment(scarce, 4)).toThrow(
      new StateError("make of scarce, environment 1: threw RangeError: no licence left"),
    );
  });
});

test("actions, seeds and states are checked as everywhere", async () => {
  const vector = vectorOf(await threaded("corridor"), 2);
  vector.reset();
  expect(() => {
    vector.step(Int32Array.of(0, 2));
  }).toThrow("action of Corridor-v0, environment 1: expected an integer in [0, 2), got 2");
  expect(() => {
    vector.reset({ seed: -1 });
  }).toThrow("seed of Corridor-v0: expected");
  const state = vector.saveState() as Readonly<Record<string, JsonValue>>;
  expect(() => {
    vector.restoreState({ ...state, environments: [null] });
  }).toThrow(FormatError);
  const slider = vectorOf(await threaded("slider"), 1);
  slider.reset();
  expect(() => {
    slider.step(Float32Array.of(0, Number.NaN));
  }).toThrow(NumericalError);
});

test("options that are none", async () => {
  const wrong: readonly [Partial<OnWorkersOptions>, string][] = [
    [{ module: "crane.js" }, 'module: expected a URL, such as new URL("./crane.js", import.meta.url), got "crane.js"'],
    [{ export: "crane" }, "got crane; its exports are corridor, "],
    [{ export: "" }, 'export: expected a non-empty string, got ""'],
    [{ export: "number" }, "expected an environment, got 5"],
    [{ export: "pieces" }, "environment Pieces-v0: expected an environment with two spaces, got an object"],
    [{ workers: 0 }, "workers: expected an integer in [1, 1024], got 0"],
    [{ timeoutMs: 0 }, "timeoutMs: expected a finite number > 0, got 0"],
  ];
  for (const [options, message] of wrong) {
    await expect(threaded("corridor", options)).rejects.toThrow(OptionError);
    await expect(threaded("corridor", options)).rejects.toThrow(message);
  }
  await expect(threaded("corridor", { module: `${modules}nothing.js` })).rejects.toThrow(FormatError);
});
