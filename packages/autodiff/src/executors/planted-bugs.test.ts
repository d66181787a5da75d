import { describe, expect, test } from "vitest";
import { searchWith, withBug } from "../../test/planted-bugs/mutated-sources.js";
import { plantedBugs } from "../../test/planted-bugs/planted-bugs.js";

/** As many as the comparison of executors tries. */
const PROGRAMS = 300;

describe("the random programs, a test of the tests", () => {
  test("find nothing in the sources as they are", async () => {
    expect(await searchWith(undefined, PROGRAMS)).toBeUndefined();
  });

  test.each(plantedBugs)("find it where $name", async (bug) => {
    expect(await searchWith(bug, PROGRAMS)).toMatch(/^program \d+: /u);
  });

  test("plant only what the sources have, and each bug once", () => {
    const gone = { name: "a bug of old", file: "simplify.ts", find: "no such line", replace: "" };
    expect(() => withBug(gone)).toThrow(/planted bug "a bug of old": expected its text once in simplify.ts, got it 0 times/u);
    expect(() => withBug({ ...gone, find: "Tensor" })).toThrow(/got it \d\d+ times/u);
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    expect(plantedBugs.length).toBeGreaterThanOrEqual(20);
  });
});
