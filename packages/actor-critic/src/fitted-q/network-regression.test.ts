import { OptionError, Random } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { networkRegression } from "../index.js";

/** Rows within ±1 in the first number and ±100 in the second, and a bent surface over them, in units of `scale`. */
function surface(scale: number, shift: number) {
  const random = new Random(7);
  const rows = Float32Array.from({ length: 800 }, (_, i) => random.uniform(-1, 1) * (i % 2 === 0 ? 1 : 100));
  const at = (x: number, y: number): number => shift + scale * (Math.sin(2 * x) + x * (y / 100));
  const targets = Float64Array.from({ length: 400 }, (_, n) => at(rows[2 * n], rows[2 * n + 1]));
  return { rows, targets, at };
}

describe("a network that is fitted", () => {
  test.each([
    [1, 0],
    [1e-4, 3e-4],
    [5000, -20_000],
  ])("is near its targets, in units of %d around %d", async (scale, shift) => {
    const { rows, targets, at } = surface(scale, shift);
    const regression = networkRegression({ hiddenWidths: [32], epochs: 60, minibatchSize: 16, learningRate: 0.01 });
    const fitted = await regression.fit(rows, targets, 2);
    for (const [x, y] of [[0.3, 50], [-0.5, -20], [0.8, -80]]) {
      expect(Math.abs(fitted.predict(Float32Array.of(x, y))[0] - at(x, y))).toBeLessThan(0.1 * scale);
      const { values, gradients } = fitted.differentiate!(Float32Array.of(x, y));
      const [low, high] = fitted.predict(Float32Array.of(x - 0.01, y, x + 0.01, y));
      expect(values[0]).toBeCloseTo(fitted.predict(Float32Array.of(x, y))[0], 6);
      expect(Math.abs((high - low) / 0.02 - gradients[0])).toBeLessThan(0.01 * scale);
    }
  });

  test("stays as it is where another is fitted after it, from its weights", async () => {
    const { rows, targets } = surface(1, 0);
    const regression = networkRegression({ hiddenWidths: [16], epochs: 10, learningRate: 0.01 });
    const squares = async () => {
      const fitted = await regression.fit(rows, targets, 2);
      return { fitted, error: fitted.predict(rows).reduce((sum, value, n) => sum + (value - targets[n]) ** 2, 0) };
    };
    const first = await squares();
    const values = first.fitted.predict(rows);
    const second = await squares();
    expect(second.error).toBeLessThan(first.error);
    expect(first.fitted.predict(rows)).toEqual(values);
  });

  test("has the value of a single target", async () => {
    const one = await networkRegression({ hiddenWidths: [4], epochs: 200, learningRate: 0.01 }).fit(Float32Array.of(1, 2), Float64Array.of(5), 2);
    expect(one.predict(Float32Array.of(1, 2))[0]).toBeCloseTo(5, 2);
  });

  test("refuses options that are none", () => {
    expect(() => networkRegression({ epochs: 0 })).toThrow(OptionError);
    expect(() => networkRegression({ learningRate: 0 })).toThrow("learningRate");
    expect(() => networkRegression({ minibatchSize: 0.5 })).toThrow("minibatchSize");
    expect(() => networkRegression({ seed: -1 })).toThrow(OptionError);
  });
});
