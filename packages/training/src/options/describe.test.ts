import { describe, expect, it } from "vitest";
import { sample } from "../../test/sample-options.js";
import { allowedText } from "./allowed.js";
import { defineOptions } from "./define.js";
import { optionDescriptions } from "./describe.js";

describe("optionDescriptions", () => {
  it("says of each option all that help shows", () => {
    expect(optionDescriptions(sample).map(({ flag }) => flag)).toEqual([
      "--gamma",
      "--learning-rate",
      "--epochs",
      "--kl-target",
      "--normalize-advantage",
      "--activation",
      "--hidden-widths",
      "--label",
    ]);
    expect(optionDescriptions(sample)[3]).toEqual({
      name: "klTarget",
      flag: "--kl-target",
      placeholder: "NUMBER",
      meaning: "largest KL",
      allowed: "a number > 0, or none",
      default: "0.01",
      unit: "nats",
    });
    expect(optionDescriptions(sample)[1].default).toBe("linear:0.0003,0");
    expect(optionDescriptions(sample)[4].placeholder).toBeUndefined();
  });

  it("writes every shape of a range", () => {
    const base = { kind: "number", default: 0.5, meaning: "a number" } as const;
    const texts = [
      {},
      { least: 0 },
      { above: 0 },
      { most: 1 },
      { below: 1 },
      { least: 0, below: 1 },
      { above: 0, most: 1 },
    ].map((range) => allowedText(defineOptions({ x: { ...base, range } }).x));
    expect(texts).toEqual([
      "a number",
      "a number ≥ 0",
      "a number > 0",
      "a number ≤ 1",
      "a number < 1",
      "a number in [0, 1)",
      "a number in (0, 1]",
    ]);
  });
});
