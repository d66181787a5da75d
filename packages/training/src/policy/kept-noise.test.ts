import { Random } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import { expect, test } from "vitest";
import { KeptNoise } from "./kept-noise.js";

const random = new Random(1);
const draw = (values: Float32Array) => fillNoise("normal", random, values);
const take = (noise: KeptNoise, count: number, length = 1) =>
  Array.from({ length: count }, () => noise.next(random, length, draw)[0]);

test.each([1, 2, 3])("a draw is kept for %i steps", (steps) => {
  const drawn = take(new KeptNoise(steps), 7);
  drawn.forEach((value, i) => expect(value === drawn[i - 1]).toBe(i % steps !== 0));
});

test("another stream, another length and a renewal draw again", () => {
  const noise = new KeptNoise(100);
  const [first, second] = take(noise, 2);
  expect(second).toBe(first);
  noise.renew();
  const [third] = take(noise, 1);
  expect(third).not.toBe(first);
  expect(take(noise, 1, 2)[0]).not.toBe(third);
  const before = take(noise, 1, 2)[0];
  const other = new Random(1);
  expect(noise.next(other, 2, (values) => fillNoise("normal", other, values))[0]).not.toBe(before);
});
