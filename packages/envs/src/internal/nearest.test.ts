import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestNames } from "./nearest.js";

const names = ["MountainCarContinuous-v0", "MountainCar-v0", "CartPole-v1"];

test("the nearest name comes first", () => {
  expect(nearestNames("mountaincar", names)).toEqual(["MountainCar-v0", "MountainCarContinuous-v0"]);
  expect(nearestNames("MontainCarContinous", names)).toEqual(["MountainCarContinuous-v0"]);
});

test("a name finds itself first, in any case and without its dashes and version", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), (name) => {
      for (const typed of [
        name,
        name.toLowerCase(),
        name.toUpperCase(),
        name.replace(/-v\d$/u, ""),
        name.replace("-", ""),
      ]) {
        expect(nearestNames(typed, names)[0]).toBe(name);
      }
    }),
  );
});

test("what resembles nothing finds nothing, however long", () => {
  for (const typed of ["", "Go", "Humanoid-v5", "x".repeat(1e6)]) expect(nearestNames(typed, names)).toEqual([]);
});
