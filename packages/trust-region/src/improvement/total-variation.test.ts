import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, pairs, sum } from "../../test/generators.js";
import { couplingDisagreement, klDivergenceNats, largestEventGap, maximalCoupling, totalVariation } from "../index.js";

test("half a coin's bias, three times", () => {
  const [p, q] = [[0.5, 0.5, 0], [0.25, 0.5, 0.25]];
  expect(totalVariation(p, q)).toBe(0.25);
  expect(largestEventGap(p, q)).toEqual({ event: [0], gap: 0.25 });
  expect([...maximalCoupling(p, q)]).toEqual([0.25, 0, 0.25, 0, 0.5, 0, 0, 0, 0]);
  expect(couplingDisagreement(maximalCoupling(p, q))).toBe(0.25);
});

describe("laws", () => {
  test("half the L1 norm is the supremum over all events", () => {
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        let supremum = 0;
        for (let event = 0; event < 2 ** p.length; event++) {
          supremum = Math.max(supremum, sum(p.map((x, i) => ((event >> i) & 1) * (x - q[i]))));
        }
        expectClose([totalVariation(p, q)], [supremum], 1e-14);
        const { event, gap } = largestEventGap(p, q);
        expectClose([gap], [supremum], 1e-14);
        expectClose([sum(event.map((i) => p[i] - q[i]))], [supremum], 1e-14);
      }),
    );
  });

  test("the maximal coupling has the two marginals, and differs as rarely as the total variation", () => {
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        const joint = maximalCoupling(p, q);
        joint.forEach((x) => expect(x).toBeGreaterThanOrEqual(0));
        expectClose(p.map((_, i) => sum(joint.filter((_x, k) => Math.floor(k / p.length) === i))), p, 1e-14);
        expectClose(q.map((_, j) => sum(joint.filter((_x, k) => k % p.length === j))), q, 1e-14);
        expectClose([couplingDisagreement(joint)], [totalVariation(p, q)], 1e-14);
      }),
    );
  });

  test("no coupling differs more rarely: neither independence nor a part of it", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 0, max: 100 }), ([p, q], percent) => {
        const best = maximalCoupling(p, q);
        const share = percent / 100;
        const joint = best.map((x, k) => (1 - share) * x + share * p[Math.floor(k / p.length)] * q[k % p.length]);
        expect(couplingDisagreement(joint)).toBeGreaterThanOrEqual(totalVariation(p, q) - 1e-14);
      }),
    );
  });

  test("Pinsker: TV² ≤ KL/2", () => {
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        expect(totalVariation(p, q) ** 2).toBeLessThanOrEqual(klDivergenceNats(p, q) / 2 + 1e-15);
      }),
    );
  });
});

test("errors name the argument", () => {
  for (const compare of [totalVariation, largestEventGap, maximalCoupling, klDivergenceNats]) {
    expect(() => compare([0.5, 0.4], [1, 0])).toThrow(OptionError);
    expect(() => compare([0.5, 0.4], [1, 0])).toThrow("p: expected probabilities that sum to 1, got a sum of 0.9");
    expect(() => compare([1, 0], [1.5, -0.5])).toThrow("q at [1]: expected a probability, got -0.5");
    expect(() => compare([1, 0], [1])).toThrow(ShapeError);
    expect(() => compare([1, 0], [1])).toThrow("q: expected length 2, got [1]");
    expect(() => compare([], [])).toThrow(OptionError);
  }
  expect(() => couplingDisagreement([0.5, 0.5])).toThrow("joint: expected n × n probabilities, got 2 of them");
  expect(() => couplingDisagreement([0.5, 0.5, 0.5, 0.5])).toThrow("joint: expected probabilities that sum to 1, got a sum of 2");
});
