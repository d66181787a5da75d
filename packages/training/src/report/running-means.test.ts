import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RunningMeans } from "./running-means.js";

describe("RunningMeans", () => {
  it("averages each number apart", () => {
    const means = new RunningMeans(["loss", "entropy"]);
    expect(means.values()).toEqual({ loss: NaN, entropy: NaN });
    for (const [loss, entropy] of [
      [1, 10],
      [2, 30],
    ])
      means.add((name) => ({ loss, entropy })[name]);
    expect(means.values()).toEqual({ loss: 1.5, entropy: 20 });
  });

  it("gives the same number back for a number that stays", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 50 }), (value, count) => {
        const means = new RunningMeans(["x"]);
        for (let k = 0; k < count; k++) means.add(() => value);
        expect(means.values().x).toBe(value);
      }),
    );
  });

  it("keeps NaN, so that it is seen", () => {
    const means = new RunningMeans(["x", "y"]);
    means.add((name) => (name === "x" ? NaN : 1));
    means.add(() => 1);
    expect(means.values()).toEqual({ x: NaN, y: 1 });
  });
});
