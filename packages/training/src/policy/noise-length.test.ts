import { constant, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { categorical, diagonalNormal } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import { describe, expect, it } from "vitest";
import { noiseLength } from "./noise-length.js";

const choices = categorical({ logits: input("logits", ["batch", 5]) });
const vectors = diagonalNormal({ mean: input("mean", ["batch", 3]), logStandardDeviation: constant([0, 0, 0], [3]) });

describe("noiseLength", () => {
  it("is one number for each choice, or for each element", () => {
    expect([noiseLength(choices, 4), noiseLength(vectors, 4), noiseLength(vectors, 0)]).toEqual([20, 12, 0]);
  });

  it("refuses counts that are none, and noise of no fixed size", () => {
    expect(() => noiseLength(choices, -1)).toThrow(new OptionError("count: expected an integer ≥ 0, got -1"));
    const open = {
      batchShape: ["batch"],
      noise: { kind: "normal", shape: ["batch", "time"] },
    } as unknown as Distribution;
    expect(() => noiseLength(open, 1)).toThrow(
      new OptionError('noise: expected a fixed number for each sample, got the dimension "time"'),
    );
  });
});
