import { bench, describe } from "vitest";
import { built } from "./built.js";

// One round is 1,000 draws: a round's microseconds are a draw's nanoseconds.
const random = new built.Random(1);
const out = new Float32Array(1000);
let sink = 0;

describe("1,000 draws", () => {
  bench("random", () => {
    for (let i = 0; i < 1000; i++) sink += random.random();
  });
  bench("integer", () => {
    for (let i = 0; i < 1000; i++) sink += random.integer(6);
  });
  bench("standardNormal", () => {
    for (let i = 0; i < 1000; i++) sink += random.standardNormal();
  });
  bench("fillRandom", () => random.fillRandom(out));
  bench("fillStandardNormal", () => random.fillStandardNormal(out));
  bench("permutation", () => void random.permutation(1000));
});

describe("streams", () => {
  bench("new Random", () => void new built.Random(1));
  bench("split", () => void random.split("policy"));
});
