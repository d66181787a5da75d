import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sample, valueOf } from "../../test/sample-options.js";
import { defineOptions } from "./define.js";
import { resolveOptions } from "./resolve.js";
import type { OptionDefinition } from "./schema.js";
import { flagName, formatOption, parseOption, parseOptions } from "./text.js";

describe("flagName", () => {
  it("writes camelCase with dashes", () => {
    expect(flagName("learningRate")).toBe("--learning-rate");
    expect(flagName("gamma")).toBe("--gamma");
  });
});

describe("parseOptions", () => {
  it("reads flags, with and without dashes, into options", () => {
    const given = parseOptions(sample, {
      "--gamma": "0.9",
      "--learning-rate": "linear:3e-4,0",
      epochs: "1_000",
      "kl-target": "none",
      normalizeAdvantage: "false",
      "--hidden-widths": "128, 64",
    });
    expect(given).toEqual({
      gamma: 0.9,
      learningRate: { linear: [3e-4, 0] },
      epochs: 1000,
      klTarget: null,
      normalizeAdvantage: false,
      hiddenWidths: [128, 64],
    });
    expect(resolveOptions(sample, given).epochs).toBe(1000);
  });

  it("names the flag in errors, and the nearest one for an unknown flag", () => {
    expect(() => parseOptions(sample, { "--gamma": "1.5" })).toThrow(
      new OptionError('--gamma: expected a number in [0, 1], got "1.5"'),
    );
    expect(() => parseOptions(sample, { "--learning-rte": "1" })).toThrow(
      new OptionError('"--learning-rte": no such option; did you mean --learning-rate?'),
    );
  });
});

describe("parseOption and formatOption", () => {
  it.each(Object.entries<OptionDefinition>(sample))("return every value of %s", (name, definition) => {
    fc.assert(
      fc.property(valueOf(definition), (value) => {
        expect(parseOption(name, definition, formatOption(definition, value))).toStrictEqual(value);
      }),
    );
  });

  it("write schedules, lists and absence as a command line does", () => {
    expect(formatOption(sample.learningRate, { cosine: [0.5, 0] })).toBe("cosine:0.5,0");
    expect(formatOption(sample.learningRate, 0.5)).toBe("0.5");
    expect(formatOption(sample.hiddenWidths, [64, 32])).toBe("64,32");
    expect(formatOption(sample.hiddenWidths, [])).toBe("none");
    expect(formatOption(sample.klTarget, null)).toBe("none");
  });

  it("take a text as it is, also the word none where the option must be present", () => {
    const { path } = defineOptions({ path: { kind: "text", default: "out", meaning: "where to write" } });
    expect(parseOption("path", path, "none")).toBe("none");
    expect(parseOption("path", path, " a b ")).toBe(" a b ");
  });

  it.each<[keyof typeof sample, string, string]>([
    ["gamma", "", "a number in [0, 1]"],
    ["gamma", "0x1", "a number in [0, 1]"],
    ["gamma", "0,5", "a number in [0, 1]"],
    ["gamma", "1e400", "a number in [0, 1]"],
    ["gamma", "none", "a number in [0, 1]"],
    ["gamma", "NaN", "a number in [0, 1]"],
    ["epochs", "1_", "an integer ≥ 1"],
    ["epochs", "2.5", "an integer ≥ 1"],
    ["klTarget", "null", "a number > 0, or none"],
    ["normalizeAdvantage", "yes", "true or false"],
    ["activation", "gelu", "one of tanh, relu"],
    ["hiddenWidths", "64,", "integers ≥ 1 with commas between, or none"],
    ["learningRate", "linear:1", "a number ≥ 0, or linear:start,end or cosine:start,end of such numbers"],
    ["learningRate", "linear:1,2,3", "a number ≥ 0, or linear:start,end or cosine:start,end of such numbers"],
    ["learningRate", "-1", "a number ≥ 0, or linear:start,end or cosine:start,end of such numbers"],
    ["label", "", "a text that is not empty, or none"],
  ])("refuse %s from %j", (name, text, allowed) => {
    const flag = flagName(name);
    expect(() => parseOption(flag, sample[name], text)).toThrow(
      new OptionError(`${flag}: expected ${allowed}, got ${JSON.stringify(text)}`),
    );
  });

  it("refuse to write a value that the option does not allow", () => {
    expect(() => formatOption(sample.gamma, 2)).toThrow(new OptionError("value: expected a number in [0, 1], got 2"));
  });
});
