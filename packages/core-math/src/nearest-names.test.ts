import fc from "fast-check";
import { expect, test } from "vitest";
import { OptionError } from "./errors.js";
import { nearestNames } from "./nearest-names.js";

const options = ["learningRate", "gamma", "lambda", "clipRange", "entropyWeight"];
const environments = ["MountainCarContinuous-v0", "MountainCar-v0", "CartPole-v1"];

test.each([
  ["learnigRate", "learningRate"],
  ["learning-rate", "learningRate"],
  ["--LEARNING_RATE", "learningRate"],
  ["lamdba", "lambda"],
  ["gama", "gamma"],
  ["clip", "clipRange"],
  ["entropy", "entropyWeight"],
])("%s meant %s", (given, meant) => {
  expect(nearestNames(given, options)).toEqual([meant]);
});

test("the nearest name comes first, whatever its place in the list", () => {
  expect(nearestNames("mountaincar", environments)).toEqual(["MountainCar-v0", "MountainCarContinuous-v0"]);
  expect(nearestNames("MontainCarContinous", environments)).toEqual(["MountainCarContinuous-v0"]);
  expect(nearestNames("clip", ["clipRange", "clips", "clip"])).toEqual(["clip", "clips", "clipRange"]);
  expect(nearestNames("gamna", ["gamba", "gamma"])).toEqual(["gamba", "gamma"]);
});

test("a version may be missing or wrong, but the right one is nearer", () => {
  expect(nearestNames("cratpol", environments)).toEqual(["CartPole-v1"]);
  expect(nearestNames("Ant-v12", ["Ant-v4", "Ant-v2", "Ant-v5"])).toEqual(["Ant-v2", "Ant-v4", "Ant-v5"]);
  expect(nearestNames("ant-v5", ["Ant-v4", "Ant-v5"])).toEqual(["Ant-v5", "Ant-v4"]);
});

test.each(["", "x", "Go", "seed", "environment", "Humanoid-v5", "-v1"])("nothing is near %j", (given) => {
  expect(nearestNames(given, [...options, ...environments])).toEqual([]);
  expect(nearestNames(given, [])).toEqual([]);
});

test("a text of any length is looked at in no time", () => {
  expect(nearestNames("x".repeat(1e6), environments)).toEqual([]);
  expect(nearestNames("x".repeat(1e6), ["x".repeat(100)])).toHaveLength(1);
});

test("one slip in a name of three letters or more is forgiven", () => {
  const slip = fc.constantFrom("delete", "insert", "replace", "swap");
  const word = fc.stringMatching(/^[a-z]{3,12}$/u);
  fc.assert(
    fc.property(word, slip, fc.nat(), (name, kind, where) => {
      expect(nearestNames(slipped(name, kind, where % name.length), [name])).toEqual([name]);
    }),
  );
});

test("a name finds itself first, in any case and without its dashes", () => {
  const words = fc.uniqueArray(fc.stringMatching(/^[a-e]{1,5}(-v\d)?$/u), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.nat(), (names, pick) => {
      const name = names[pick % names.length];
      for (const given of [name, name.toUpperCase(), name.replace("-", "_")]) {
        expect(nearestNames(given, names)[0]).toBe(name);
      }
    }),
  );
});

test("what is no string is refused", () => {
  expect(() => nearestNames(3 as unknown as string, options)).toThrow(
    new OptionError("given: expected a string, got 3"),
  );
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
