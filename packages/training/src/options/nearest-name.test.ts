import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestName } from "./nearest-name.js";

const names = ["learningRate", "gamma", "lambda", "clipRange", "entropyWeight"];

describe("nearestName", () => {
  it.each([
    ["learnigRate", "learningRate"],
    ["learning-rate", "learningRate"],
    ["--LEARNING_RATE", "learningRate"],
    ["lamdba", "lambda"],
    ["gama", "gamma"],
    ["clip", "clipRange"],
    ["entropy", "entropyWeight"],
  ])("finds what %s meant", (given, meant) => {
    expect(nearestName(given, names)).toBe(meant);
  });

  it.each(["", "x", "seed", "environment"])("finds nothing near %j", (given) => {
    expect(nearestName(given, names)).toBeUndefined();
    expect(nearestName(given, [])).toBeUndefined();
  });

  it("forgives one slip in any name of three letters or more", () => {
    const slip = fc.constantFrom("delete", "insert", "replace", "swap");
    const word = fc.stringMatching(/^[a-z]{3,12}$/u);
    fc.assert(
      fc.property(word, slip, fc.nat(), (name, kind, where) => {
        expect(nearestName(slipped(name, kind, where % name.length), [name])).toBe(name);
      }),
    );
  });

  it("prefers the name itself to any other", () => {
    expect(nearestName("clip", ["clipRange", "clips", "clip"])).toBe("clip");
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/u), { minLength: 1 }), fc.nat(), (words, pick) => {
        const name = words[pick % words.length];
        expect(nearestName(name, words)).toBe(name);
      }),
    );
  });
});

function slipped(name: string, kind: string, at: number): string {
  const [before, letter, after] = [name.slice(0, at), name[at], name.slice(at + 1)];
  switch (kind) {
    case "delete":
      return before + after;
    case "insert":
      return `${before}q${letter}${after}`;
    case "replace":
      return `${before}q${after}`;
    default:
      return after === "" ? name : before + after[0] + letter + after.slice(1);
  }
}
