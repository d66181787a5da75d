import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";

/** A generated rollout: all that any estimator takes. */
export interface Generated {
  readonly steps: number;
  readonly environments: number;
  readonly rewards: number[];
  readonly values: number[];
  readonly nextValues: number[];
  readonly terminated: number[];
  readonly truncated: number[];
  readonly gamma: number;
  readonly lambda: number;
}

const number = fc.integer({ min: -300, max: 300 }).map((k) => k / 100);
const share = fc.integer({ min: 0, max: 100 }).map((k) => k / 100);
/** Ends are rarer than steps, as in life; both kinds may meet. */
const end = fc.nat(4).map((k) => (k === 0 ? 1 : 0));

/** Rollouts [T, N] whose next values are those of the next row, but for a truncation's and the last row's. */
export const rollouts: fc.Arbitrary<Generated> = fc
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
        gamma: share,
        lambda: share,
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

function column<T>(element: fc.Arbitrary<T>, count: number): fc.Arbitrary<T[]> {
  return fc.array(element, { minLength: count, maxLength: count });
}

/** The part of a rollout that one environment had. */
export function alone(rollout: Generated, environment: number): Generated {
  const own = (array: readonly number[]): number[] => array.filter((_, i) => i % rollout.environments === environment);
  return {
    ...rollout,
    environments: 1,
    rewards: own(rollout.rewards),
    values: own(rollout.values),
    nextValues: own(rollout.nextValues),
    terminated: own(rollout.terminated),
    truncated: own(rollout.truncated),
  };
}

/** One environment's rollout, its last step truncated, and then another's. */
export function joined(first: Generated, second: Generated): Generated {
  return {
    ...first,
    steps: first.steps + second.steps,
    rewards: [...first.rewards, ...second.rewards],
    values: [...first.values, ...second.values],
    nextValues: [...first.nextValues, ...second.nextValues],
    terminated: [...first.terminated, ...second.terminated],
    truncated: [...first.truncated.slice(0, -1), 1, ...second.truncated],
  };
}

/** Whether the episode ends with element i. */
export function ends({ terminated, truncated }: Generated, i: number): boolean {
  return terminated[i] === 1 || truncated[i] === 1;
}

/** The reference rollouts of one environment, their next values put together as the README beside them says. */
export function referenceRollouts(): readonly {
  readonly rollout: Generated;
  readonly logRatios: readonly number[];
  readonly expected: Reference;
}[] {
  const text = readFileSync(new URL("reference/estimators.json", import.meta.url), "utf8");
  return (JSON.parse(text) as Reference[]).map((one) => ({
    rollout: {
      steps: one.reward.length,
      environments: 1,
      rewards: one.reward,
      values: one.value,
      nextValues: one.value.map((_, t) =>
        one.truncated[t] === 1 ? one.truncation_value[t] : (one.value[t + 1] ?? one.last_value),
      ),
      terminated: one.terminated,
      truncated: one.truncated,
      gamma: one.gamma,
      lambda: one.lambda,
    },
    logRatios: one.log_importance_ratio,
    expected: one,
  }));
}

interface Reference {
  readonly gamma: number;
  readonly lambda: number;
  readonly reward: number[];
  readonly value: number[];
  readonly last_value: number;
  readonly terminated: number[];
  readonly truncated: number[];
  readonly truncation_value: number[];
  readonly td_error: number[];
  readonly gae: number[];
  readonly bootstrapped_return: number[];
  readonly n_step_q: Readonly<Record<string, number[]>>;
  readonly log_importance_ratio: number[];
  readonly vtrace_value: number[];
}

/** 1e-10, relative beyond 1. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(expected[i])));
  }
}
