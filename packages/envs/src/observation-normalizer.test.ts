import { NumericalError, OptionError, ShapeError, UphillError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ObservationNormalizer } from "./observation-normalizer.js";

const rowsOfTwo = fc
  .array(fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: -100, max: 100, noNaN: true })), {
    minLength: 1,
    maxLength: 20,
  })
  .map((rows) => Float64Array.from(rows.flat()));

test("mean 2 and deviation 1 become mean 0 and deviation 1", () => {
  const normalizer = new ObservationNormalizer({ size: 1 });
  normalizer.update([1, 3]);
  expect(normalizer.mean()[0]).toBe(2);
  expect(normalizer.standardDeviation()[0]).toBeCloseTo(1, 8);
  expect(normalizer.normalize([1, 2, 3, 1000])).toEqual(Float32Array.of(-1, 0, 1, 10));
});

test("before the first update, observations are only clipped", () => {
  expect(new ObservationNormalizer({ size: 2 }).normalize([0.5, -30])).toEqual(Float32Array.of(0.5, -10));
});

test("what it has seen has mean 0 and variance 1", () => {
  fc.assert(
    fc.property(rowsOfTwo, (rows) => {
      const normalizer = new ObservationNormalizer({ size: 2, clip: 1e6 });
      normalizer.update(rows);
      const seen = normalizer.normalize(rows);
      const count = rows.length / 2;
      for (const element of [0, 1]) {
        const values = Array.from({ length: count }, (_, row) => seen[2 * row + element]);
        const mean = values.reduce((sum, x) => sum + x, 0) / count;
        const square = values.reduce((sum, x) => sum + x * x, 0) / count;
        expect(mean).toBeCloseTo(0, 4); // float32 values
        expect(square).toBeLessThan(1 + 1e-4); // below 1 where ε is felt
      }
    }),
  );
});

test("rows at once, row by row, and merged halves give the same statistics", () => {
  fc.assert(
    fc.property(rowsOfTwo, rowsOfTwo, (first, second) => {
      const [atOnce, oneByOne, merged, half] = Array.from({ length: 4 }, () => new ObservationNormalizer({ size: 2 }));
      atOnce.update([...first, ...second]);
      for (const rows of [first, second]) {
        for (let row = 0; row < rows.length; row += 2) oneByOne.update(rows.subarray(row, row + 2));
      }
      merged.update(first);
      half.update(second);
      merged.merge(half);
      for (const other of [oneByOne, merged]) {
        expect(other.count).toBe(atOnce.count);
        for (const element of [0, 1]) {
          expect(other.mean()[element]).toBeCloseTo(atOnce.mean()[element], 8);
          expect(other.standardDeviation()[element]).toBeCloseTo(atOnce.standardDeviation()[element], 6);
        }
      }
    }),
  );
});

test("frozen, it learns nothing; back from JSON, it is the same", () => {
  fc.assert(
    fc.property(rowsOfTwo, fc.boolean(), (rows, frozen) => {
      const normalizer = new ObservationNormalizer({ size: 2, clip: 5, epsilon: 1e-4 });
      normalizer.update(rows);
      normalizer.frozen = frozen;
      const copy = ObservationNormalizer.fromJSON(JSON.parse(JSON.stringify(normalizer)));
      const before = copy.normalize(rows);
      expect(before).toEqual(normalizer.normalize(rows));
      copy.update([1, 2]);
      normalizer.update([1, 2]);
      expect(copy.toJSON()).toEqual(normalizer.toJSON());
      if (frozen) expect(copy.normalize(rows)).toEqual(before);
    }),
  );
});

test("frozen, it merges nothing either", () => {
  const [normalizer, other] = [new ObservationNormalizer({ size: 1 }), new ObservationNormalizer({ size: 1 })];
  other.update([1, 2]);
  normalizer.frozen = true;
  normalizer.merge(other);
  expect(normalizer.count).toBe(0);
});

test("what it cannot take", () => {
  const normalizer = new ObservationNormalizer({ size: 2 });
  expect(() => {
    normalizer.update([1, 2, 3]);
  }).toThrow(new ShapeError("observations: expected rows of 2 elements, got 3 in all"));
  expect(() => {
    normalizer.update([1, 2, 3, Number.NaN]);
  }).toThrow(new NumericalError("observations[3]: expected a finite number, got NaN"));
  expect(normalizer.count).toBe(0);
  expect(() => normalizer.normalize([1, 2], new Float32Array(4))).toThrow(ShapeError);
  expect(() => {
    normalizer.merge(new ObservationNormalizer({ size: 3 }));
  }).toThrow(ShapeError);
  expect(() => new ObservationNormalizer({ size: 0 })).toThrow(OptionError);
  expect(() => new ObservationNormalizer({ size: 1, clip: 0 })).toThrow(OptionError);
  expect(() => new ObservationNormalizer({ size: 1, epsilon: -1 })).toThrow(OptionError);
  const saved = normalizer.toJSON() as object;
  for (const damaged of [
    null,
    {},
    { ...saved, size: "2" },
    { ...saved, size: 3 },
    { ...saved, frozen: 0 },
    { ...saved, moments: {} },
  ]) {
    expect(() => ObservationNormalizer.fromJSON(damaged)).toThrow(UphillError);
  }
});
