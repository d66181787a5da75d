import { NumericalError, OptionError, StateError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { Corridor, corridor } from "../test/corridor.js";
import { environmentContract } from "../test/environment-contract.js";
import { cartPole } from "./cart-pole.js";
import type { Environment, EnvironmentSource } from "./environment.js";
import type { JsonValue } from "./json.js";
import { definitionOf, makeEnvironment, makeVectorEnvironment } from "./make.js";
import { box } from "./spaces/box.js";
import type { Discrete } from "./spaces/discrete.js";

test("a vector environment steps its environments together, and resets those that end", () => {
  const vector = makeVectorEnvironment(cartPole, 2);
  vector.reset({ seed: 1 });
  let ended = 0;
  for (let t = 0; t < 100; t++) {
    vector.step(Int32Array.of(1, t % 2));
    ended += vector.terminated[0];
  }
  expect(ended).toBeGreaterThan(5); // pushed one way only, the pole falls within a dozen steps
  expect(vector.observations.every((value) => Math.abs(value) < 5)).toBe(true);
});

environmentContract(corridor);

/** A corridor whose steps throw. */
function failing(error: unknown): Corridor {
  const step = (): never => {
    throw error;
  };
  return Object.assign(new Corridor(), { step });
}

describe("what an environment may be given as", () => {
  test("a function's name becomes the id", () => {
    const slope = (): Environment => new Corridor();
    expect(definitionOf(slope).id).toBe("slope");
    expect(definitionOf(() => new Corridor()).id).toBe("environment");
    expect(makeEnvironment(slope).id).toBe("slope");
  });

  test("what is no source is refused in one sentence", () => {
    const refused: readonly [unknown, string][] = [
      [
        undefined,
        "env: expected an environment definition { id, make } or a function that makes an environment, got undefined",
      ],
      ["CartPole-v1", "env: expected an environment definition"],
      [new Corridor(), "env: expected an environment definition"],
      [Corridor, "env: expected a function, as in () => new Corridor(), got the class Corridor"],
      [{ make: () => new Corridor() }, "env.id: expected a non-empty string, got undefined"],
      [{ ...corridor, maxEpisodeSteps: 0 }, "maxEpisodeSteps of Corridor-v0: expected an integer ≥ 1, got 0"],
      [() => 5, "environment environment: expected an object, got 5"],
      [() => ({}), "environment environment: expected an observationSpace made by box(), got an object"],
      [() => Object.assign(new Corridor(), { actionSpace: 2 }), "expected an actionSpace made by box(), discrete(), multiDiscrete() or multiBinary()"],
      [() => Object.assign(new Corridor(), { reset: undefined }), "environment environment: expected a method reset"],
    ];
    for (const [source, message] of refused) {
      expect(() => makeEnvironment(source as EnvironmentSource)).toThrow(OptionError);
      expect(() => makeEnvironment(source as EnvironmentSource)).toThrow(message);
    }
  });

  test.each([0, -1, 1.5, Number.NaN, 1e12])("a count of %s is refused", (count) => {
    expect(() => makeVectorEnvironment(cartPole, count)).toThrow(OptionError);
  });

  test("environments of different spaces make no vector", () => {
    let made = 0;
    const make = (): Environment => {
      made += 1;
      const inner = new Corridor();
      return made < 2 ? inner : Object.assign(inner, { observationSpace: box({ low: 0, high: made }) });
    };
    expect(() => makeVectorEnvironment(make, 2)).toThrow(
      new StateError("make, environment 1: expected the spaces of environment 0, got others"),
    );
  });
});

describe("the vector form's calls", () => {
  const noAction = Int32Array.of(0, 0);

  test.each([cartPole, corridor])(
    "$id: step before reset and after close throws, closing twice is safe",
    (definition) => {
      const vector = makeVectorEnvironment(definition, 2);
      expect(() => {
        vector.step(noAction);
      }).toThrow(`step of ${definition.id}: expected a reset first`);
      expect(() => vector.saveState()).toThrow(StateError);
      vector.reset();
      const state = vector.saveState();
      vector.close();
      vector.close();
      expect(() => {
        vector.step(noAction);
      }).toThrow(`step of ${definition.id}: expected an open environment`);
      expect(() => {
        vector.reset();
      }).toThrow(StateError);
      expect(() => vector.saveState()).toThrow(StateError);
      expect(() => {
        vector.restoreState(state);
      }).toThrow(StateError);
    },
  );

  test("steps are counted anew from each reset", () => {
    const vector = makeVectorEnvironment({ ...cartPole, maxEpisodeSteps: 3 }, 2);
    const truncatedAfterTwo = (): number[] => {
      vector.reset();
      vector.step(noAction);
      vector.step(noAction);
      return [...vector.truncated];
    };
    expect(truncatedAfterTwo()).toEqual([0, 0]);
    expect(truncatedAfterTwo()).toEqual([0, 0]);
    vector.step(noAction);
    expect([...vector.truncated]).toEqual([1, 1]);
  });

  test("an environment that truncates by itself is reset as well", () => {
    const vector = makeVectorEnvironment((): Environment<Discrete> => {
      const inner = new Corridor();
      const step = inner.step.bind(inner);
      return Object.assign(inner, { step: (action: number) => ({ ...step(action), truncated: action === 1 }) });
    }, 2);
    vector.reset();
    vector.step(Int32Array.of(0, 1));
    expect([...vector.truncated]).toEqual([0, 1]);
    expect(vector.finalObservations.subarray(2)).not.toEqual(vector.observations.subarray(2));
  });

  test("each environment is closed once", () => {
    let closed = 0;
    const vector = makeVectorEnvironment(
      (): Environment => Object.assign(new Corridor(), { close: () => (closed += 1) }),
      3,
    );
    vector.close();
    vector.close();
    expect(closed).toBe(3);
  });

  test("seeds must leave room for one each", () => {
    const vector = makeVectorEnvironment(cartPole, 2);
    for (const seed of [-1, 0.5, Number.MAX_SAFE_INTEGER]) {
      // the last would seed environment 1 with a number that is no longer exact
      expect(() => {
        vector.reset({ seed });
      }).toThrow("seed of CartPole-v1: expected an integer in [0, 9007199254740990], got");
    }
    vector.reset({ seed: Number.MAX_SAFE_INTEGER - 1 });
  });

  test("a first reset without a seed is one from seed 0, a later one carries on", () => {
    for (const definition of [cartPole, corridor]) {
      const [unseeded, seeded] = [makeVectorEnvironment(definition, 2), makeVectorEnvironment(definition, 2)];
      unseeded.reset();
      seeded.reset({ seed: 0 });
      expect(unseeded.observations).toEqual(seeded.observations);
      const first = seeded.observations.slice();
      unseeded.reset();
      seeded.reset();
      expect(unseeded.observations).toEqual(seeded.observations);
      expect(seeded.observations).not.toEqual(first);
    }
  });

  test("actions of another type or number are refused", () => {
    const vector = makeVectorEnvironment(cartPole, 2);
    vector.reset();
    expect(() => {
      vector.step(Int32Array.of(0));
    }).toThrow("actions of CartPole-v1: expected length 2, got ");
    expect(() => {
      vector.step([0, 1] as unknown as Int32Array);
    }).toThrow("actions of CartPole-v1: expected an Int32Array of length 2, got [0, 1]");
    expect(() => {
      vector.step(Float32Array.of(0, 1) as unknown as Int32Array);
    }).toThrow(OptionError);
  });

  test("an environment that answers NaN is named by its index; a reset comes next", () => {
    let made = 0;
    const vector = makeVectorEnvironment((): Environment => {
      made += 1;
      const inner = new Corridor();
      if (made === 2)
        inner.step = () => ({
          observation: Float32Array.of(Number.NaN, 0),
          reward: 0,
          terminated: false,
          truncated: false,
        });
      return inner;
    }, 2);
    vector.reset();
    expect(() => {
      vector.step(noAction);
    }).toThrow(NumericalError);
    expect(() => {
      vector.step(noAction);
    }).toThrow("step of environment: expected a reset first, as the last call failed halfway");
    vector.reset();
    expect(() => {
      vector.step(noAction);
    }).toThrow("observation from environment, environment 1: expected finite numbers, got NaN at index 0");
  });

  test("what an environment throws says which one it was, and is the cause", () => {
    const thrown = (error: unknown): unknown => {
      let made = 0;
      const vector = makeVectorEnvironment({ id: "Faulty-v0", make: () => (++made < 3 ? new Corridor() : failing(error)) }, 3);
      vector.reset();
      try {
        vector.step(new Int32Array(3));
      } catch (caught) {
        return caught;
      }
      return undefined;
    };
    const lost = new RangeError("out of rope");
    const named = new StateError("step of Faulty-v0, environment 2: threw RangeError: out of rope", { cause: lost });
    expect(thrown(lost)).toEqual(named);
    expect(thrown("rope")).toEqual(new StateError("step of Faulty-v0, environment 2: threw rope", { cause: "rope" }));
    const mud = new OptionError("action: expected rope, got mud");
    expect(thrown(mud)).toEqual(new OptionError(`Faulty-v0, environment 2: ${mud.message}`, { cause: mud }));
  });

  test("environments without saveState make a vector that says so", () => {
    const vector = makeVectorEnvironment((): Environment => {
      const inner = new Corridor();
      return {
        observationSpace: inner.observationSpace,
        actionSpace: inner.actionSpace,
        reset: (o) => inner.reset(o),
        step: (a) => inner.step(a as number),
      };
    }, 2);
    vector.reset();
    expect(vector.savesState).toBe(false);
    expect(() => vector.saveState()).toThrow(StateError);
    expect(() => {
      vector.restoreState(null);
    }).toThrow(StateError);
    expect(makeVectorEnvironment(corridor, 1).savesState).toBe(true);
  });

  test("a state that is damaged, or of another environment or count, is refused", () => {
    const vector = makeVectorEnvironment(cartPole, 2);
    vector.reset();
    const state = vector.saveState() as Readonly<Record<string, JsonValue>>;
    const [other, larger] = [
      makeVectorEnvironment({ ...cartPole, id: "Other" }, 2),
      makeVectorEnvironment(cartPole, 3),
    ];
    other.reset();
    larger.reset();
    const wrong: readonly JsonValue[] = [
      null,
      {},
      other.saveState(),
      larger.saveState(),
      { ...state, elapsed: [0, 500] },
      { ...state, elapsed: [0, -1] },
      { ...state, observations: [0] },
      { ...state, environments: null },
      { ...state, environments: { state: [[0], [0], [0], [0]], streams: [] } },
    ];
    for (const damaged of wrong)
      expect(() => {
        vector.restoreState(damaged);
      }).toThrow(/^state/u);
  });
});
