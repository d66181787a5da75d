import { box } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { edgesOf } from "./edges.js";

describe("example", () => {
  test("a box with a bound on one side", () => {
    const edges = edgesOf(box({ low: [-2, 0.5], high: [2, Infinity] }));
    expect(edges.map(({ observation, place }) => [[...observation], place])).toEqual([
      [[0, 0.5], "the origin"],
      [[-1, 0.5], "every element at -1 or its lower bound"],
      [[1, 1], "every element at 1 or its upper bound"],
      [[-2, 0.5], "every element at -100 or its lower bound"],
      [[2, 100], "every element at 100 or its upper bound"],
      [[2, 1e4], "every element at 10000 or its upper bound"],
      [[2, 1e6], "every element at 1000000 or its upper bound"],
      [[2, 0.5], "element 0 at its highest"],
      [[0, 1e6], "element 1 at its highest"],
    ]);
  });
});

describe("laws", () => {
  const bounds = fc.array(
    fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.float({ noNaN: true, noDefaultInfinity: true })).map((pair) => pair.sort((a, b) => a - b)),
    { minLength: 1, maxLength: 5 },
  );

  test("edges are distinct points of the box, and reach every bound up to a million", () => {
    fc.assert(
      fc.property(bounds, (pairs) => {
        const space = box({ low: pairs.map(([low]) => low), high: pairs.map(([, high]) => high) });
        const edges = edgesOf(space).map(({ observation }) => observation);
        expect(edges.every((edge) => space.contains(edge))).toBe(true);
        expect(new Set(edges.map((edge) => edge.join())).size).toBe(edges.length);
        pairs.forEach(([low, high], i) => {
          const reached = edges.map((edge) => edge[i]);
          if (Math.abs(low) <= 1e6) expect(reached).toContain(low);
          if (Math.abs(high) <= 1e6) expect(reached).toContain(high);
        });
      }),
    );
  });
});
