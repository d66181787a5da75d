import { readFileSync } from "node:fs";
import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawGround } from "./ground.js";

interface RecordedGround {
  readonly seed: number;
  readonly corners: readonly (readonly [number, number])[];
}

const file = new URL("../../test/reference/ground.json", import.meta.url);
const { grounds } = JSON.parse(readFileSync(file, "utf8")) as { readonly grounds: readonly RecordedGround[] };

test("the pad is flat, in the middle, and of the same height in every episode", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const pad = drawGround(new Random(seed)).slice(4, 7);
      expect(pad.map(({ x }) => x)).toEqual([8, 10, 12]);
      for (const { y } of pad) expect(y).toBeCloseTo(3.3, 12);
    }),
  );
});

test.each(grounds)("the ground of seed $seed is Gymnasium's", ({ seed, corners }) => {
  const ground = drawGround(new Random(seed));
  expect(ground).toHaveLength(11);
  ground.forEach(({ x, y }, i) => {
    expect(x).toBeCloseTo(corners[i][0], 12);
    expect(y).toBeCloseTo(corners[i][1], 12);
  });
});
