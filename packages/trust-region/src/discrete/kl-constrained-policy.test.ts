import { readFileSync } from "node:fs";
import { log, NumericalError, OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distributions, dot, expectClose } from "../../test/generators.js";
import { klConstrainedDual, klConstrainedPolicy, klDivergenceNats, klRegularizedPolicy, logNormalizer } from "../index.js";

test("two actions as likely, one nat of temperature", () => {
  expectClose(klRegularizedPolicy([0.5, 0.5], [log(3), 0], 1), [0.75, 0.25]);
  expect(logNormalizer([0.5, 0.5], [log(3), 0], 1)).toBeCloseTo(log(2), 14);
  const kl = klDivergenceNats([0.75, 0.25], [0.5, 0.5]);
  const found = klConstrainedPolicy([0.5, 0.5], [log(3), 0], kl);
  expect(found.binding).toBe(true);
  expectClose(found.policy, [0.75, 0.25]);
  expectClose([found.temperature, found.dual, found.expectedReward], [1, 0.75 * log(3), 0.75 * log(3)]);
});

test("where the constraint does not bind, the prior among the best actions", () => {
  const found = klConstrainedPolicy([0.25, 0.5, 0.25], [1, 0, 1], 0.8);
  expect(found).toMatchObject({ temperature: 0, binding: false, dual: 1, expectedReward: 1 });
  expect([...found.policy]).toEqual([0.5, 0, 0.5]);
  expect(found.klNats).toBeCloseTo(Math.LN2, 14);
  expect(klConstrainedPolicy([0.25, 0.75], [2, 2], 1e-9)).toMatchObject({ binding: false, klNats: 0 });
});

test("what the prior excludes has no part, however good it is", () => {
  const found = klConstrainedPolicy([0.5, 0.5, 0], [1, 0, 1e300], 0.1);
  expect(found.policy[2]).toBe(0);
  expect(found.policy[0]).toBeGreaterThan(0.5);
  expect(klRegularizedPolicy([0.5, 0.5, 0], [1, 0, 1e300], 1)[2]).toBe(0);
});

/** A prior, rewards, a bound and another distribution. */
const problems = fc.integer({ min: 2, max: 6 }).chain((count) =>
  fc.record({
    prior: distributions(count),
    other: distributions(count),
    reward: fc.array(fc.integer({ min: -30, max: 30 }).map((k) => k / 10), { minLength: count, maxLength: count }),
    maxKlNats: fc.constantFrom(1e-8, 1e-3, 0.05, 0.5, 2),
    temperature: fc.constantFrom(0.05, 0.3, 1, 20),
  }),
);

describe("laws", () => {
  test("the constraint holds, with equality where it binds, and else the best reward is had", () => {
    fc.assert(
      fc.property(problems, ({ prior, reward, maxKlNats }) => {
        const { policy, klNats, binding, temperature, expectedReward } = klConstrainedPolicy(prior, reward, maxKlNats);
        expect(klNats).toBe(klDivergenceNats(policy, prior));
        if (binding) {
          expect(Math.abs(klNats / maxKlNats - 1)).toBeLessThan(1e-10);
          expectClose(policy, klRegularizedPolicy(prior, reward, temperature));
        } else {
          expect(temperature).toBe(0);
          expect(klNats).toBeLessThanOrEqual(maxKlNats);
          expectClose([expectedReward], [Math.max(...reward.filter((_, a) => prior[a] > 0))]);
        }
      }),
    );
  });

  test("no duality gap: the dual at η is the reward, and nowhere lower", () => {
    fc.assert(
      fc.property(problems, ({ prior, reward, maxKlNats, temperature: elsewhere }) => {
        const { dual, expectedReward } = klConstrainedPolicy(prior, reward, maxKlNats);
        expectClose([dual], [expectedReward]);
        expect(klConstrainedDual(prior, reward, maxKlNats, elsewhere)).toBeGreaterThanOrEqual(dual - 1e-12);
      }),
    );
  });

  test("no other distribution within the bound has more reward", () => {
    fc.assert(
      fc.property(problems, ({ prior, other, reward, maxKlNats }) => {
        const { expectedReward } = klConstrainedPolicy(prior, reward, maxKlNats);
        // The way from the prior to another distribution, as far as the bound allows.
        for (let share = 1; share > 1e-6; share /= 2) {
          const between = prior.map((q, a) => (1 - share) * q + share * other[a]);
          if (klDivergenceNats(between, prior) > maxKlNats) continue;
          expect(dot(between, reward)).toBeLessThanOrEqual(expectedReward + 1e-12);
        }
      }),
    );
  });

  test("E_π[r] − η KL(π ‖ q) is η log Z less η KL(π ‖ best)", () => {
    fc.assert(
      fc.property(problems, ({ prior, other, reward, temperature }) => {
        const inside = prior.map((q, a) => (q + (q > 0 ? other[a] : 0)));
        const total = inside.reduce((sum, p) => sum + p, 0);
        const policy = inside.map((p) => p / total);
        const best = klRegularizedPolicy(prior, reward, temperature);
        const objective = dot(policy, reward) - temperature * klDivergenceNats(policy, prior);
        const most = temperature * logNormalizer(prior, reward, temperature);
        expectClose([objective], [most - temperature * klDivergenceNats(policy, best)]);
      }),
    );
  });

  test("the reward rises with the bound", () => {
    fc.assert(
      fc.property(problems, ({ prior, reward, maxKlNats }) => {
        const narrow = klConstrainedPolicy(prior, reward, maxKlNats).expectedReward;
        const wide = klConstrainedPolicy(prior, reward, 2 * maxKlNats).expectedReward;
        expect(wide).toBeGreaterThanOrEqual(narrow - 1e-12);
        expect(narrow).toBeGreaterThanOrEqual(dot(prior, reward) - 1e-12);
      }),
    );
  });
});

interface Reference {
  readonly q: number[];
  readonly reward: number[];
  readonly epsilon: number;
  readonly constraint_active: boolean;
  readonly eta: number;
  readonly dual: number;
  readonly policy: number[];
  readonly kl: number;
  readonly expected_reward: number;
}

const text = readFileSync(new URL("../../test/reference/kl_constrained_discrete.json", import.meta.url), "utf8");

test.each(JSON.parse(text) as Reference[])("reference problem %#", (expected) => {
  const found = klConstrainedPolicy(expected.q, expected.reward, expected.epsilon);
  expect(found.binding).toBe(expected.constraint_active);
  expectClose(found.policy, expected.policy);
  expectClose(
    [found.temperature, found.dual, found.klNats, found.expectedReward],
    [expected.eta, expected.dual, expected.kl, expected.expected_reward],
  );
});

test("a bound that is all but the largest divergence", () => {
  const { policy, klNats } = klConstrainedPolicy([0.3, 0.7], [1, 0], -log(0.3) * (1 - 1e-15));
  expectClose(policy, [1, 0]);
  expect(klNats).toBeCloseTo(-log(0.3), 12);
});

test("errors name the argument", () => {
  expect(() => klConstrainedPolicy([0.5, 0.5], [1, 0], 0)).toThrow(OptionError);
  expect(() => klConstrainedPolicy([0.5, 0.5], [1, 0], 0)).toThrow("maxKlNats: expected a finite number > 0, got 0");
  expect(() => klConstrainedPolicy([0.5, 0.4], [1, 0], 1)).toThrow("prior: expected probabilities that sum to 1");
  expect(() => klConstrainedPolicy([0.5, 0.5], [1], 1)).toThrow("reward: expected length 2, got [1]");
  expect(() => klConstrainedPolicy([0.5, 0.5], [1, Number.NaN], 1)).toThrow(NumericalError);
  expect(() => klConstrainedPolicy([0.5, 0.5], [1e308, -1e308], 1)).toThrow("reward: expected differences that are finite");
  expect(() => klRegularizedPolicy([0.5, 0.5], [1, 0], 0)).toThrow("temperature: expected a finite number > 0, got 0");
  expect(() => logNormalizer([0.5, 0.5], [1, 0], -1)).toThrow("temperature: expected a finite number > 0, got -1");
  expect(() => klConstrainedDual([1], [1], -1, 1)).toThrow("maxKlNats: expected a finite number > 0, got -1");
});
