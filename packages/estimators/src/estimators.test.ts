import { NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import reference from "../test/reference/estimators.json" with { type: "json" };
import { bootstrappedReturns, discountedReturns, gaeAdvantages, tdErrors } from "./index.js";
import type { GaeRollout } from "./index.js";

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(expected[i])));
  }
}

const number = fc.integer({ min: -300, max: 300 }).map((k) => k / 100);
const column = <T>(element: fc.Arbitrary<T>, count: number) => fc.array(element, { minLength: count, maxLength: count });
// Ends are rarer than steps, as in life; both kinds may meet.
const end = fc.nat(4).map((k) => (k === 0 ? 1 : 0));

interface Generated extends GaeRollout {
  readonly steps: number;
  readonly environments: number;
  readonly rewards: number[];
  readonly values: number[];
  readonly nextValues: number[];
  readonly terminated: number[];
  readonly truncated: number[];
}

/** Rollouts [T, N] whose next values are those of the next row, but after a truncation and at the end. */
const rollouts: fc.Arbitrary<Generated> = fc
  .record({ steps: fc.integer({ min: 1, max: 12 }), environments: fc.integer({ min: 1, max: 3 }) })
  .chain(({ steps, environments }) => {
    const count = steps * environments;
    return fc
      .record({
        rewards: column(number, count),
        values: column(number, count),
        finals: column(number, count),
        terminated: column(end, count),
        truncated: column(end, count),
        gamma: fc.integer({ min: 0, max: 100 }).map((k) => k / 100),
        lambda: fc.integer({ min: 0, max: 100 }).map((k) => k / 100),
      })
      .map(({ finals, ...rollout }) => ({
        ...rollout,
        steps,
        environments,
        nextValues: finals.map((final, i) =>
          rollout.truncated[i] === 1 || i + environments >= count ? final : rollout.values[i + environments],
        ),
      }));
  });

describe("examples", () => {
  const rollout = {
    rewards: [1, 1, 1],
    values: [0.5, 0.5, 0.5],
    nextValues: [0.5, 0.5, 2],
    terminated: [0, 0, 0],
    truncated: [0, 0, 1],
    gamma: 0.5,
  };

  test("three steps, truncated", () => {
    expect([...tdErrors(rollout)]).toEqual([0.75, 0.75, 1.5]);
    expect([...gaeAdvantages({ ...rollout, lambda: 0.5 })]).toEqual([1.03125, 1.125, 1.5]);
    expect([...bootstrappedReturns(rollout)]).toEqual([2, 2, 2]);
    expect([...discountedReturns(rollout)]).toEqual([1.75, 1.5, 1]);
  });

  test("the result goes into the array that is given", () => {
    const out = new Float64Array(3);
    expect(gaeAdvantages({ ...rollout, lambda: 1, out })).toBe(out);
    expect(out[2]).toBe(1.5);
  });

  test("no steps give no advantages", () => {
    const none = { rewards: [], values: [], nextValues: [], terminated: [], truncated: [], gamma: 1, lambda: 1 };
    expect(gaeAdvantages(none).length).toBe(0);
  });
});

describe("laws", () => {
  test("GAE is its defining sum: Σ (γλ)^l δ_{t+l} up to the end of the episode", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const { steps, environments, terminated, truncated, gamma, lambda } = rollout;
        const errors = tdErrors(rollout);
        const sums = Array.from({ length: steps * environments }, (_, start) => {
          let sum = 0;
          for (let i = start, weight = 1; i < errors.length; i += environments, weight *= gamma * lambda) {
            sum += weight * errors[i];
            if (terminated[i] === 1 || truncated[i] === 1) break;
          }
          return sum;
        });
        expectClose(gaeAdvantages(rollout), sums);
      }),
    );
  });

  test("λ = 0 is the TD error", () => {
    fc.assert(fc.property(rollouts, (rollout) => expectClose(gaeAdvantages({ ...rollout, lambda: 0 }), tdErrors(rollout))));
  });

  test("λ = 1 is the bootstrapped return minus the value", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const { values } = rollout;
        expectClose(gaeAdvantages({ ...rollout, lambda: 1 }), bootstrappedReturns(rollout).map((g, i) => g - values[i]));
      }),
    );
  });

  test("λ = 1 without a critic, on episodes that end, is Monte Carlo", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const zeros = rollout.values.map(() => 0);
        const blind = { ...rollout, values: zeros, nextValues: zeros, lambda: 1 };
        expectClose(gaeAdvantages(blind), discountedReturns(rollout));
      }),
    );
  });

  test("environments do not touch each other", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const { environments } = rollout;
        const together = gaeAdvantages(rollout);
        for (let n = 0; n < environments; n++) {
          const own = (array: readonly number[]) => array.filter((_, i) => i % environments === n);
          const alone = gaeAdvantages({
            rewards: own(rollout.rewards),
            values: own(rollout.values),
            nextValues: own(rollout.nextValues),
            terminated: own(rollout.terminated),
            truncated: own(rollout.truncated),
            gamma: rollout.gamma,
            lambda: rollout.lambda,
          });
          expectClose(own([...together]), alone);
        }
      }),
    );
  });

  test("episodes joined or apart give the same", () => {
    fc.assert(
      fc.property(rollouts, rollouts, (first, second) => {
        const single = ({ environments, rewards, values, nextValues, terminated, truncated }: Generated) => {
          const own = (array: readonly number[]) => array.filter((_, i) => i % environments === 0);
          const cut = own(truncated);
          cut[cut.length - 1] = 1;
          return { rewards: own(rewards), values: own(values), nextValues: own(nextValues), terminated: own(terminated), truncated: cut };
        };
        const [a, b] = [single(first), single(second)];
        const { gamma, lambda } = first;
        const joined = {
          rewards: [...a.rewards, ...b.rewards],
          values: [...a.values, ...b.values],
          nextValues: [...a.nextValues, ...b.nextValues],
          terminated: [...a.terminated, ...b.terminated],
          truncated: [...a.truncated, ...b.truncated],
        };
        for (const estimate of [gaeAdvantages, bootstrappedReturns, discountedReturns]) {
          const apart = [a, b].flatMap((part) => [...estimate({ ...part, gamma, lambda })]);
          expectClose(estimate({ ...joined, gamma, lambda }), apart);
        }
      }),
    );
  });

  test("what follows a termination is never read", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const poisoned = { ...rollout, nextValues: rollout.nextValues.map((v, i) => (rollout.terminated[i] === 1 ? NaN : v)) };
        for (const estimate of [tdErrors, gaeAdvantages, bootstrappedReturns]) {
          expectClose(estimate(poisoned), estimate(rollout));
        }
      }),
    );
  });
});

describe.each(reference.map((example, index) => ({ index, ...example })))("reference $index", (example) => {
  const { reward: rewards, value: values, terminated, truncated, gamma, lambda } = example;
  const nextValues = values.map((_, t) =>
    truncated[t] === 1 ? example.truncation_value[t] : (values[t + 1] ?? example.last_value),
  );
  const rollout = { rewards, values, nextValues, terminated, truncated, gamma, lambda };

  test("TD error, GAE and bootstrapped return", () => {
    expectClose(tdErrors(rollout), example.td_error);
    expectClose(gaeAdvantages(rollout), example.gae);
    expectClose(bootstrappedReturns(rollout), example.bootstrapped_return);
  });
});

describe("errors", () => {
  const rollout = {
    rewards: [1, 2, 3, 4],
    values: [0, 0, 0, 0],
    nextValues: [0, 0, 0, 0],
    terminated: [0, 0, 0, 0],
    truncated: [0, 0, 0, 0],
    environments: 2,
    gamma: 0.9,
    lambda: 0.5,
  };

  test.each<[string, Partial<GaeRollout>, Error]>([
    ["γ above 1", { gamma: 1.5 }, new OptionError("gamma: expected a finite number in [0, 1], got 1.5")],
    ["λ below 0", { lambda: -0.1 }, new OptionError("lambda: expected a finite number in [0, 1], got -0.1")],
    ["γ of NaN", { gamma: NaN }, new OptionError("gamma: expected a finite number in [0, 1], got NaN")],
    ["steps that are not whole", { environments: 3 }, new ShapeError("rewards: expected steps of 3 environments, got 4 in all")],
    ["a NaN reward", { rewards: [1, 2, 3, NaN] }, new NumericalError("rewards at [1, 1]: expected a finite number, got NaN")],
    ["an infinite value", { values: [0, 0, Infinity, 0] }, new NumericalError("values at [1, 0]: expected a finite number, got Infinity")],
    ["a NaN next value", { nextValues: [0, NaN, 0, 0] }, new NumericalError("nextValues at [0, 1]: expected a finite number, got NaN")],
    ["an overflow", { rewards: [1e308, 0, 1.7e308, 0], lambda: 1, gamma: 1 }, new NumericalError("rewards: expected numbers whose sums are finite, got an overflow")],
  ])("%s", (_, change, error) => {
    expect(() => gaeAdvantages({ ...rollout, ...change })).toThrow(error);
  });

  test.each(["rewards", "values", "nextValues", "terminated", "truncated", "out"])("%s of another length or kind", (name) => {
    expect(() => gaeAdvantages({ ...rollout, [name]: new Float64Array(name === "rewards" ? 6 : 2) })).toThrow(ShapeError);
    expect(() => gaeAdvantages({ ...rollout, [name]: 7 as never })).toThrow(OptionError);
  });
});
