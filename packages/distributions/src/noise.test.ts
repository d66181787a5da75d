import { OptionError, Random } from "@uphill/core-math";
import { expect, test } from "vitest";
import { expectMean } from "../test/harness.js";
import { fillNoise } from "./noise.js";

test("example: the stream's own numbers, in order", () => {
  const [out, random] = [new Float64Array(2), new Random(1)];
  fillNoise("uniform", new Random(1), out);
  expect([...out]).toEqual([random.random(), random.random()]);
});

test("uniform noise has mean ½ and square ⅓, normal noise 0 and 1", () => {
  for (const [kind, mean, square] of [["uniform", 1 / 2, 1 / 3], ["normal", 0, 1]] as const) {
    const out = new Float32Array(20_000);
    fillNoise(kind, new Random(2), out);
    expectMean([...out], mean);
    expectMean(Array.from(out, (x) => x * x), square);
  }
});

test("an unknown kind is refused", () => {
  expect(() => fillNoise("cauchy" as never, new Random(1), new Float64Array(1))).toThrow(OptionError);
});
