import { OptionError } from "@uphill/core-math";
import { describe, expect, it } from "vitest";
import { defineOptions } from "./define.js";
import type { OptionDefinition } from "./schema.js";

const gamma: OptionDefinition = { kind: "number", default: 0.99, range: { most: 1 }, meaning: "discount" };

describe("defineOptions", () => {
  it("returns the schema itself", () => {
    const schema = { gamma };
    expect(defineOptions(schema)).toBe(schema);
  });

  it.each<[string, Record<string, OptionDefinition>, string]>([
    ["a name with a dash", { "learning-rate": gamma }, 'schema: expected names in camelCase, got "learning-rate"'],
    ["no meaning", { gamma: { ...gamma, meaning: " " } }, 'gamma.meaning: expected a phrase, got " "'],
    ["a default out of range", { gamma: { ...gamma, default: 2 } }, "gamma.default: expected a number ≤ 1, got 2"],
    [
      "a default that is absent where absence is not allowed",
      { gamma: { ...gamma, default: null } },
      "gamma.default: expected a number ≤ 1, got null",
    ],
    [
      "the choice none",
      { by: { kind: "choice", default: "a", choices: ["a", "none"], meaning: "how" } },
      'by.choices: expected distinct words other than none, got ["a", "none"]',
    ],
    [
      "the same choice twice",
      { by: { kind: "choice", default: "a", choices: ["a", "a"], meaning: "how" } },
      'by.choices: expected distinct words other than none, got ["a", "a"]',
    ],
    [
      "no choices",
      { by: { kind: "choice", default: "a", choices: [], meaning: "how" } },
      "by.choices: expected distinct words other than none, got []",
    ],
  ])("refuses %s", (_, schema, message) => {
    expect(() => defineOptions(schema)).toThrow(new OptionError(message));
  });
});
