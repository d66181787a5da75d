import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { klLineSearch } from "../index.js";

const options = { surrogate: 0, maxKlNats: 0.01 };

test("it halves while the divergence exceeds the bound", () => {
  const found = klLineSearch((t) => ({ surrogate: t, klNats: 0.08 * t * t }), options);
  expect(found).toEqual({ fraction: 0.25, surrogate: 0.25, klNats: 0.005, trials: 3, accepted: true });
});

test("it halves while the surrogate is not better", () => {
  const found = klLineSearch((t) => ({ surrogate: t * (0.5 - t), klNats: 0 }), options);
  expect(found).toMatchObject({ fraction: 0.25, surrogate: 0.0625, trials: 3 });
});

test("it stays where nothing is better", () => {
  const found = klLineSearch((t) => ({ surrogate: -t, klNats: 0 }), { ...options, maxTrials: 4 });
  expect(found).toEqual({ fraction: 0, surrogate: 0, klNats: 0, trials: 4, accepted: false });
});

test("what is no number is refused", () => {
  const found = klLineSearch((t) => ({ surrogate: t > 0.6 ? Number.NaN : t, klNats: t > 0.3 ? Number.NaN : 0 }), options);
  expect(found).toMatchObject({ fraction: 0.25, accepted: true });
});

describe("laws", () => {
  const slopes = fc.record({
    gain: fc.integer({ min: -5, max: 20 }),
    bend: fc.integer({ min: -5, max: 20 }),
    spread: fc.integer({ min: 0, max: 100 }),
    shrink: fc.constantFrom(0.3, 0.5, 0.8),
  });

  test("what it accepts is better and within the bound, and the step before was not", () => {
    fc.assert(
      fc.property(slopes, ({ gain, bend, spread, shrink }) => {
        const measure = (t: number) => ({ surrogate: 1 + gain * t - bend * t * t, klNats: spread * t * t });
        const accepts = (t: number): boolean => measure(t).surrogate > 1 && measure(t).klNats <= 0.01;
        const found = klLineSearch(measure, { surrogate: 1, maxKlNats: 0.01, shrink, maxTrials: 12 });
        expect(found.accepted).toBe(accepts(found.fraction));
        if (found.accepted) expect(found).toMatchObject(measure(found.fraction));
        const refused = found.accepted ? found.trials - 1 : found.trials;
        let tried = 1;
        for (let k = 0; k < refused; k++, tried *= shrink) expect(accepts(tried)).toBe(false);
      }),
    );
  });
});

test("errors name the option", () => {
  const measure = () => ({ surrogate: 1, klNats: 0 });
  expect(() => klLineSearch(3 as never, options)).toThrow("measure: expected a function, got 3");
  expect(() => klLineSearch(measure, { ...options, maxKlNats: 0 })).toThrow("maxKlNats: expected a finite number > 0, got 0");
  expect(() => klLineSearch(measure, { ...options, surrogate: Number.NaN })).toThrow("surrogate: expected a finite number, got NaN");
  expect(() => klLineSearch(measure, { ...options, shrink: 1 })).toThrow("shrink: expected a finite number in (0, 1), got 1");
  expect(() => klLineSearch(measure, { ...options, maxTrials: 0 })).toThrow("maxTrials: expected an integer ≥ 1, got 0");
});
