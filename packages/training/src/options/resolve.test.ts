import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenFor, sample, sampleDefaults, type SampleOptions } from "../../test/sample-options.js";
import { checkOption, resolveOptions, unknownNameError } from "./resolve.js";
import type { OptionsAgree, OptionsOf } from "./schema.js";

true satisfies OptionsAgree<SampleOptions, typeof sample>;
"epochs" satisfies OptionsAgree<Omit<SampleOptions, "epochs">, typeof sample>;
"gamma" satisfies OptionsAgree<Omit<SampleOptions, "gamma"> & { gamma?: string }, typeof sample>;

describe("resolveOptions", () => {
  it("checks what is given and fills in the rest", () => {
    const options: OptionsOf<typeof sample> = resolveOptions(sample, { gamma: 0.9, activation: "relu" });
    expect(options).toEqual({ ...sampleDefaults, gamma: 0.9, activation: "relu" });
    const activation: "tanh" | "relu" = options.activation;
    expect(activation).toBe("relu");
  });

  it("puts a preset between the caller's values and the defaults", () => {
    const options = resolveOptions(sample, { gamma: 0.9 }, { gamma: 0.5, epochs: 4 });
    expect(options).toEqual({ ...sampleDefaults, gamma: 0.9, epochs: 4 });
  });

  it("takes undefined as not given, so that the preset or the default stands", () => {
    const options = resolveOptions(sample, { gamma: undefined, epochs: undefined }, { epochs: 4 });
    expect(options).toEqual({ ...sampleDefaults, epochs: 4 });
  });

  it("accepts the ends of a closed range and null where absence is allowed", () => {
    const options = resolveOptions(sample, { gamma: 1, klTarget: null, hiddenWidths: [] });
    expect(options).toEqual({ ...sampleDefaults, gamma: 1, klTarget: null, hiddenWidths: [] });
  });

  it("keeps a copy of lists", () => {
    const hiddenWidths = [32, 16];
    const options = resolveOptions(sample, { hiddenWidths });
    hiddenWidths[0] = 0;
    expect(options.hiddenWidths).toEqual([32, 16]);
  });

  it("returns the same options from their JSON, −0 included", () => {
    expect(resolveOptions(sample, { gamma: -0 }).gamma).toBe(0);
    fc.assert(
      fc.property(givenFor(sample), (given) => {
        const options = resolveOptions(sample, given);
        expect(resolveOptions(sample, JSON.parse(JSON.stringify(options)) as object)).toStrictEqual(options);
        expect(options).toEqual({ ...sampleDefaults, ...given });
      }),
    );
  });

  it.each([
    [{ gamma: 1.5 }, "gamma: expected a number in [0, 1], got 1.5"],
    [{ gamma: NaN }, "gamma: expected a number in [0, 1], got NaN"],
    [{ gamma: "0.9" }, 'gamma: expected a number in [0, 1], got "0.9"'],
    [{ gamma: null }, "gamma: expected a number in [0, 1], got null"],
    [
      { learningRate: -1 },
      "learningRate: expected a number ≥ 0, or { linear: [start, end] } or { cosine: [start, end] } of such numbers, got -1",
    ],
    [{ learningRate: { linear: [1e-3, -1] } }, /^learningRate: expected .*, got an object$/u],
    [{ learningRate: { linear: [1e-3] } }, /^learningRate: expected/u],
    [{ learningRate: { linear: [1, 0], cosine: [1, 0] } }, /^learningRate: expected/u],
    [{ learningRate: { square: [1, 0] } }, /^learningRate: expected/u],
    [{ epochs: 2.5 }, "epochs: expected an integer ≥ 1, got 2.5"],
    [{ epochs: 0 }, "epochs: expected an integer ≥ 1, got 0"],
    [{ epochs: 2 ** 53 }, "epochs: expected an integer ≥ 1, got 9007199254740992"],
    [{ klTarget: 0 }, "klTarget: expected a number > 0, or null, got 0"],
    [{ normalizeAdvantage: 1 }, "normalizeAdvantage: expected true or false, got 1"],
    [{ activation: "tahn" }, 'activation: expected one of tanh, relu, got "tahn"'],
    [{ hiddenWidths: [64, 0] }, "hiddenWidths: expected an array of integers ≥ 1, got [64, 0]"],
    [{ hiddenWidths: 64 }, "hiddenWidths: expected an array of integers ≥ 1, got 64"],
    [{ label: "none" }, 'label: expected a text that is neither empty nor "none", or null, got "none"'],
    [{ label: "" }, 'label: expected a text that is neither empty nor "none", or null, got ""'],
    [{ gama: 0.9 }, '"gama": no such option; did you mean gamma?'],
    [
      { lr: 0.9 },
      '"lr": no such option; expected one of gamma, learningRate, epochs, klTarget, normalizeAdvantage, activation, hiddenWidths, label',
    ],
  ])("refuses %j", (given, message) => {
    expect(() => resolveOptions(sample, given)).toThrow(OptionError);
    expect(() => resolveOptions(sample, given)).toThrow(message);
  });

  it("refuses what is no object, and unknown names in a preset and on Object.prototype", () => {
    expect(() => resolveOptions(sample, "gamma" as unknown as object)).toThrow(
      'options: expected an object of options by name, got "gamma"',
    );
    expect(() => resolveOptions(sample, {}, [1] as object)).toThrow(
      "preset: expected an object of options by name, got [1]",
    );
    expect(() => resolveOptions(sample, {}, { gama: 1 })).toThrow("did you mean gamma?");
    expect(() => resolveOptions(sample, { toString: 1 })).toThrow('"toString": no such option');
    expect(() => resolveOptions(sample, JSON.parse('{"__proto__": 1}') as object)).toThrow(
      '"__proto__": no such option',
    );
  });
});

describe("checkOption", () => {
  const steps = { kind: "integer", default: 1, range: { least: 1 }, meaning: "steps to train", unit: "steps" } as const;

  it("returns an allowed value", () => {
    const value: number = checkOption("steps", steps, 1000);
    expect(value).toBe(1000);
  });

  it("names the argument that is not allowed", () => {
    expect(() => checkOption("steps", steps, 0)).toThrow(new OptionError("steps: expected an integer ≥ 1, got 0"));
    expect(() => checkOption("steps", steps, undefined)).toThrow("steps: expected an integer ≥ 1, got undefined");
  });

  it("excludes the ends of an open range", () => {
    const open = { kind: "number", default: 0.5, range: { above: 0, below: 1 }, meaning: "a fraction" } as const;
    expect(checkOption("fraction", open, 0.999)).toBe(0.999);
    expect(() => checkOption("fraction", open, 1)).toThrow(
      new OptionError("fraction: expected a number in (0, 1), got 1"),
    );
    expect(() => checkOption("fraction", open, 0)).toThrow(OptionError);
  });
});

describe("unknownNameError", () => {
  it("says what the names name", () => {
    const error = unknownNameError("CartPole", ["CartPole-v1", "Pendulum-v1"], "environment");
    expect(error.message).toBe('"CartPole": no such environment; did you mean CartPole-v1?');
  });
});
