import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { meanOf, normals, standardErrors, varianceOf } from "../../test/statistics.js";
import { constantBaseline, leaveOneOutBaseline, timeBaseline } from "./mean-baselines.js";

test("two steps of three environments", () => {
  const returns = [1, 2, 6, 0, 0, 3];
  expect(constantBaseline(returns)).toBe(2);
  expect([...timeBaseline({ returns, environments: 3 })]).toEqual([3, 1]);
  expect([...leaveOneOutBaseline({ returns, environments: 3 })]).toEqual([4, 3.5, 1.5, 1.5, 1.5, 0]);
  const out = new Float64Array(6);
  expect(leaveOneOutBaseline({ returns, environments: 3, out })).toBe(out);
});

describe("laws", () => {
  const tables = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 4 }))
    .chain(([steps, environments]) =>
      fc
        .array(fc.integer({ min: -300, max: 300 }), { minLength: steps * environments, maxLength: steps * environments })
        .map((numbers) => ({ steps, environments, returns: numbers.map((n) => n / 100) })),
    );

  test("the time baselines' mean is the constant one, and leaves a sum of zero at each step", () => {
    fc.assert(
      fc.property(tables, ({ steps, environments, returns }) => {
        const baseline = timeBaseline({ returns, environments });
        expectClose([meanOf(baseline)], [constantBaseline(returns)]);
        for (let t = 0; t < steps; t++) {
          const row = returns.slice(t * environments, (t + 1) * environments);
          expectClose([meanOf(row.map((value) => value - baseline[t]))], [0]);
        }
      }),
    );
  });

  test("left out, an environment's own return changes nothing, and the advantage grows by N/(N−1)", () => {
    fc.assert(
      fc.property(tables, ({ environments, returns }) => {
        const [without, mean] = [leaveOneOutBaseline({ returns, environments }), timeBaseline({ returns, environments })];
        const scaled = returns.map((value, i) => ((value - mean[Math.floor(i / environments)]) * environments) / (environments - 1));
        expectClose(returns.map((value, i) => value - without[i]), scaled);
        const changed = leaveOneOutBaseline({ returns: returns.with(0, 99), environments });
        expectClose([changed[0]], [without[0]]);
      }),
    );
  });

  test("a baseline leaves the mean of a score-weighted return, and a good one lowers its variance", () => {
    const x = normals(new Random(1), 20_000);
    const plain = x.map((draw) => draw * (draw + 5)); // score x, return x + 5: the gradient is 1
    const based = x.map((draw) => draw * (draw + 5 - 5));
    expect(standardErrors(plain, 1)).toBeLessThan(4);
    expect(standardErrors(based, 1)).toBeLessThan(4);
    expect(varianceOf(based)).toBeLessThan(varianceOf(plain) / 5);
  });

  test("left out of ten, the estimate keeps its mean; with its own return it shrinks by a tenth", () => {
    const environments = 10;
    const x = normals(new Random(2), 50_000);
    const returns = x.map((draw) => draw + 5);
    const others = leaveOneOutBaseline({ returns, environments });
    const all = timeBaseline({ returns, environments });
    expect(standardErrors(x.map((draw, i) => draw * (returns[i] - others[i])), 1)).toBeLessThan(4);
    const own = x.map((draw, i) => draw * (returns[i] - all[Math.floor(i / environments)]));
    expect(standardErrors(own, 0.9)).toBeLessThan(4);
    expect(standardErrors(own, 1)).toBeGreaterThan(8);
  });
});

describe("refuses", () => {
  test("what is not whole, not finite, or not there", () => {
    expect(() => constantBaseline([])).toThrow("returns: expected at least 1 sample, got 0");
    expect(() => constantBaseline([1, Number.NaN])).toThrow("returns at [1]: expected a finite number, got NaN");
    expect(() => timeBaseline({ returns: [1, 2, 3], environments: 2 })).toThrow("returns: expected steps of 2 environments, got 3 in all");
    expect(() => timeBaseline({ returns: [1, 2, 3, Infinity], environments: 2 })).toThrow("returns at [1, 1]: expected a finite number, got Infinity");
    expect(() => leaveOneOutBaseline({ returns: [1, 2] })).toThrow("environments: expected an integer ≥ 2, got undefined");
    expect(() => timeBaseline({ returns: [1], out: new Float64Array(2) })).toThrow("out: expected length 1, got a Float64Array of length 2");
    expect(() => timeBaseline({ returns: [1], out: [0] as never })).toThrow("out: expected a Float64Array, got [0]");
  });
});
