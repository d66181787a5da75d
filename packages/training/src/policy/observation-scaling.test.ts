import { compile, evaluate, input, Store } from "@uphill/autodiff";
import { FormatError, NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import { ObservationNormalizer } from "@uphill/envs";
import type { JsonValue } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ObservationScaling } from "./observation-scaling.js";

const observation = input("observation", ["batch", 2]);

/** A scaling with a store and a program that applies it. */
function scalingProgram() {
  const scaling = new ObservationScaling(2);
  const store = new Store();
  const program = compile({ inputs: { observation }, outputs: { scaled: scaling.apply(observation) }, store });
  const scaled = (observations: ArrayLike<number>) => program.run({ observation: observations }).scaled as Float32Array;
  return { scaling, store, scaled };
}

const number = fc.float({ min: -100, max: 100, noNaN: true });
const rows = fc
  .array(fc.tuple(number, number), { minLength: 1, maxLength: 20 })
  .map((pairs) => Float32Array.from(pairs.flat()));

describe("ObservationScaling", () => {
  it("takes off the mean and divides by the spread, from the first update on", () => {
    const { scaling, store, scaled } = scalingProgram();
    expect([...scaled([3, -300])]).toEqual([3, -10]);
    scaling.update([0, 10, 2, 30], store);
    const [first, second] = scaled([3, 20]);
    expect(first).toBeCloseTo(2, 6);
    expect(second).toBe(0);
  });

  it("is in the expression what ObservationNormalizer does outside of it", () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 4 }), rows, (updates, observations) => {
        const { scaling, store, scaled } = scalingProgram();
        const normalizer = new ObservationNormalizer({ size: 2 });
        for (const update of updates) {
          scaling.update(update, store);
          normalizer.update(update);
        }
        const [mean, deviation] = [normalizer.mean(), normalizer.standardDeviation()];
        const expected = normalizer.normalize(observations);
        const exact = evaluate(scaling.apply(observation), { observation: observations }, store) as Float64Array;
        scaled(observations).forEach((value, i) => {
          // The store's mean is rounded to float32; the spread, as small as 1e-4, multiplies that.
          const rounding = (2 ** -24 * (Math.abs(mean[i % 2]) + Math.abs(observations[i]))) / deviation[i % 2];
          expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(rounding + 1e-5 * Math.abs(expected[i]) + 1e-6);
          expect(Math.abs(exact[i] - expected[i])).toBeLessThanOrEqual(rounding + 1e-5 * Math.abs(expected[i]) + 1e-6);
        });
      }),
    );
  });

  it("goes on from what it captured to the same bits", () => {
    fc.assert(
      fc.property(rows, rows, rows, (before, after, observations) => {
        const whole = scalingProgram();
        whole.scaling.update(before, whole.store);
        const resumed = scalingProgram();
        resumed.scaling.restore(JSON.parse(JSON.stringify(whole.scaling.capture())) as JsonValue);
        for (const { scaling, store } of [whole, resumed]) scaling.update(after, store);
        expect(resumed.scaled(observations)).toEqual(whole.scaled(observations));
        expect(resumed.scaling.capture()).toEqual(whole.scaling.capture());
      }),
    );
  });

  it("updates a store that no program has been compiled on", () => {
    const scaling = new ObservationScaling(2);
    const store = new Store();
    scaling.update([0, 10, 2, 30], store);
    const scaled = evaluate(scaling.apply(observation), { observation: [1, 20] }, store);
    expect(scaled).toEqual(Float64Array.of(0, 0));
  });

  it("refuses observations that are none, and keeps its scale", () => {
    const { scaling, store, scaled } = scalingProgram();
    scaling.update([0, 10, 2, 30], store);
    const [kept, before] = [scaling.capture(), scaled([5, 5])];
    expect(() => scaling.update([1, NaN], store)).toThrow(NumericalError);
    expect(() => scaling.update([1, 2, 3], store)).toThrow(ShapeError);
    expect([scaling.capture(), scaled([5, 5])]).toEqual([kept, before]);
    expect(() => scaling.apply(input("x", ["batch", 1]))).toThrow(
      new ShapeError("observation: expected shape [batch, 2], got [batch, 1]"),
    );
    expect(() => new ObservationScaling(0)).toThrow(OptionError);
  });

  it.each<[string, object, string]>([
    ["of another size", new ObservationNormalizer({ size: 3 }).toJSON() as object, "size: expected 2, got 3"],
    ["of two sizes", { size: 3 }, "moments: expected statistics of size 3, got 2"],
    ["of another clip", { clip: 5 }, "observation normalizer.clip: expected 10, got 5"],
    ["of another epsilon", { epsilon: 1 }, "observation normalizer.epsilon: expected 1e-8, got 1"],
    ["without a size", { size: 0 }, "size: expected an integer ≥ 1, got 0"],
    ["without moments", { moments: null }, "moments.count: expected a count, got undefined"],
  ])("refuses statistics %s, and keeps its own", (_, changes, message) => {
    const { scaling, store } = scalingProgram();
    scaling.update([0, 10, 2, 30], store);
    const kept = scaling.capture();
    const damaged = { ...(kept as object), ...changes } as JsonValue;
    expect(() => scaling.restore(damaged)).toThrow(FormatError);
    expect(() => scaling.restore(damaged)).toThrow(message);
    expect(() => scaling.restore(null)).toThrow(FormatError);
    expect(scaling.capture()).toEqual(kept);
  });
});
