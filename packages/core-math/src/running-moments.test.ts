import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, NumericalError, ShapeError } from "./errors.js";
import { RunningMoments } from "./running-moments.js";

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const rows = (size: number) =>
  fc.array(fc.array(finite, { minLength: size, maxLength: size }), { minLength: 1, maxLength: 30 });

/** Mean and variance by their definitions, in two passes. */
function definition(values: readonly number[]) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
}

function moments(size: number, list: readonly (readonly number[])[]): RunningMoments {
  const result = new RunningMoments(size);
  for (const row of list) result.push(row);
  return result;
}

const close = (actual: number, expected: number, scale: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-10 * Math.max(1, scale));

describe("RunningMoments", () => {
  test("example", () => {
    const statistics = new RunningMoments(2);
    statistics.push([1, 10, 3, 30]);
    expect(statistics.count).toBe(2);
    expect([...statistics.mean]).toEqual([2, 20]);
    expect([...statistics.variance()]).toEqual([1, 100]);
  });

  test("a spread of 1 around a billion is not lost", () => {
    const statistics = new RunningMoments(1);
    for (let i = 0; i < 1000; i++) statistics.push([1e9 + (i % 2)]);
    expect(statistics.variance()[0]).toBeCloseTo(0.25, 6);
  });

  test("agrees with the definition", () => {
    fc.assert(
      fc.property(rows(2), (list) => {
        const statistics = moments(2, list);
        for (const element of [0, 1]) {
          const truth = definition(list.map((row) => row[element]));
          close(statistics.mean[element], truth.mean, 1e6);
          close(statistics.variance()[element], truth.variance, 1e12);
        }
      }),
    );
  });

  test("merging is as pushing all, in either order", () => {
    fc.assert(
      fc.property(rows(2), rows(2), (left, right) => {
        const all = moments(2, [...left, ...right]);
        for (const [first, second] of [[left, right], [right, left]]) {
          const merged = moments(2, first);
          merged.merge(moments(2, second));
          expect(merged.count).toBe(all.count);
          for (const element of [0, 1]) {
            close(merged.mean[element], all.mean[element], 1e6);
            close(merged.variance()[element], all.variance()[element], 1e12);
          }
        }
      }),
    );
  });

  test("merging with nothing changes nothing", () => {
    const statistics = moments(1, [[1], [5]]);
    statistics.merge(new RunningMoments(1));
    expect(statistics.toJSON()).toEqual(moments(1, [[1], [5]]).toJSON());
    const empty = new RunningMoments(1);
    empty.merge(statistics);
    expect(empty.toJSON()).toEqual(statistics.toJSON());
  });

  test("JSON continues to the same bits", () => {
    fc.assert(
      fc.property(rows(3), rows(3), (before, after) => {
        const original = moments(3, before);
        const copy = RunningMoments.fromJSON(JSON.parse(JSON.stringify(original)));
        for (const row of after) {
          original.push(row);
          copy.push(row);
        }
        expect(copy.toJSON()).toEqual(original.toJSON());
      }),
    );
  });

  test("errors change nothing", () => {
    const statistics = moments(2, [[1, 2]]);
    const before = statistics.toJSON();
    expect(() => statistics.push([1, 2, 3])).toThrow(new ShapeError("values: expected rows of 2 elements, got 3 in all"));
    expect(() => statistics.push([1, 2, 3, NaN])).toThrow(new NumericalError("values[3]: expected a finite number, got NaN"));
    expect(() => statistics.merge(new RunningMoments(1))).toThrow(new ShapeError("other: expected size 2, got 1"));
    expect(statistics.toJSON()).toEqual(before);
    expect(() => new RunningMoments(0)).toThrow(/size/);
  });

  test.each([null, {}, { count: -1, mean: [0], squaredDeviations: [0] }, { count: 1, mean: [], squaredDeviations: [] },
    { count: 1, mean: [NaN], squaredDeviations: [0] }, { count: 1, mean: [0], squaredDeviations: [0, 0] },
    { count: 1, mean: [0], squaredDeviations: [-1] }])("refuses damaged JSON %j", (json) => {
    expect(() => RunningMoments.fromJSON(json)).toThrow(FormatError);
  });
});
