import { NumericalError, OptionError, ShapeError, StateError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { Corridor, corridor } from "../test/corridor.js";
import type { Environment, Step } from "./environment.js";
import { guard } from "./guard.js";
import type { JsonValue } from "./json.js";
import { makeEnvironment } from "./make.js";
import type { Discrete } from "./spaces/discrete.js";

/** A corridor whose step answers something else. */
function answering(answer: Partial<Record<keyof Step, unknown>>): Environment<Discrete> {
  const inner = new Corridor();
  return {
    observationSpace: inner.observationSpace,
    actionSpace: inner.actionSpace,
    reset: (options) => inner.reset(options),
    step: (action) => ({ ...inner.step(action), ...(answer as Partial<Step>) }),
  };
}

test("a guarded environment does what the environment does", () => {
  const [guarded, plain] = [guard(new Corridor(), "Corridor"), new Corridor()];
  expect(guarded.reset({ seed: 5 })).toEqual(plain.reset({ seed: 5 }));
  expect(guarded.step(1)).toEqual(plain.step(1));
  expect(guarded.id).toBe("Corridor");
});

describe("the order of calls", () => {
  test("step before reset throws", () => {
    expect(() => guard(new Corridor(), "Corridor").step(1)).toThrow(
      new StateError("step of Corridor: expected a reset first, as no episode is under way"),
    );
  });

  test("step after the episode's end throws, until the next reset", () => {
    const environment = guard(answering({ terminated: true }), "Corridor");
    environment.reset();
    environment.step(0);
    expect(() => environment.step(0)).toThrow(StateError);
    environment.reset();
    expect(environment.step(0).terminated).toBe(true);
  });

  test("a truncated episode has ended too", () => {
    const environment = makeEnvironment({ ...corridor, maxEpisodeSteps: 1 });
    environment.reset();
    expect(environment.step(0).truncated).toBe(true);
    expect(() => environment.step(0)).toThrow(StateError);
  });

  test("closing twice is safe; anything else afterwards throws", () => {
    const environment = guard(new Corridor(), "Corridor");
    environment.reset();
    const state = environment.saveState?.() ?? null;
    environment.close();
    environment.close();
    const calls = [
      () => environment.step(0),
      () => environment.reset(),
      () => environment.saveState?.(),
      () => environment.restoreState?.(state),
    ];
    for (const call of calls) expect(call).toThrow(StateError);
  });

  test("after a step that threw, a reset comes first", () => {
    const inner = answering({});
    const environment = guard(
      {
        ...inner,
        step: () => {
          throw new RangeError("lost");
        },
      },
      "Corridor",
    );
    environment.reset();
    expect(() => environment.step(0)).toThrow(new RangeError("lost"));
    expect(() => environment.step(0)).toThrow(StateError);
  });

  test("after a wrong action, the episode goes on", () => {
    const environment = guard(new Corridor(), "Corridor");
    environment.reset();
    expect(() => environment.step(9)).toThrow(OptionError);
    expect(environment.step(0).truncated).toBe(false);
  });
});

test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53, "1", null])("seed %s is refused", (seed) => {
  expect(() => guard(new Corridor(), "Corridor").reset({ seed: seed as number })).toThrow(OptionError);
});

test("reset options that are none are refused", () => {
  const environment = guard(new Corridor(), "Corridor");
  expect(() => environment.reset(5 as unknown as object)).toThrow(
    "reset options of Corridor: expected an object, got 5",
  );
  expect(() => environment.reset({ sed: 1 } as object)).toThrow(
    "reset options of Corridor: expected only seed, got sed",
  );
  expect(() => environment.reset({ seed: -1 })).toThrow("seed of Corridor: expected an integer in [0, ");
});

test("an answer that cannot be computed with is refused where it first appears", () => {
  const cases: readonly [Partial<Record<keyof Step, unknown>>, new (message: string) => Error, string][] = [
    [{ observation: [0, 0] }, OptionError, "observation from Corridor: expected a Float32Array of length 2"],
    [
      { observation: new Float32Array(3) },
      ShapeError,
      "observation from Corridor: expected a Float32Array of length 2",
    ],
    [{ observation: Float32Array.of(0, Number.NaN) }, NumericalError, "expected finite numbers, got NaN at index 1"],
    [{ reward: Number.NaN }, NumericalError, "reward from Corridor: expected a finite number, got NaN"],
    [{ reward: "1" }, OptionError, "reward from Corridor: expected a finite number"],
    [{ terminated: 1 }, OptionError, "terminated from Corridor: expected true or false, got 1"],
    [{ truncated: undefined }, OptionError, "truncated from Corridor: expected true or false, got undefined"],
  ];
  for (const [answer, kind, message] of cases) {
    const environment = guard(answering(answer), "Corridor");
    environment.reset();
    expect(() => environment.step(0)).toThrow(kind);
    environment.reset();
    expect(() => environment.step(0)).toThrow(message);
  }
});

test("a state that is damaged, or of another environment, is refused", () => {
  const environment = makeEnvironment(corridor);
  environment.reset({ seed: 0 });
  const state = environment.saveState?.() as Readonly<Record<string, JsonValue>>;
  const wrong: readonly JsonValue[] = [
    null,
    7,
    {},
    { ...state, id: "Other" },
    { ...state, running: 1 },
    { ...state, environment: 3 },
  ];
  for (const damaged of wrong) expect(() => environment.restoreState?.(damaged)).toThrow(/^state/u);
});

test("a restored episode that had ended has ended", () => {
  const [ended, restored] = [0, 1].map(() => makeEnvironment({ ...corridor, maxEpisodeSteps: 1 }));
  for (const environment of [ended, restored]) environment.reset({ seed: 0 });
  ended.step(0);
  restored.restoreState?.(ended.saveState?.() ?? null);
  expect(() => restored.step(0)).toThrow(StateError);
  expect(restored.reset()).toEqual(ended.reset());
});

test("what cannot save its state does not pretend to", () => {
  expect(guard(answering({}), "Corridor").saveState).toBeUndefined();
  expect(makeEnvironment({ ...corridor, make: () => answering({}) }).saveState).toBeUndefined();
});
